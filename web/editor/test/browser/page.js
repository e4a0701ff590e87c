// What the tests in the browser share: a page with an editor, and ways to ask it.

import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';

import { openBrowser } from '../../scripts/page.js';

/** A page for the tests of a file, fresh before each of them. */
export function editorPage() {
  const held = { page: null };
  let browser;
  before(async () => {
    browser = await openBrowser();
    held.page = await browser.open();
  });
  after(() => browser.close());
  beforeEach(async () => {
    await held.page.reload();
    await held.page.waitForFunction(() => window.ready);
  });
  const run = (name, ...rest) => held.page.evaluate(([what, given]) => window.editor[what](window.h, ...given), [name, rest]);
  const settled = () => held.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  return {
    get page() {
      return held.page;
    },
    run,
    start: (options) => held.page.evaluate((given) => void window.start(given), options),
    text: () => run('text'),
    focusEnd: () => run('focus', 'end'),
    log: () => held.page.evaluate(() => window.log),
    command: (name, value = null) => run('command', name, value),
    settled,
    noProblems: async () => assert.deepEqual(await held.page.evaluate(() => window.problems), []),
    /** An input method: what it shows while composing, then what it commits. */
    compose: async (steps, committed, betweenSteps = async () => {}) => {
      const client = await held.page.context().newCDPSession(held.page);
      for (const text of steps) {
        await client.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
        await betweenSteps();
      }
      await client.send('Input.insertText', { text: committed });
      await settled();
    },
    paste: (types) =>
      held.page.evaluate((given) => {
        const data = new DataTransfer();
        for (const [type, value] of Object.entries(given)) data.setData(type, value);
        const field = document.querySelector('.editor-rich, .editor-source');
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      }, types),
  };
}
