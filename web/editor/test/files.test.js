import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { history } from 'prosemirror-history';
import { EditorState } from 'prosemirror-state';

import { addImages } from '../src/commands.js';
import { fileLinks, files } from '../src/files.js';
import { Manuscript } from '../src/manuscript.js';
import { sourceCommand } from '../src/source-commands.js';
import { applySplices } from '../src/splice.js';

const b3 = '0a'.repeat(32);
const href = `attachment:${b3}`;

function surface(answers = {}) {
  const ask = (name) => (src) => answers[name]?.[src] ?? null;
  return { session: { options: {} }, fileAbout: ask('about'), imageNote: ask('note'), imageRetry: ask('retry') };
}

function open(markdown, plugins = []) {
  const manuscript = new Manuscript();
  let state = EditorState.create({ doc: manuscript.open(markdown), plugins: [history(), ...plugins] });
  return {
    get state() {
      return state;
    },
    run(command) {
      return command(state, (tr) => (state = state.apply(tr)));
    },
    apply(make) {
      state = state.apply(make(state.tr));
    },
    text: () => manuscript.pieces(state.doc).join(''),
  };
}

describe('files that readers keep', () => {
  it('are links, whatever their names hold, and come back as they were written', () => {
    for (const name of ['讲义.pdf', 'a_b*c*.zip', '第 1 讲 `草稿`.docx', '价格 <v2> & 附录.xlsx']) {
      const editor = open('一段\n');
      assert.equal(editor.run(addImages([{ src: href, alt: name, isLinked: true }], null)), true);
      const [found] = fileLinks(editor.state.doc);
      assert.equal(editor.state.doc.textBetween(found.from, found.to), name);
      const again = open(editor.text());
      const [back] = fileLinks(again.state.doc);
      assert.equal(again.state.doc.textBetween(back.from, back.to), name, editor.text());
      assert.equal(back.href, href);
    }
  });

  it('stand between images in the order in which they came', () => {
    const editor = open('');
    const all = [{ src: `attachment:${'0b'.repeat(32)}`, alt: '图' }, { src: href, alt: '讲义.pdf', isLinked: true }];
    editor.run(addImages(all, null));
    assert.equal(editor.text().trim(), `![图](attachment:${'0b'.repeat(32)})\n\n[讲义.pdf](${href})`);
  });

  it('are written into the source with signs that stay signs', () => {
    const change = sourceCommand('一段', 0, 0, 'images', { images: [{ src: href, alt: 'a*b*.pdf', isLinked: true }] });
    const text = applySplices('一段', [change.splice]);
    assert.match(text, /^一段\n\n\[a\\\*b\\\*\.pdf\]\(attachment:/);
    assert.equal(fileLinks(open(text).state.doc).length, 1);
  });

  it('are one chip though part of the name is bold, and two beside each other are two', () => {
    const other = `attachment:${'0c'.repeat(32)}`;
    const editor = open(`[讲**义**.pdf](${href})[表.xlsx](${other}) 和 [别处](https://x.example)`);
    const found = fileLinks(editor.state.doc).map(({ from, to }) => editor.state.doc.textBetween(from, to));
    assert.deepEqual(found, ['讲义.pdf', '表.xlsx']);
  });

  it('are no links where the address says more or less than a file', () => {
    for (const odd of ['attachment:0a', `${href}#video/mp4`, `attachment:${b3.toUpperCase()}`]) {
      assert.equal(fileLinks(open(`[x](${odd})`).state.doc).length, 0, odd);
    }
  });

  it('say kind, size and where they are, and keep that while one writes before them', () => {
    const answers = { about: { [href]: 'PDF · 2.3 MB' }, note: { [href]: '仅在本机' }, retry: {} };
    const plugin = files(surface(answers));
    const editor = open(`前\n\n[讲义.pdf](${href})\n`, [plugin]);
    const chips = () => plugin.getState(editor.state).find();
    assert.deepEqual(chips().map(({ spec }) => spec.key), [undefined, `about ${href} PDF · 2.3 MB · 仅在本机`]);
    const before = chips()[1].from;
    editor.apply((tr) => tr.insertText('多写两个字', 1));
    assert.equal(chips().length, 2);
    assert.equal(chips()[1].from, before + 5);
  });

  it('have a button where they have to be fetched', () => {
    const plugin = files(surface({ retry: { [href]: '下载' } }));
    const editor = open(`[讲义.pdf](${href})`, [plugin]);
    const keys = plugin.getState(editor.state).find().map(({ spec }) => spec.key);
    assert.deepEqual(keys, [undefined, `retry ${href} 下载 讲义.pdf`]);
  });
});
