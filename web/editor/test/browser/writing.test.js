import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { editorPage } from './page.js';

const own = editorPage();
const { start, text, focusEnd, command, run, paste, settled, noProblems } = own;

describe('replacing', () => {
  for (const mode of ['rich', 'source']) {
    it(`one after the other, or all in one step (${mode})`, async () => {
      await start({ markdown: '社群和**社群**\n\n- 社群', mode });
      await run('focus', 'start');
      assert.deepEqual(await run('find', '社群'), { count: 3, current: 1 });
      assert.equal(await run('replace', '社区'), 1);
      assert.equal(await text(), '社区和**社群**\n\n- 社群');
      assert.deepEqual((await run('state')).find, { count: 2, current: 1 });
      assert.equal(await run('replace', '', true), 2);
      assert.match(await text(), /^社区和(\*\*\*\*)?\n\n- ?$/);
      await command('undo');
      assert.equal(await text(), '社区和**社群**\n\n- 社群');
      await command('undo');
      assert.equal(await text(), '社群和**社群**\n\n- 社群');
      await run('find', '');
      assert.equal((await run('state')).find, null);
    });

    it(`heeds letter case and whole words when asked (${mode})`, async () => {
      await start({ markdown: 'Stoa stoa stoas 用stoa写', mode });
      assert.equal((await run('find', 'stoa')).count, 4);
      assert.equal((await run('find', 'stoa', { matchCase: true })).count, 3);
      assert.equal((await run('find', 'stoa', { wholeWord: true })).count, 3);
      assert.equal((await run('find', 'stoa', { matchCase: true, wholeWord: true })).count, 2);
      assert.equal(await run('replace', 'x', true), 2);
      assert.equal(await text(), 'Stoa x stoas 用x写');
    });
  }

  it('keeps marks, and counts on while one writes', async () => {
    await start({ markdown: '这是**重点**' });
    await focusEnd();
    await run('find', '重点');
    await run('replace', '要点');
    assert.equal(await text(), '这是**要点**');
    await focusEnd();
    await own.page.keyboard.type('，重点');
    assert.equal((await run('state')).find.count, 1);
    await own.page.keyboard.press('Backspace');
    assert.equal((await run('state')).find.count, 0);
  });
});

describe('what was looked for', () => {
  it('is looked for in the other surface, too', async () => {
    await start({ markdown: '社群和**社群**' });
    await run('find', '社群');
    await run('setMode', 'source');
    assert.equal((await run('state')).find.count, 2);
    await run('setMode', 'rich');
    assert.equal(await own.page.locator('.editor-match').count(), 2);
  });
});

describe('mentions', () => {
  const offering = () =>
    own.page.evaluate(() => {
      window.asked = [];
      const posts = [
        { label: '会员定价', href: 'stoa:post/01J', note: '草稿' },
        { label: '答疑', href: 'stoa:post/02K', note: '' },
      ];
      window.start({
        mentions: async (query) => {
          window.asked.push(query);
          return posts.filter((post) => post.label.includes(query) || query === 'hydj');
        },
      });
    });
  const options = () => own.page.locator('.editor-menu:not([hidden]) [role=option] .editor-menu-label').allTextContents();

  for (const sign of ['@', '＠']) {
    it(`${sign} offers what the host knows, and the chosen one becomes a link`, async () => {
      await offering();
      await focusEnd();
      await own.page.keyboard.type(`见${sign}`);
      await own.page.waitForSelector('.editor-menu:not([hidden])');
      assert.deepEqual(await options(), ['会员定价', '答疑']);
      assert.equal(await own.page.getByRole('listbox', { name: '提及' }).count(), 1);
      await own.page.keyboard.type('答');
      await own.page.waitForFunction(() => document.querySelectorAll('.editor-menu [role=option]').length === 1);
      await own.page.keyboard.press('Enter');
      await own.page.keyboard.type('。');
      assert.equal(await text(), '见[答疑](stoa:post/02K)。');
      await noProblems();
    });
  }

  it('groups have their names, and what is put in may be more than what is offered', async () => {
    await own.page.evaluate(() =>
      window.start({
        mentions: () => [
          { label: '会员定价', href: 'stoa:post/01J', group: '内容' },
          { label: '答疑', href: 'stoa:post/02K', group: '内容' },
          { label: '李', text: '@李', href: 'stoa:member/03L', group: '成员' },
        ],
      }),
    );
    await focusEnd();
    await own.page.keyboard.type('@');
    await own.page.waitForSelector('.editor-menu:not([hidden])');
    assert.equal(await own.page.getByRole('group', { name: '内容' }).getByRole('option').count(), 2);
    assert.equal(await own.page.getByRole('group', { name: '成员' }).getByRole('option').count(), 1);
    await own.page.keyboard.press('ArrowUp');
    const active = await own.page.locator('.editor-rich').getAttribute('aria-activedescendant');
    assert.equal(await own.page.locator(`#${active}`).textContent(), '李');
    await own.page.keyboard.press('Enter');
    assert.equal(await text(), '[@李](stoa:member/03L)');
    await noProblems();
  });

  it('the command begins one', async () => {
    await offering();
    await focusEnd();
    assert.equal(await command('mention'), true);
    await own.page.waitForSelector('.editor-menu:not([hidden])');
    assert.deepEqual(await options(), ['会员定价', '答疑']);
  });

  it('an address of mail asks nobody', async () => {
    await offering();
    await focusEnd();
    await own.page.keyboard.type('a@b.c ');
    assert.deepEqual(await own.page.evaluate(() => window.asked), []);
  });

  it('without anything to offer the sign is a sign', async () => {
    await start({});
    await focusEnd();
    await own.page.keyboard.type('@x\n');
    assert.equal(await text(), '@x');
  });
});

