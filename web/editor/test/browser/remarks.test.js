import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { editorPage } from './page.js';

const own = editorPage();
const { start, run, settled, noProblems, focusEnd, text } = own;

const marked = () => own.page.locator('.editor-remark').allTextContents();

describe('remarks in the margin', () => {
  it('mark their passage, move with it and tell of a click', async () => {
    await start({ markdown: '先说**价格**，再说权益。' });
    await run('remark', [{ id: 'a', from: 4, to: 6, isCurrent: false }]);
    assert.deepEqual(await marked(), ['价格']);
    await run('focus', 'start');
    await own.page.keyboard.type('前言。');
    assert.deepEqual(await marked(), ['价格']);
    await own.page.locator('.editor-remark').click();
    await settled();
    assert.deepEqual((await own.log()).remarks, ['a']);
    assert.equal(await run('revealRemark', 'a'), true);
    assert.equal(await run('selected'), '价格');
    assert.equal(await run('revealRemark', 'b'), false);
    await run('remark', []);
    assert.deepEqual(await marked(), []);
    await noProblems();
  });

  it('hold on to a selection while others write, in both surfaces', async () => {
    for (const mode of ['rich', 'source']) {
      await own.page.reload();
      await own.page.waitForFunction(() => window.ready);
      await start({ markdown: '先说价格。', mode });
      assert.equal(await run('hold'), null);
      await focusEnd();
      await own.page.keyboard.press('ArrowLeft');
      await own.page.keyboard.press('Shift+ArrowLeft');
      await own.page.keyboard.press('Shift+ArrowLeft');
      await settled();
      const held = await run('hold');
      assert.equal(held.text, '价格');
      assert.equal(await run('patch', [{ at: 0, delete: 0, insert: '前言。' }]), true);
      assert.equal(await text(), '前言。先说价格。');
      assert.deepEqual(await run('passage', held.from, held.to), { from: 5, to: 7 });
      assert.equal(await run('passage', held.from, held.from), null);
    }
    await noProblems();
  });

  it('stay marked after a look at the source', async () => {
    await start({ markdown: '先说价格。' });
    await run('remark', [{ id: 'a', from: 2, to: 4, isCurrent: true }]);
    assert.equal(await own.page.locator('.editor-remark-current').count(), 1);
    await run('setMode', 'source');
    assert.equal(await run('revealRemark', 'a'), true);
    assert.equal(await run('selected'), '价格');
    await run('setMode', 'rich');
    assert.deepEqual(await marked(), ['价格']);
    await noProblems();
  });
});
