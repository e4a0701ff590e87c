import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { openBrowser } from '../../scripts/page.js';

let browser;
let page;

before(async () => {
  browser = await openBrowser();
  page = await browser.open();
});
after(() => browser.close());
beforeEach(async () => {
  await page.reload();
  await page.waitForFunction(() => window.ready);
});

const start = (options) => page.evaluate((given) => void window.start(given), options);
const text = () => page.evaluate(() => window.editor.text(window.h));
const log = () => page.evaluate(() => window.log);
const run = (name, ...rest) => page.evaluate(([what, given]) => window.editor[what](window.h, ...given), [name, rest]);
const focusEnd = () => run('focus', 'end');
const settled = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

async function types(markdown, keys, expected) {
  await start({ markdown });
  await focusEnd();
  await page.keyboard.type(keys);
  assert.equal(await text(), expected, `typed ${JSON.stringify(keys)}`);
}

/** An input method: what it shows while composing, then what it commits. */
async function compose(steps, committed, betweenSteps = async () => {}) {
  const client = await page.context().newCDPSession(page);
  for (const step of steps) {
    await client.send('Input.imeSetComposition', { text: step, selectionStart: step.length, selectionEnd: step.length });
    await betweenSteps();
  }
  await client.send('Input.insertText', { text: committed });
  await settled();
}

async function noProblems() {
  assert.deepEqual(await page.evaluate(() => window.problems), []);
}

