import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { editorPage } from './page.js';

const own = editorPage();
const { start, text, focusEnd, run, settled, noProblems, log, compose, paste } = own;

describe('the insert menu', () => {
  const options = () => own.page.locator('.editor-menu:not([hidden]) [role=option]').allTextContents();

  it('opens on a slash and takes the chosen line', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await own.page.keyboard.type('/');
    assert.equal((await options()).length, 5);
    await own.page.keyboard.press('ArrowDown');
    const [active, controls] = await own.page.evaluate(() => {
      const field = document.querySelector('.editor-rich');
      return [document.getElementById(field.getAttribute('aria-activedescendant'))?.textContent, field.getAttribute('aria-controls')];
    });
    assert.equal(active, '二级标题');
    assert.match(controls, /^editor-menu-/);
    assert.equal(await own.page.locator('.editor-menu').getAttribute('lang'), 'zh-CN');
    await own.page.keyboard.press('Enter');
    await own.page.keyboard.type('节');
    assert.equal(await text(), '## 节');
    assert.deepEqual(await options(), []);
    await noProblems();
  });

  it('opens on the Chinese comma and filters by pinyin initials', async () => {
    await start({ markdown: '前文 ' });
    await focusEnd();
    await own.page.keyboard.type(' 、fffj');
    assert.deepEqual(await options(), ['付费分界']);
    await own.page.keyboard.press('Enter');
    await own.page.keyboard.type('后文');
    assert.equal(await text(), '前文\n\n<!-- paywall -->\n\n后文');
  });

  it('filters by what was composed', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await own.page.keyboard.type('/');
    await compose(['yin', 'yinyong'], '引用');
    await own.page.waitForTimeout(50);
    assert.deepEqual(await options(), ['引用']);
  });

  it('does not open within a word or a date', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await own.page.keyboard.type('2026/11、苹果/');
    assert.deepEqual(await options(), []);
  });

  it('esc closes it and leaves the sign', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await own.page.keyboard.type('/h');
    await own.page.keyboard.press('Escape');
    assert.deepEqual(await options(), []);
    await own.page.keyboard.press('Enter');
    assert.equal(await text(), '/h');
  });
});

describe('reports', () => {
  it('every splice builds the text the editor has', async () => {
    await start({ markdown: '# 标题\n\n第一段\n\n- 一\n- 二\n' });
    await focusEnd();
    const commands = ['bold', 'h2', 'bullet', 'quote', 'task', 'hr', 'undo', 'codeblock', 'undo', 'paywall', 'undo', 'redo'];
    for (const name of commands) {
      await own.page.keyboard.type('字a ');
      await run('command', name);
      await run('flush');
      assert.equal((await log()).told, await text(), name);
    }
    await noProblems();
  });

  it('come after a pause and at once on leaving', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await own.page.keyboard.type('字');
    assert.equal((await log()).changes.length, 0);
    await own.page.waitForFunction(() => window.log.changes.length === 1);
    await own.page.keyboard.type('句');
    await own.page.evaluate(() => document.getElementById('after').focus());
    const { told, immediate, changes } = await log();
    assert.equal(told, '字句');
    assert.equal(changes.at(-1).length, 2);
    assert.equal(changes.at(-1).words, 2);
    assert.ok(immediate >= 1);
  });
});