describe('the menu of blocks', () => {
  const offering = (items) =>
    own.page.evaluate((given) => {
      window.asked = [];
      window.start({
        markdown: '字',
        texts: { items: given },
        onAsk: (id) => window.asked.push(id),
        mentions: () => [{ label: '答疑', href: 'stoa:post/02K' }],
      });
    }, items);

  it('leaves to the host what it has to ask for, with the sign taken away', async () => {
    await offering([{ id: 'image', label: '图片', asks: true }]);
    await focusEnd();
    await own.page.keyboard.type('\n/');
    await own.page.keyboard.press('Enter');
    assert.deepEqual(await own.page.evaluate(() => window.asked), ['image']);
    assert.equal((await text()).trim(), '字');
  });

  it('goes on to the mentions', async () => {
    await offering([{ id: 'mention', label: '提及' }]);
    await focusEnd();
    await own.page.keyboard.type('\n/');
    await own.page.keyboard.press('Enter');
    await own.page.getByRole('option', { name: '答疑' }).waitFor();
    await own.page.keyboard.press('Enter');
    assert.equal(await text(), '字\n\n[答疑](stoa:post/02K)');
  });

  it('an address becomes a card on a line of its own', async () => {
    await start({ markdown: '字' });
    await focusEnd();
    assert.equal(await command('embed', 'www.example.com/a'), true);
    assert.equal(await text(), '字\n\n<https://www.example.com/a>');
    assert.equal(await own.page.locator('.editor-embed').count(), 1);
    for (const other of ['a@b.example', 'javascript:1', 'https://x', '', null]) assert.equal(await command('embed', other), false, other);
  });
});

describe('ways to write', () => {
  it('typewriter keeps the line with the caret in the middle', async () => {
    await start({ markdown: Array.from({ length: 60 }, (_, i) => `第 ${i} 段`).join('\n\n') });
    await run('setWriting', { typewriter: true, focus: false });
    for (const where of ['end', 'start']) {
      await run('focus', where);
      await own.page.keyboard.type('字');
      await settled();
      const [y, height] = await own.page.evaluate(() => {
        const { top, bottom } = getSelection().getRangeAt(0).getBoundingClientRect();
        return [(top + bottom) / 2, innerHeight];
      });
      assert.ok(Math.abs(y - height / 2) < 40, `${where}: ${y} of ${height}`);
    }
  });

  it('focus dims all but the paragraph with the caret', async () => {
    await start({ markdown: '一\n\n- 二\n- 三\n\n四' });
    await run('setWriting', { typewriter: false, focus: true });
    await run('reveal', 9);
    const colours = () => own.page.locator('.editor-rich p').evaluateAll((found) => found.map((p) => getComputedStyle(p).color));
    const [first, second, third, fourth] = await colours();
    assert.notEqual(first, third);
    assert.deepEqual([first, second, fourth], [first, first, first]);
    await run('setWriting', { typewriter: false, focus: false });
    assert.equal(new Set(await colours()).size, 1);
  });
});

describe('counting', () => {
  it('tells Han apart and counts what is selected', async () => {
    await start({ markdown: '知识 two words\n\n- 付费' });
    let state = await run('state');
    assert.deepEqual([state.words, state.han, state.selected], [6, 4, 0]);
    await focusEnd();
    await own.page.keyboard.press('Control+a');
    state = await run('state');
    assert.equal(state.selected, 6);
    await run('setMode', 'source');
    await own.page.evaluate(() => document.querySelector('textarea').setSelectionRange(0, 6));
    assert.equal((await run('state')).selected, 3);
  });
});

describe('plain pasting', () => {
  it('brings the letters and nothing else', async () => {
    await start({ markdown: '' });
    await focusEnd();
    assert.equal(await command('paste-plain', '# 题\n**粗**'), true);
    assert.equal(await text(), '\\# 题\n\n\\*\\*粗\\*\\*');
    await start({ markdown: '', mode: 'source' });
  });

  it('an address becomes a link, also of the words it is pasted over', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await paste({ 'text/plain': 'https://example.com/a_b' });
    assert.equal(await text(), '<https://example.com/a_b>');
    await own.page.evaluate(() => window.editor.destroy(window.h));
    await start({ markdown: '这里' });
    await focusEnd();
    await own.page.keyboard.press('Shift+Home');
    await settled();
    await paste({ 'text/plain': 'https://example.com/a_b' });
    assert.equal(await text(), '[这里](https://example.com/a_b)');
  });
});