describe('typing', () => {
  const cases = [
    ['# 标题', '# 标题'],
    ['＃ 标题', '# 标题'],
    ['＃＃　标题', '## 标题'],
    ['》 引用', '> 引用'],
    ['> 引用', '> 引用'],
    ['- 一', '- 一'],
    ['－ 一', '- 一'],
    ['1. 一', '1. 一'],
    ['1． 一', '1. 一'],
    ['1。 一', '1. 一'],
    ['３、 三', '3. 三'],
    ['- [ ] 做', '- [ ] 做'],
    ['【】 做', '- [ ] 做'],
    ['**粗**后', '**粗**后'],
    ['＊＊粗＊＊后', '**粗**后'],
    ['*斜*后', '*斜*后'],
    ['～～删～～后', '~~删~~后'],
    ['~~删~~后', '~~删~~后'],
    ['用·npm ci·装', '用`npm ci`装'],
    ['`npm`装', '`npm`装'],
    ['约翰·罗纳德·托尔金', '约翰·罗纳德·托尔金'],
    ['看【这里】（https://example.com/a）吧', '看[这里](https://example.com/a)吧'],
    ['看[这里](www.example.com)吧', '看[这里](https://www.example.com)吧'],
    ['看[这里](javascript:alert)吧', '看\\[这里\\](javascript:alert)吧'],
    ['上\n---下', '上\n\n---\n\n下'],
    ['上\n—-下', '上\n\n---\n\n下'],
    ['```js\nlet a', '```js\nlet a\n```'],
    ['··· 码', '```\n码\n```'],
    ['5 * 3 * 2', '5 * 3 * 2'],
    ['好的~谢谢~', '好的\\~谢谢\\~'],
    ['＞ 引用', '> 引用'],
    ['· 一', '- 一'],
    ['＊ 一', '- 一'],
    ['１．　一', '1. 一'],
    ['２) 二', '2. 二'],
    ['［ ］ 做', '- [ ] 做'],
    ['【x】 做', '- [x] 做'],
    ['｀｀｀js\nlet a', '```js\nlet a\n```'],
    ['｀｀｀ 码', '```\n码\n```'],
    ['用｀npm ci｀装', '用`npm ci`装'],
    ['＿＿粗＿＿后', '**粗**后'],
    ['＊斜＊后', '*斜*后'],
    ['看［这里］（https://example.com/a）吧', '看[这里](https://example.com/a)吧'],
    ['！【图】（https://example.com/a.png）', '![图](https://example.com/a.png)'],
    ['－－－下', '---\n\n下'],
    ['[!TIP] 试试', '> [!TIP]\n> 试试'],
    ['【！warning】 小心', '> [!WARNING]\n> 小心'],
    ['》 【！note】 备注', '> [!NOTE]\n> 备注'],
    ['文[^1]后', '文[^1]后'],
    ['文【＾注】后', '文[^注]后'],
  ];
  for (const [keys, expected] of cases) {
    it(`${JSON.stringify(keys)} becomes ${JSON.stringify(expected)}`, () => types('', keys, expected));
  }

  it('backspace takes a typing rule back', async () => {
    await types('', '# ', '#');
    await page.keyboard.press('Backspace');
    assert.equal(await text(), '\\#');
  });

  it('enter in a list goes on, in an empty item it ends the list', async () => {
    await types('', '- 一\n二\n\n外', '- 一\n- 二\n\n外');
  });

  it('a new task is not done', async () => {
    await types('- [x] 好', '\n下一个', '- [x] 好\n- [ ] 下一个');
  });

  it('tab nests items and shift-tab takes them out', async () => {
    await types('- 一', '\n二', '- 一\n- 二');
    await page.keyboard.press('Tab');
    assert.equal(await text(), '- 一\n  - 二');
    await page.keyboard.press('Shift+Tab');
    assert.equal(await text(), '- 一\n- 二');
  });

  it('a table is walked with tab and enter and grows at its end', async () => {
    await start({ markdown: '' });
    await focusEnd();
    assert.equal(await run('command', 'table'), true);
    await page.keyboard.type('甲');
    await page.keyboard.press('Tab');
    await page.keyboard.type('a|b');
    await page.keyboard.press('Enter');
    await page.keyboard.type('下');
    assert.equal(await text(), '| 甲 | a\\|b |  |\n| --- | --- | --- |\n|  | 下 |  |\n|  |  |  |');
    assert.equal(await run('command', 'align-center'), true);
    assert.match(await text(), /\| --- \| :---: \| --- \|/);
    await noProblems();
  });

  it('bold by key, in a text that keeps what it was', async () => {
    await start({ markdown: '__旧__ &amp; 旧\n\n新' });
    await focusEnd();
    await page.keyboard.type(' ');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('重点');
    assert.equal(await text(), '__旧__ &amp; 旧\n\n新 **重点**');
  });

  it('keys of input methods are left alone', async () => {
    await start({ markdown: '文字' });
    await focusEnd();
    const prevented = await page.evaluate(() => {
      const seen = [];
      const field = document.querySelector('.editor-rich');
      for (const init of [
        { key: ' ', keyCode: 32, ctrlKey: true },
        { key: '.', keyCode: 190, ctrlKey: true },
        { key: 'F', keyCode: 70, ctrlKey: true, shiftKey: true },
        { key: 'Shift', keyCode: 16, shiftKey: true },
      ]) {
        const event = new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true });
        field.dispatchEvent(event);
        seen.push(event.defaultPrevented);
      }
      return seen;
    });
    assert.deepEqual(prevented, [false, false, false, false]);
  });
});

