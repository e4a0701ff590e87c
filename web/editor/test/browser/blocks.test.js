import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { editorPage } from './page.js';

const own = editorPage();
const { start, text, focusEnd, command, run, settled, noProblems } = own;
const place = () => own.page.evaluate(() => document.activeElement?.name || document.activeElement?.className);

describe('callouts', () => {
  it('show their kind, and another one can be chosen', async () => {
    await start({ markdown: '> [!NOTE]\n> 一\n>\n> 二' });
    const box = own.page.getByRole('note', { name: '备注' });
    assert.equal(await box.locator('p').count(), 2);
    await own.page.getByLabel('提示框类型').selectOption('warning');
    assert.equal(await text(), '> [!WARNING]\n> 一\n>\n> 二');
    await own.page.keyboard.press('Control+z');
    assert.equal(await text(), '> [!NOTE]\n> 一\n>\n> 二');
    await noProblems();
  });

  it('are made of what the caret is in, change their kind and go again', async () => {
    await start({ markdown: '一\n\n二' });
    await focusEnd();
    await command('callout-tip');
    assert.equal(await text(), '一\n\n> [!TIP]\n> 二');
    assert.deepEqual((await run('state')).active, ['callout', 'callout-tip']);
    await command('callout-caution');
    assert.equal(await text(), '一\n\n> [!CAUTION]\n> 二');
    await command('callout');
    assert.equal(await text(), '一\n\n二');
  });

  it('are left with Enter on an empty line', async () => {
    await start({ markdown: '> [!NOTE]\n> 一' });
    await focusEnd();
    await own.page.keyboard.type('\n\n外');
    assert.equal(await text(), '> [!NOTE]\n> 一\n\n外');
  });

  it('are made and changed in the source', async () => {
    await start({ markdown: '一\n\n二', mode: 'source' });
    await focusEnd();
    await command('callout-tip');
    assert.equal(await text(), '一\n\n> [!TIP]\n> 二');
    await command('callout-warning');
    assert.equal(await text(), '一\n\n> [!WARNING]\n> 二');
    await command('undo');
    await command('undo');
    assert.equal(await text(), '一\n\n二');
  });
});

describe('footnotes', () => {
  it('are shown as notes, edited in place, and lead there and back', async () => {
    await start({ markdown: '文[^a]后\n\n[^a]: 注' });
    assert.equal(await own.page.locator('[role=doc-noteref]').getAttribute('aria-label'), '脚注 a');
    await own.page.locator('.editor-note-ref').click();
    await own.page.keyboard.type('释');
    assert.equal(await text(), '文[^a]后\n\n[^a]: 注释');
    await own.page.getByRole('button', { name: '回到正文' }).click();
    await own.page.keyboard.press('Enter');
    await own.page.keyboard.type('。');
    assert.equal(await text(), '文[^a]后\n\n[^a]: 注释。');
    await command('footnote');
    await own.page.keyboard.press('ArrowRight');
    await own.page.keyboard.type('来');
    assert.equal(await text(), '文[^a]来后\n\n[^a]: 注释。');
    await noProblems();
  });

  it('hold paragraphs, lists and code', async () => {
    await start({ markdown: '文[^1]\n\n[^1]: 一\n\n    - 二\n\n    ```\n    三\n\n    四\n    ```' });
    assert.equal(await own.page.locator('.editor-footnote li').count(), 1);
    assert.equal(await own.page.locator('.editor-footnote pre').textContent(), '三\n\n四');
    await own.page.locator('.editor-footnote p').first().click();
    await own.page.keyboard.press('End');
    await own.page.keyboard.type('！');
    assert.equal(await text(), '文[^1]\n\n[^1]: 一！\n\n    - 二\n\n    ```\n    三\n\n    四\n    ```');
  });

  it('are left with Enter on an empty line, and go with Backspace when they are empty', async () => {
    await start({ markdown: '文后' });
    await run('reveal', 1);
    await command('footnote');
    await own.page.keyboard.type('注\n\n');
    await own.page.keyboard.press('ArrowRight');
    await own.page.keyboard.type('里');
    assert.equal(await text(), '文[^1]里后\n\n[^1]: 注');
    await command('footnote');
    await own.page.keyboard.press('Backspace');
    assert.equal(await text(), '文[^1]里[^2]后\n\n[^1]: 注');
    await own.page.keyboard.press('Backspace');
    assert.equal(await text(), '文[^1]里后\n\n[^1]: 注');
    await noProblems();
  });

  it('are numbered on in the source, too', async () => {
    await start({ markdown: '文[^1]\n\n[^1]: 注', mode: 'source' });
    await run('reveal', 1);
    await command('footnote');
    await own.page.keyboard.type('新注');
    assert.equal(await text(), '文[^2][^1]\n\n[^1]: 注\n\n[^2]: 新注');
  });
});