describe('changes from elsewhere', () => {
  it('leave the caret and the history where they were', async () => {
    await start({ markdown: '第一段\n\n第二段' });
    await focusEnd();
    await own.page.keyboard.type('尾');
    assert.equal(await run('patch', [{ at: 0, delete: 0, insert: '新' }]), false);
    await run('flush');
    assert.equal(await run('patch', [{ at: 0, delete: 0, insert: '# 新\n\n' }]), true);
    await own.page.keyboard.type('巴');
    assert.equal(await text(), '# 新\n\n第一段\n\n第二段尾巴');
    await run('flush');
    assert.equal((await log()).changes.at(-1).splices[0].insert, '巴');
    await own.page.keyboard.press('Control+z');
    assert.equal(await text(), '# 新\n\n第一段\n\n第二段');
  });

  it('inside the paragraph the caret is in', async () => {
    await start({ markdown: '甲乙丙丁' });
    await run('reveal', 2);
    await run('patch', [{ at: 0, delete: 1, insert: '天地' }, { at: 4, delete: 1, insert: '' }]);
    await own.page.keyboard.type('|');
    assert.equal(await text(), '天地乙|丙');
  });

  it('reach the source field too', async () => {
    await start({ markdown: '甲乙丙丁', mode: 'source' });
    await run('reveal', 2);
    await own.page.keyboard.type('x');
    await run('flush');
    await run('patch', [{ at: 0, delete: 0, insert: '前' }]);
    await own.page.keyboard.type('y');
    assert.equal(await text(), '前甲乙xy丙丁');
    await own.page.keyboard.press('Control+z');
    await own.page.keyboard.press('Control+z');
    assert.equal(await text(), '前甲乙丙丁');
    await own.page.keyboard.press('Control+y');
    assert.equal(await text(), '前甲乙x丙丁');
  });
});

describe('the two surfaces', () => {
  it('show the same text and carry the caret over', async () => {
    await start({ markdown: '# 标题\n\n这是**重点**内容\n\n- 一' });
    await run('reveal', 12);
    await run('setMode', 'source');
    assert.deepEqual(
      await own.page.evaluate(() => {
        const field = document.querySelector('textarea');
        return [field.value, field.selectionStart];
      }),
      ['# 标题\n\n这是**重点**内容\n\n- 一', 12]
    );
    await run('focus', 'keep');
    await own.page.keyboard.type('新');
    await run('setMode', 'rich');
    await own.page.keyboard.type('鲜');
    assert.equal(await text(), '# 标题\n\n这是**重点新鲜**内容\n\n- 一');
    await run('command', 'undo');
    await run('command', 'undo');
    assert.equal(await text(), '# 标题\n\n这是**重点**内容\n\n- 一');
    await run('flush');
    assert.equal((await log()).told, await text());
    await noProblems();
  });

  it('the toolbar works in the source field', async () => {
    await start({ markdown: '重点', mode: 'source' });
    await own.page.evaluate(() => document.querySelector('textarea').setSelectionRange(0, 2));
    await run('command', 'bold');
    await run('command', 'h2');
    assert.equal(await text(), '## **重点**');
    await run('command', 'undo');
    await run('command', 'undo');
    assert.equal(await text(), '重点');
  });
});

describe('pasting', () => {
  it('Markdown is read, plain lines become paragraphs', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await paste({ 'text/plain': '## 节\r\n\r\n- 一\r\n- **二**' });
    assert.equal(await text(), '## 节\n\n- 一\n- **二**');
  });

  it('plain text is cleaned', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await paste({ 'text/plain': '第一行\r\n第二行\u0000完\ud800' });
    assert.equal(await text(), '第一行\n\n第二行完\ufffd');
  });

  it('HTML keeps what the schema knows and nothing else', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await paste({
      'text/plain': 'x',
      'text/html':
        '<style>p{color:red}</style><script>window.hacked=1</script><h2 onclick="window.hacked=1">题</h2>' +
        '<section><p style="color:red"><span style="font-weight:700">粗</span>字<a href="javascript:window.hacked=1">坏</a>' +
        '<a href="https://example.com/">好</a><img src="x" onerror="window.hacked=1"></p></section>' +
        '<table><tr><th>a</th></tr><tr><td><p>1</p><p>2</p></td></tr></table><iframe src="https://example.com/"></iframe>',
    });
    assert.equal(
      await text(),
      '## 题\n\n**粗**字坏[好](https://example.com/)\n\n| a |\n| --- |\n| 1<br>2 |'
    );
    assert.equal(await own.page.evaluate(() => window.hacked), undefined);
  });

  it('too much is refused with its size', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await paste({ 'text/plain': 'a'.repeat(1024 * 1024 + 1) });
    assert.equal(await text(), '');
    assert.deepEqual((await log()).refused, [{ code: 'too_large', bytes: 1048577, limit: 1048576 }]);
  });

  it('copying gives plain text and comes back whole', async () => {
    await start({ markdown: '## 节\n\n这是**重点**。\n\n- [x] 完\n\n```js\na\n```' });
    await focusEnd();
    await own.page.keyboard.press('Control+a');
    await own.page.keyboard.press('Control+c');
    await run('focus', 'end');
    await own.page.keyboard.press('ArrowDown');
    await own.page.keyboard.press('Control+a');
    await own.page.keyboard.press('Control+v');
    assert.equal(await text(), '## 节\n\n这是**重点**。\n\n- [x] 完\n\n```js\na\n```');
  });
});