describe('input methods', () => {
  it('nothing is told while composing, and all of it at once afterwards', async () => {
    await start({ markdown: '社群' });
    await focusEnd();
    await compose(['z', 'zhi', 'zhishi'], '知识', async () => {
      assert.equal(await run('flush'), false);
      assert.equal(await run('patch', [{ at: 0, delete: 0, insert: 'x' }]), false);
    });
    await page.waitForFunction(() => window.log.changes.length === 1);
    const { changes, told } = await log();
    assert.deepEqual(changes[0].splices, [{ at: 2, delete: 0, insert: '知识' }]);
    assert.equal(told, '社群知识');
  });

  it('a composed sign triggers its rule', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await compose(['＃'], '＃');
    await page.keyboard.type(' 标题');
    assert.equal(await text(), '# 标题');
  });

  it('no rule and no menu runs before composing is over', async () => {
    const cases = [
      ['＃ ', '＃ 标题', '# 标题'],
      ['》 ', '》 引用', '> 引用'],
      ['、', '、', '、'],
      ['＊＊粗＊＊', '＊＊粗＊＊', '**粗**'],
      ['【这里】（https://example.com/）', '【这里】（https://example.com/）', '[这里](https://example.com/)'],
    ];
    for (const [composed, committed, expected] of cases) {
      await start({ markdown: '' });
      await focusEnd();
      await compose([composed], committed, async () => {
        assert.equal(await page.locator('.editor-rich > p').textContent(), composed);
        assert.equal(await page.locator('.editor-menu:not([hidden])').count(), 0);
      });
      await page.waitForTimeout(60);
      const now = await text();
      // What is committed in one piece is text; only a sign that ends it is a rule's.
      assert.ok([expected, committed].includes(now), `${committed} gave ${now}`);
      await page.evaluate(() => window.editor.destroy(window.h));
    }
  });

  it('enter that belongs to the input method makes no new line, whichever event comes first', async () => {
    await start({ markdown: '- 一' });
    await focusEnd();
    const after = await page.evaluate(async () => {
      const field = document.querySelector('.editor-rich');
      const key = (init) => {
        const event = new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, ...init });
        field.dispatchEvent(event);
      };
      key({ keyCode: 229, isComposing: true });
      const first = window.editor.text(window.h);
      field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '' }));
      key({ keyCode: 13 });
      return [first, window.editor.text(window.h)];
    });
    assert.deepEqual(after, ['- 一', '- 一']);
    await page.waitForTimeout(60);
    await page.keyboard.press('Enter');
    await page.keyboard.type('二');
    assert.equal(await text(), '- 一\n- 二');
  });

  it('the source field composes too', async () => {
    await start({ markdown: '社群', mode: 'source' });
    await focusEnd();
    await compose(['ni', 'nihao'], '你好', async () => assert.equal(await run('flush'), false));
    await page.waitForFunction(() => window.log.changes.length === 1);
    assert.equal((await log()).told, '社群你好');
  });
});

describe('the insert menu', () => {
  const options = () => page.locator('.editor-menu:not([hidden]) [role=option]').allTextContents();

  it('opens on a slash and takes the chosen line', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await page.keyboard.type('/');
    assert.equal((await options()).length, 5);
    await page.keyboard.press('ArrowDown');
    const [active, controls] = await page.evaluate(() => {
      const field = document.querySelector('.editor-rich');
      return [document.getElementById(field.getAttribute('aria-activedescendant'))?.textContent, field.getAttribute('aria-controls')];
    });
    assert.equal(active, '二级标题');
    assert.match(controls, /^editor-menu-/);
    assert.equal(await page.locator('.editor-menu').getAttribute('lang'), 'zh-CN');
    await page.keyboard.press('Enter');
    await page.keyboard.type('节');
    assert.equal(await text(), '## 节');
    assert.deepEqual(await options(), []);
    await noProblems();
  });

  it('opens on the Chinese comma and filters by pinyin initials', async () => {
    await start({ markdown: '前文 ' });
    await focusEnd();
    await page.keyboard.type(' 、fffj');
    assert.deepEqual(await options(), ['付费分界']);
    await page.keyboard.press('Enter');
    await page.keyboard.type('后文');
    assert.equal(await text(), '前文\n\n<!-- paywall -->\n\n后文');
  });

  it('filters by what was composed', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await page.keyboard.type('/');
    await compose(['yin', 'yinyong'], '引用');
    await page.waitForTimeout(50);
    assert.deepEqual(await options(), ['引用']);
  });

  it('does not open within a word or a date', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await page.keyboard.type('2026/11、苹果/');
    assert.deepEqual(await options(), []);
  });

  it('esc closes it and leaves the sign', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await page.keyboard.type('/h');
    await page.keyboard.press('Escape');
    assert.deepEqual(await options(), []);
    await page.keyboard.press('Enter');
    assert.equal(await text(), '/h');
  });
});

