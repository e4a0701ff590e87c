import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { editorPage } from './page.js';

const own = editorPage();
const { start, text, focusEnd, run, settled, noProblems, log, compose } = own;

async function types(markdown, keys, expected) {
  await start({ markdown });
  await focusEnd();
  await own.page.keyboard.type(keys);
  assert.equal(await text(), expected, `typed ${JSON.stringify(keys)}`);
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
    await own.page.keyboard.press('Backspace');
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
    await own.page.keyboard.press('Tab');
    assert.equal(await text(), '- 一\n  - 二');
    await own.page.keyboard.press('Shift+Tab');
    assert.equal(await text(), '- 一\n- 二');
  });

  it('a table is walked with tab and enter and grows at its end', async () => {
    await start({ markdown: '' });
    await focusEnd();
    assert.equal(await run('command', 'table'), true);
    await own.page.keyboard.type('甲');
    await own.page.keyboard.press('Tab');
    await own.page.keyboard.type('a|b');
    await own.page.keyboard.press('Enter');
    await own.page.keyboard.type('下');
    assert.equal(await text(), '| 甲 | a\\|b |  |\n| --- | --- | --- |\n|  | 下 |  |\n|  |  |  |');
    assert.equal(await run('command', 'align-center'), true);
    assert.match(await text(), /\| --- \| :---: \| --- \|/);
    await noProblems();
  });

  it('bold by key, in a text that keeps what it was', async () => {
    await start({ markdown: '__旧__ &amp; 旧\n\n新' });
    await focusEnd();
    await own.page.keyboard.type(' ');
    await own.page.keyboard.press('Control+b');
    await own.page.keyboard.type('重点');
    assert.equal(await text(), '__旧__ &amp; 旧\n\n新 **重点**');
  });

  it('keys of input methods are left alone', async () => {
    await start({ markdown: '文字' });
    await focusEnd();
    const prevented = await own.page.evaluate(() => {
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
    await own.page.waitForFunction(() => window.log.changes.length === 1);
    const { changes, told } = await log();
    assert.deepEqual(changes[0].splices, [{ at: 2, delete: 0, insert: '知识' }]);
    assert.equal(told, '社群知识');
  });

  it('a composed sign triggers its rule', async () => {
    await start({ markdown: '' });
    await focusEnd();
    await compose(['＃'], '＃');
    await own.page.keyboard.type(' 标题');
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
        assert.equal(await own.page.locator('.editor-rich > p').textContent(), composed);
        assert.equal(await own.page.locator('.editor-menu:not([hidden])').count(), 0);
      });
      await own.page.waitForTimeout(60);
      const now = await text();
      // What is committed in one piece is text; only a sign that ends it is a rule's.
      assert.ok([expected, committed].includes(now), `${committed} gave ${now}`);
      await own.page.evaluate(() => window.editor.destroy(window.h));
    }
  });

  it('enter that belongs to the input method makes no new line, whichever event comes first', async () => {
    await start({ markdown: '- 一' });
    await focusEnd();
    const after = await own.page.evaluate(async () => {
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
    await own.page.waitForTimeout(60);
    await own.page.keyboard.press('Enter');
    await own.page.keyboard.type('二');
    assert.equal(await text(), '- 一\n- 二');
  });

  it('the source field composes too', async () => {
    await start({ markdown: '社群', mode: 'source' });
    await focusEnd();
    await compose(['ni', 'nihao'], '你好', async () => assert.equal(await run('flush'), false));
    await own.page.waitForFunction(() => window.log.changes.length === 1);
    assert.equal((await log()).told, '社群你好');
  });
});