describe('safety', () => {
  it('raw HTML is text and remote images are not fetched', async () => {
    const fetched = [];
    own.page.on('request', (request) => fetched.push(request.url()));
    await start({
      markdown: '<img src="https://tracker.example/a.png" onerror="window.hacked=1">\n\n![图](https://tracker.example/b.png "题")\n\n行<b onclick="x">内</b>',
    });
    await settled();
    assert.deepEqual(fetched, []);
    assert.equal(await own.page.locator('.editor-rich img, .editor-rich b').count(), 0);
    const card = await own.page.locator('.editor-image-card').textContent();
    assert.match(card, /图/);
    assert.match(card, /tracker\.example/);
    await noProblems();
  });

  it('a click on a link goes nowhere by itself', async () => {
    await start({ markdown: '[去](https://example.com/x)' });
    const address = own.page.url();
    await own.page.locator('.editor-rich a').click();
    assert.deepEqual((await log()).links, []);
    await own.page.locator('.editor-rich a').click({ modifiers: ['Control'] });
    assert.deepEqual((await log()).links, ['https://example.com/x']);
    assert.equal(own.page.url(), address);
  });
});

describe('keyboard and names', () => {
  it('the text is a named, multi-line text box', async () => {
    await start({ markdown: '' });
    const box = own.page.getByRole('textbox', { name: '正文' });
    assert.equal(await box.count(), 1);
    assert.equal(await box.getAttribute('aria-multiline'), 'true');
  });

  it('esc then tab leaves a list', async () => {
    await start({ markdown: '- 一\n- 二' });
    await focusEnd();
    await own.page.keyboard.press('Tab');
    assert.equal(await own.page.evaluate(() => document.activeElement.className.includes('editor-rich')), true);
    await own.page.keyboard.press('Escape');
    await settled();
    await own.page.keyboard.press('Tab');
    assert.equal(await own.page.evaluate(() => document.activeElement.id), 'after');
  });

  it('another language arrives without losing focus, caret or text', async () => {
    await start({ markdown: '- [ ] 一\n\n![图](https://a.example/b.png)' });
    await run('reveal', 7);
    await run('focus', 'keep');
    await run('setTexts', 'en', { items: [], task: 'Done', remoteImage: 'Not loaded' }, 'Body', 'Write');
    assert.equal(await own.page.getByRole('textbox', { name: 'Body' }).count(), 1);
    assert.equal(await own.page.locator('.editor-task-box').getAttribute('aria-label'), 'Done');
    await own.page.keyboard.type('x');
    assert.equal(await text(), '- [ ] 一x\n\n![图](https://a.example/b.png)');
  });

  it('a read-only text takes no keys and no commands', async () => {
    await start({ markdown: '- [ ] 一', readOnly: true });
    assert.equal(await run('command', 'bold'), false);
    assert.equal(await own.page.locator('.editor-task-box').isDisabled(), true);
    await run('setReadOnly', false);
    await focusEnd();
    await own.page.keyboard.type('二');
    assert.equal(await text(), '- [ ] 一二');
  });

  it('the state follows the caret', async () => {
    await start({ markdown: '## 节\n\n这是**重点** word\n\n- [x] 完' });
    await run('reveal', 12);
    assert.deepEqual(await run('state'), {
      active: ['bold'],
      block: 'paragraph',
      link: null,
      image: null,
      table: null,
      canUndo: false,
      canRedo: false,
      empty: false,
      media: [],
      find: null,
      selected: 0,
      mode: 'rich',
      words: 7,
      han: 6,
      untold: false,
    });
    await focusEnd();
    assert.deepEqual((await run('state')).active, ['task']);
    await own.page.waitForFunction(() => window.log.states.at(-1)?.active[0] === 'task');
  });

  it('the state names the media that stand by themselves', async () => {
    const sound = `![一](attachment:${'a'.repeat(64)}#audio/mpeg)`;
    await start({ markdown: `文 ![内](x.png)\n\n${sound}\n\n${sound}` });
    assert.deepEqual((await run('state')).media, ['audio']);
    await start({ markdown: '![外](x.png)' });
    assert.deepEqual((await run('state')).media, ['image']);
  });

  it('finding walks round the matches', async () => {
    await start({ markdown: '社群 **社**群\n\n- 社群' });
    assert.deepEqual(await run('find', '社群'), { count: 3, current: 1 });
    await run('command', 'find-next');
    await run('command', 'find-next');
    assert.equal((await run('state')).find.current, 3);
    await run('command', 'find-next');
    assert.equal((await run('state')).find.current, 1);
    assert.equal(await own.page.locator('.editor-match').count(), 4);
    await run('command', 'find-close');
    assert.equal(await own.page.locator('.editor-match').count(), 0);
  });

  it('the outline says where the headings are', async () => {
    const markdown = '引\n\n# 一\n\n文\n\n## **二**\n';
    await start({ markdown });
    const outline = await run('outline');
    assert.deepEqual(outline, [
      { level: 1, text: '一', at: markdown.indexOf('# 一') },
      { level: 2, text: '二', at: markdown.indexOf('## ') },
    ]);
  });

  it('a far place in a long text is brought into view', async () => {
    const body = Array.from({ length: 400 }, (_, i) => `## 第 ${i} 节\n\n${'知识付费的会员制社群。'.repeat(20 + (i % 7) * 10)}`).join('\n\n');
    await start({ markdown: body });
    const headings = await run('outline');
    assert.equal(headings.length, 400);
    for (const { at, text: heading } of [headings[399], headings[200], headings[0], headings[333]]) {
      await run('reveal', at);
      await own.page.waitForTimeout(150);
      const top = await own.page.evaluate((wanted) => {
        const found = [...document.querySelectorAll('.editor-rich h2')].find((node) => node.textContent === wanted);
        return found.getBoundingClientRect().top;
      }, heading);
      assert.ok(top > -40 && top < (await own.page.viewportSize()).height, `${heading} stands at ${top}`);
    }
    await own.page.keyboard.type('新');
    assert.match(await text(), /## 新第 333 节/);
  });

  it('the divider is one: asked for elsewhere, it moves', async () => {
    await start({ markdown: '一\n\n<!-- paywall -->\n\n二\n\n三' });
    await focusEnd();
    await run('command', 'paywall');
    assert.equal(await text(), '一\n\n二\n\n三\n\n<!-- paywall -->');
    await run('reveal', 0);
    await run('command', 'paywall');
    assert.equal(await text(), '一\n\n<!-- paywall -->\n\n二\n\n三');
  });

  it('footnotes are numbered on', async () => {
    await start({ markdown: '文[^1]\n\n[^1]: 注' });
    await run('reveal', 1);
    await run('command', 'footnote');
    await own.page.keyboard.type('新注');
    assert.equal(await text(), '文[^2][^1]\n\n[^1]: 注\n\n[^2]: 新注');
  });

  it('nothing is left behind', async () => {
    await start({ markdown: '文' });
    await run('destroy');
    assert.equal(await own.page.evaluate(() => document.getElementById('host').childElementCount), 0);
    await noProblems();
  });
});