describe('reports', () => {
  it('every splice builds the text the editor has', async () => {
    await start({ markdown: '# 标题\n\n第一段\n\n- 一\n- 二\n' });
    await focusEnd();
    const commands = ['bold', 'h2', 'bullet', 'quote', 'task', 'hr', 'undo', 'codeblock', 'undo', 'paywall', 'undo', 'redo'];
    for (const name of commands) {
      await page.keyboard.type('字a ');
      await run('command', name);
      await run('flush');
      assert.equal((await log()).told, await text(), name);
    }
    await noProblems();
  });

  it('come after a pause and at once on leaving', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await page.keyboard.type('字');
    assert.equal((await log()).changes.length, 0);
    await page.waitForFunction(() => window.log.changes.length === 1);
    await page.keyboard.type('句');
    await page.evaluate(() => document.getElementById('after').focus());
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
    await page.keyboard.type('尾');
    assert.equal(await run('patch', [{ at: 0, delete: 0, insert: '新' }]), false);
    await run('flush');
    assert.equal(await run('patch', [{ at: 0, delete: 0, insert: '# 新\n\n' }]), true);
    await page.keyboard.type('巴');
    assert.equal(await text(), '# 新\n\n第一段\n\n第二段尾巴');
    await run('flush');
    assert.equal((await log()).changes.at(-1).splices[0].insert, '巴');
    await page.keyboard.press('Control+z');
    assert.equal(await text(), '# 新\n\n第一段\n\n第二段');
  });

  it('inside the paragraph the caret is in', async () => {
    await start({ markdown: '甲乙丙丁' });
    await run('reveal', 2);
    await run('patch', [{ at: 0, delete: 1, insert: '天地' }, { at: 4, delete: 1, insert: '' }]);
    await page.keyboard.type('|');
    assert.equal(await text(), '天地乙|丙');
  });

  it('reach the source field too', async () => {
    await start({ markdown: '甲乙丙丁', mode: 'source' });
    await run('reveal', 2);
    await page.keyboard.type('x');
    await run('flush');
    await run('patch', [{ at: 0, delete: 0, insert: '前' }]);
    await page.keyboard.type('y');
    assert.equal(await text(), '前甲乙xy丙丁');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    assert.equal(await text(), '前甲乙丙丁');
    await page.keyboard.press('Control+y');
    assert.equal(await text(), '前甲乙x丙丁');
  });
});

describe('the two surfaces', () => {
  it('show the same text and carry the caret over', async () => {
    await start({ markdown: '# 标题\n\n这是**重点**内容\n\n- 一' });
    await run('reveal', 12);
    await run('setMode', 'source');
    assert.deepEqual(
      await page.evaluate(() => {
        const field = document.querySelector('textarea');
        return [field.value, field.selectionStart];
      }),
      ['# 标题\n\n这是**重点**内容\n\n- 一', 12]
    );
    await run('focus', 'keep');
    await page.keyboard.type('新');
    await run('setMode', 'rich');
    await page.keyboard.type('鲜');
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
    await page.evaluate(() => document.querySelector('textarea').setSelectionRange(0, 2));
    await run('command', 'bold');
    await run('command', 'h2');
    assert.equal(await text(), '## **重点**');
    await run('command', 'undo');
    await run('command', 'undo');
    assert.equal(await text(), '重点');
  });
});

describe('pasting', () => {
  const paste = (types) =>
    page.evaluate((given) => {
      const data = new DataTransfer();
      for (const [type, value] of Object.entries(given)) data.setData(type, value);
      const field = document.querySelector('.editor-rich, .editor-source');
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, types);

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
    assert.equal(await page.evaluate(() => window.hacked), undefined);
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
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await run('focus', 'end');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+v');
    assert.equal(await text(), '## 节\n\n这是**重点**。\n\n- [x] 完\n\n```js\na\n```');
  });
});

