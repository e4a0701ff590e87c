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

const text = () => page.evaluate(() => window.editor.text(window.h));
const run = (name, ...rest) => page.evaluate(([what, given]) => window.editor[what](window.h, ...given), [name, rest]);
const images = ['a', 'b'].map((name) => ({ src: `attachment:${name}`, alt: name }));

/** Starts with files noted as they come: how many, and at which place. */
const start = (options) =>
  page.evaluate((given) => {
    window.dropped = [];
    window.start({ ...given, onFiles: (files, place) => window.dropped.push([files.map((file) => file.name), place]) });
  }, options);

/** Drops two files on the middle of what a selector finds, as the browser tells of it. */
const drop = (selector) =>
  page.evaluate((where) => {
    const target = document.querySelector(where);
    const { left, top, width, height } = target.getBoundingClientRect();
    const transfer = new DataTransfer();
    for (const name of ['a.png', 'b.png']) transfer.items.add(new File(['x'], name, { type: 'image/png' }));
    const at = { clientX: left + width / 2, clientY: top + height / 2 };
    target.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer, ...at }));
    return window.dropped;
  }, selector);

describe('dropped images', () => {
  it('go where they were dropped, though the text has changed until they are there', async () => {
    await start({ markdown: '一段\n\n二段\n\n三段' });
    const [[names, place]] = await drop('.editor-rich p:nth-of-type(2)');
    assert.deepEqual(names, ['a.png', 'b.png']);
    assert.equal(typeof place, 'number');
    await run('focus', 'start');
    await page.keyboard.type('第');
    assert.equal(await run('command', 'images', { images, place }), true);
    const lines = (await text()).split('\n\n');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('![')),
      ['![a](attachment:a)', '![b](attachment:b)']
    );
    assert.ok(lines.indexOf('第一段') < lines.indexOf('![a](attachment:a)'), lines.join('|'));
    assert.ok(lines.indexOf('![b](attachment:b)') < lines.indexOf('三段'), lines.join('|'));
    await page.keyboard.press('Control+z');
    assert.equal(await text(), '第一段\n\n二段\n\n三段');
  });

  it('go to the caret of the source, in one step', async () => {
    await start({ markdown: '一段\n\n二段', mode: 'source' });
    const [[names]] = await drop('.editor-source');
    assert.equal(names.length, 2);
    await run('focus', 'start');
    assert.equal(await run('command', 'images', { images, place: null }), true);
    assert.match(await text(), /^一段\n\n!\[a\]\(attachment:a\)\n\n!\[b\]\(attachment:b\)/);
    await run('command', 'undo');
    assert.equal(await text(), '一段\n\n二段');
  });

  it('find a place by a point of the page, and none beside the text', async () => {
    await start({ markdown: '一段\n\n二段' });
    const box = await page.locator('.editor-rich p').first().boundingBox();
    assert.equal(typeof (await run('placeAt', box.x + 5, box.y + box.height / 2)), 'number');
    assert.equal(await run('placeAt', -50, -50), null);
  });
});

describe('an image that is not here', () => {
  it('says why, to everybody, and is asked for once more by its button', async () => {
    await page.evaluate(() => {
      window.retried = [];
      window.start({
        markdown: '![封面](attachment:a)',
        imageSource: () => null,
        imageNote: () => '只在服务器上',
        imageRetry: () => '重试',
        onImageRetry: (src) => window.retried.push(src),
      });
    });
    assert.equal(await page.locator('.editor-image-card').getAttribute('aria-label'), '封面, 只在服务器上');
    assert.equal(await page.locator('.editor-image-note').textContent(), '只在服务器上');
    const button = page.getByRole('button', { name: '重试' });
    await button.focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await page.evaluate(() => window.retried), ['attachment:a']);
    assert.equal(await text(), '![封面](attachment:a)');
    assert.deepEqual(await page.evaluate(() => window.problems), []);
  });
});
