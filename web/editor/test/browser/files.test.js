import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { editorPage } from './page.js';

const editor = editorPage();
const href = `attachment:${'0a'.repeat(32)}`;

/** Starts with a host that knows the file, and notes what is asked to be fetched. */
const start = (markdown, { about = 'PDF · 2.3 MB', note = null, retry = null } = {}) =>
  editor.page.evaluate(
    ([text, file]) => {
      window.file = file;
      window.fetched = [];
      window.start({
        markdown: text,
        fileAbout: () => window.file.about,
        imageNote: () => window.file.note,
        imageRetry: () => window.file.retry,
        onImageRetry: (src) => window.fetched.push(src),
      });
    },
    [markdown, { about, note, retry }]
  );

const said = () => editor.page.locator('.editor-rich a').innerText();

describe('a file that readers keep', () => {
  it('is one chip with its kind, size and where it is, and the text is its link', async () => {
    await start(`见 [讲义.pdf](${href}) 。`, { note: '仅在本机' });
    assert.equal(await said(), '讲义.pdfPDF · 2.3 MB · 仅在本机');
    assert.equal(await editor.text(), `见 [讲义.pdf](${href}) 。`);
    await editor.noProblems();
  });

  it('says what is new when the host has learned it', async () => {
    await start(`[讲义.pdf](${href})`, { note: '仅在本机' });
    await editor.page.evaluate(() => (window.file.note = null));
    await editor.run('showImages');
    assert.equal(await said(), '讲义.pdfPDF · 2.3 MB');
  });

  it('has a button that names it where it has to be fetched', async () => {
    await start(`[讲义.pdf](${href})`, { note: '只在服务器上', retry: '下载' });
    await editor.page.getByRole('button', { name: '下载 讲义.pdf' }).click();
    assert.deepEqual(await editor.page.evaluate(() => window.fetched), [href]);
    assert.equal(await editor.text(), `[讲义.pdf](${href})`);
  });

  it('is written behind and taken out like any words', async () => {
    await start(`[讲义.pdf](${href})`);
    await editor.focusEnd();
    await editor.page.keyboard.type('请下载');
    assert.equal(await editor.text(), `[讲义.pdf](${href})请下载`);
    await editor.page.keyboard.press('Control+a');
    await editor.page.keyboard.press('Control+x');
    assert.equal((await editor.text()).trim(), '');
    await editor.page.keyboard.press('Control+v');
    assert.equal(await editor.text(), `[讲义.pdf](${href})请下载`);
  });

  it('is dropped into the source as its link', async () => {
    await start('一段');
    await editor.run('setMode', 'source');
    const images = [{ src: href, alt: '讲义.pdf', isLinked: true }];
    assert.equal(await editor.command('images', { images, place: null }), true);
    assert.match(await editor.text(), /一段\n\n\[讲义\.pdf\]\(attachment:/);
  });
});