describe('safety', () => {
  it('raw HTML is text and remote images are not fetched', async () => {
    const fetched = [];
    page.on('request', (request) => fetched.push(request.url()));
    await start({
      markdown: '<img src="https://tracker.example/a.png" onerror="window.hacked=1">\n\n![图](https://tracker.example/b.png "题")\n\n行<b onclick="x">内</b>',
    });
    await settled();
    assert.deepEqual(fetched, []);
    assert.equal(await page.locator('.editor-rich img, .editor-rich b').count(), 0);
    const card = await page.locator('.editor-image-card').textContent();
    assert.match(card, /图/);
    assert.match(card, /tracker\.example/);
    await noProblems();
  });

  it('a click on a link goes nowhere by itself', async () => {
    await start({ markdown: '[去](https://example.com/x)' });
    const address = page.url();
    await page.locator('.editor-rich a').click();
    assert.deepEqual((await log()).links, []);
    await page.locator('.editor-rich a').click({ modifiers: ['Control'] });
    assert.deepEqual((await log()).links, ['https://example.com/x']);
    assert.equal(page.url(), address);
  });
});

describe('keyboard and names', () => {
  it('the text is a named, multi-line text box', async () => {
    await start({ markdown: '' });
    const box = page.getByRole('textbox', { name: '正文' });
    assert.equal(await box.count(), 1);
    assert.equal(await box.getAttribute('aria-multiline'), 'true');
  });

  it('esc then tab leaves a list', async () => {
    await start({ markdown: '- 一\n- 二' });
    await focusEnd();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className.includes('editor-rich')), true);
    await page.keyboard.press('Escape');
    await settled();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'after');
  });

  it('another language arrives without losing focus, caret or text', async () => {
    await start({ markdown: '- [ ] 一\n\n![图](https://a.example/b.png)' });
    await run('reveal', 7);
    await run('focus', 'keep');
    await run('setTexts', 'en', { items: [], task: 'Done', remoteImage: 'Not loaded' }, 'Body', 'Write');
    assert.equal(await page.getByRole('textbox', { name: 'Body' }).count(), 1);
    assert.equal(await page.locator('.editor-task-box').getAttribute('aria-label'), 'Done');
    await page.keyboard.type('x');
    assert.equal(await text(), '- [ ] 一x\n\n![图](https://a.example/b.png)');
  });

  it('a read-only text takes no keys and no commands', async () => {
    await start({ markdown: '- [ ] 一', readOnly: true });
    assert.equal(await run('command', 'bold'), false);
    assert.equal(await page.locator('.editor-task-box').isDisabled(), true);
    await run('setReadOnly', false);
    await focusEnd();
    await page.keyboard.type('二');
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
      canUndo: false,
      canRedo: false,
      empty: false,
      find: null,
      selected: 0,
      mode: 'rich',
      words: 7,
      han: 6,
      untold: false,
    });
    await focusEnd();
    assert.deepEqual((await run('state')).active, ['task']);
    await page.waitForFunction(() => window.log.states.at(-1)?.active[0] === 'task');
  });

  it('finding walks round the matches', async () => {
    await start({ markdown: '社群 **社**群\n\n- 社群' });
    assert.deepEqual(await run('find', '社群'), { count: 3, current: 1 });
    await run('command', 'find-next');
    await run('command', 'find-next');
    assert.equal((await run('state')).find.current, 3);
    await run('command', 'find-next');
    assert.equal((await run('state')).find.current, 1);
    assert.equal(await page.locator('.editor-match').count(), 4);
    await run('command', 'find-close');
    assert.equal(await page.locator('.editor-match').count(), 0);
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
      await page.waitForTimeout(150);
      const top = await page.evaluate((wanted) => {
        const found = [...document.querySelectorAll('.editor-rich h2')].find((node) => node.textContent === wanted);
        return found.getBoundingClientRect().top;
      }, heading);
      assert.ok(top > -40 && top < (await page.viewportSize()).height, `${heading} stands at ${top}`);
    }
    await page.keyboard.type('新');
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
    await page.keyboard.type('新注');
    assert.equal(await text(), '文[^2][^1]\n\n[^1]: 注\n\n[^2]: 新注');
  });

  it('nothing is left behind', async () => {
    await start({ markdown: '文' });
    await run('destroy');
    assert.equal(await page.evaluate(() => document.getElementById('host').childElementCount), 0);
    await noProblems();
  });
});