describe('addresses alone in their paragraph', () => {
  it('are cards with host and path, written as they were', async () => {
    const fetched = [];
    own.page.on('request', (request) => fetched.push(request.url()));
    const markdown = 'https://example.com/a/%E4%B8%80?x=1\n\n<https://example.org/>\n\n[题](https://example.net/b)\n\n看 https://example.com/c';
    await start({ markdown });
    const cards = own.page.locator('.editor-embed');
    assert.equal(await cards.count(), 3);
    assert.equal(await cards.first().getAttribute('data-place'), 'example.com/a/一');
    assert.equal(await cards.first().getAttribute('aria-label'), '链接卡片');
    assert.deepEqual(fetched, []);
    assert.equal(await text(), markdown);
    await cards.first().click({ modifiers: ['Control'] });
    assert.deepEqual(await own.page.evaluate(() => window.log.links), ['https://example.com/a/%E4%B8%80?x=1']);
  });

  it('stay cards while the blocks beside them change', async () => {
    await start({ markdown: '上\n\nhttps://example.com/a\n\n下' });
    await run('focus', 'start');
    await own.page.keyboard.type('字');
    await focusEnd();
    await own.page.keyboard.type('字');
    assert.equal(await own.page.locator('.editor-embed').count(), 1);
  });

  it('are lines of text while they are typed', async () => {
    await start({ markdown: '上' });
    await focusEnd();
    await own.page.keyboard.type('\nhttps://example.com/a');
    assert.equal(await own.page.locator('.editor-embed').count(), 0);
    await own.page.keyboard.type('\n');
    assert.equal(await own.page.locator('.editor-embed').count(), 1);
  });
});

describe('images, sounds and films', () => {
  it('have their caption and description edited by keyboard', async () => {
    await start({ markdown: '上\n\n![图](https://a.example/b.png)\n\n下' });
    await focusEnd();
    await own.page.keyboard.press('ArrowUp');
    await settled();
    await own.page.keyboard.press('Enter');
    assert.equal(await place(), 'title');
    await own.page.keyboard.type('一句图注');
    await own.page.keyboard.press('Enter');
    assert.equal(await place(), 'alt');
    await own.page.keyboard.type('新');
    await own.page.keyboard.press('Enter');
    assert.match(await place(), /editor-rich/);
    assert.equal(await text(), '上\n\n![图新](https://a.example/b.png "一句图注")\n\n下');
    await own.page.keyboard.press('Enter');
    await own.page.keyboard.type('错');
    await own.page.keyboard.press('Escape');
    assert.equal(await text(), '上\n\n![图新](https://a.example/b.png "一句图注")\n\n下');
    await noProblems();
  });

  it('are cards with a name until the host says where they are', async () => {
    await start({ markdown: '![访谈](https://a.example/%E8%AE%BF.mp3)\n\n![](https://a.example/b.mp4)\n\n![录音.m4a](attachment:x)' });
    const cards = own.page.locator('.editor-image-card');
    assert.deepEqual(
      await cards.evaluateAll((found) => found.map((card) => card.getAttribute('aria-label'))),
      ['音频, 访谈, a.example', '视频, b.mp4, a.example', '音频, 录音.m4a']
    );
    await own.page.evaluate(() => {
      window.editor.destroy(window.h);
      window.start({ markdown: '![a.mp3](attachment:x)\n\n![b.webm](attachment:y)', imageSource: () => '/favicon.ico' });
    });
    const player = own.page.locator('audio.editor-player');
    assert.equal(await player.getAttribute('preload'), 'metadata');
    assert.equal(await player.getAttribute('aria-label'), 'a.mp3');
    assert.equal(await own.page.locator('video[controls]').count(), 1);
  });
});

describe('moving blocks', () => {
  it('goes by keys, with the caret, and is taken back in one step each', async () => {
    await start({ markdown: '一\n\n## 二\n\n三' });
    await focusEnd();
    await own.page.keyboard.press('Control+Shift+ArrowUp');
    await own.page.keyboard.press('Control+Shift+ArrowUp');
    await own.page.keyboard.press('Control+Shift+ArrowUp');
    await own.page.keyboard.type('。');
    assert.equal(await text(), '三。\n\n一\n\n## 二');
    for (const expected of ['三\n\n一\n\n## 二', '一\n\n三\n\n## 二', '一\n\n## 二\n\n三']) {
      await own.page.keyboard.press('Control+z');
      assert.equal(await text(), expected);
    }
  });

  it('moves an item within its list', async () => {
    await start({ markdown: '上\n\n- 一\n- 二\n  - 丙' });
    await run('reveal', 4);
    await own.page.keyboard.press('Control+Shift+ArrowDown');
    assert.equal(await text(), '上\n\n- 二\n  - 丙\n- 一');
  });

  it('works in the source', async () => {
    await start({ markdown: '一\n\n```\na\n\nb\n```\n\n三\n', mode: 'source' });
    await run('reveal', 0);
    await own.page.evaluate(() => document.querySelector('textarea').focus());
    await own.page.keyboard.press('Control+Shift+ArrowDown');
    assert.equal(await text(), '```\na\n\nb\n```\n\n一\n\n三\n');
    await own.page.keyboard.type('x');
    assert.equal(await text(), '```\na\n\nb\n```\n\nx一\n\n三\n');
  });

  it('goes by dragging the handle beside a block', async () => {
    await start({ markdown: '一段\n\n二段\n\n三段' });
    const third = await own.page.locator('.editor-rich p').nth(2).boundingBox();
    await own.page.mouse.move(third.x + 20, third.y + third.height / 2);
    const handle = await own.page.locator('.editor-handle').boundingBox();
    const first = await own.page.locator('.editor-rich p').first().boundingBox();
    await own.page.mouse.move(handle.x + 5, handle.y + 8);
    await own.page.mouse.down();
    await own.page.mouse.move(first.x + 30, first.y + 40, { steps: 4 });
    await own.page.mouse.move(first.x + 30, first.y + 2, { steps: 4 });
    await own.page.mouse.up();
    assert.equal(await text(), '三段\n\n一段\n\n二段');
    await noProblems();
  });
});
