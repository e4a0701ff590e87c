import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { editorPage } from './page.js';

const own = editorPage();
const { start, text, focusEnd, command, run, noProblems } = own;

const field = () => own.page.getByRole('combobox', { name: '代码语言' });
const hasFocus = () => field().evaluate((input) => document.activeElement === input);

describe('the language of a code block', () => {
  it('is written by keyboard alone: Shift+Tab goes there, Enter back to the code', async () => {
    await start({ markdown: '```\nlet a\n```' });
    await focusEnd();
    await own.page.keyboard.press('Shift+Tab');
    assert.equal(await hasFocus(), true);
    await own.page.keyboard.type('rust');
    await own.page.keyboard.press('Enter');
    assert.equal(await hasFocus(), false);
    await own.page.keyboard.type(';');
    assert.equal(await text(), '```rust\nlet a;\n```');
    await command('undo');
    await command('undo');
    assert.equal(await text(), '```\nlet a\n```');
    assert.equal(await field().inputValue(), '');
    await noProblems();
  });

  it('Esc leaves it as it was', async () => {
    await start({ markdown: '```js\na\n```' });
    await focusEnd();
    await command('code-language');
    assert.equal(await hasFocus(), true);
    await own.page.keyboard.type('python');
    await own.page.keyboard.press('Escape');
    assert.equal(await text(), '```js\na\n```');
    assert.equal(await field().inputValue(), 'js');
    assert.equal(await hasFocus(), false);
  });

  it('is one word that a fence can hold', async () => {
    await start({ markdown: '```\na\n```' });
    await field().fill('c++ `x`\n');
    await field().press('Enter');
    assert.equal(await text(), '```c++\na\n```');
    assert.equal(await command('code-language', '`'), true);
    assert.equal(await text(), '```\na\n```');
  });

  it('is read and not written where one only reads', async () => {
    await start({ markdown: '```js\na\n```\n\n```\nb\n```' });
    await run('setReadOnly', true);
    assert.equal(await field().count(), 1);
    assert.equal(await field().getAttribute('readonly'), '');
  });

  it('outside of code there is none', async () => {
    await start({ markdown: '字' });
    await focusEnd();
    assert.equal(await command('code-language'), false);
    assert.equal(await command('code-language', 'js'), false);
    assert.equal(await text(), '字');
  });
});
