import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { history, undo } from 'prosemirror-history';
import { EditorState, TextSelection } from 'prosemirror-state';

import { addImages, COMMANDS } from '../src/commands.js';
import { Manuscript } from '../src/manuscript.js';
import { Places, after } from '../src/places.js';
import { sourceCommand } from '../src/source-commands.js';
import { applySplices } from '../src/splice.js';

const images = ['a', 'b', 'c'].map((name) => ({ src: `attachment:${name}`, alt: name }));

function open(markdown) {
  const manuscript = new Manuscript();
  let state = EditorState.create({ doc: manuscript.open(markdown), plugins: [history()] });
  return {
    get state() {
      return state;
    },
    run(command) {
      return command(state, (tr) => (state = state.apply(tr)));
    },
    caret(pos) {
      state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, pos)));
    },
    type(text) {
      state = state.apply(state.tr.insertText(text));
    },
    text: () => manuscript.pieces(state.doc).join(''),
  };
}

/** The names of the images and the texts of the blocks, in order. */
const blocks = ({ doc }) => {
  const found = [];
  doc.forEach((node) => found.push(node.type.name === 'figure' ? `[${node.attrs.alt}]` : node.textContent));
  return found;
};

describe('several images at once', () => {
  it('come in their order at the place where they were dropped', () => {
    const editor = open('一段\n\n二段\n\n三段');
    // Near the beginning of the second paragraph.
    assert.equal(editor.run(addImages(images, 5)), true);
    assert.deepEqual(blocks(editor.state), ['一段', '[a]', '[b]', '[c]', '二段', '三段']);
  });

  it('come below the paragraph of the caret when there is no place', () => {
    const editor = open('一段\n\n二段');
    editor.caret(1);
    assert.equal(editor.run(addImages(images, null)), true);
    assert.deepEqual(blocks(editor.state), ['一段', '[a]', '[b]', '[c]', '二段']);
  });

  it('take the place of an empty line', () => {
    const editor = open('');
    assert.equal(editor.run(addImages(images.slice(0, 1), null)), true);
    assert.deepEqual(blocks(editor.state), ['[a]', '']);
  });

  it('do not get lost in a table or a list', () => {
    for (const markdown of ['| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |', '- 一\n- 二']) {
      const editor = open(markdown);
      editor.caret(4);
      assert.equal(editor.run(addImages(images, null)), true, markdown);
      const text = editor.text();
      for (const { src, alt } of images) assert.ok(text.includes(`![${alt}](${src})`), text);
      assert.ok(text.indexOf('attachment:a') < text.indexOf('attachment:c'), text);
    }
  });

  it('are taken back in one step, and what was typed just before is not', () => {
    const editor = open('一段');
    editor.caret(3);
    editor.type('落');
    editor.run(addImages(images, null));
    assert.equal(blocks(editor.state).length, 5);
    editor.run(undo);
    assert.deepEqual(blocks(editor.state), ['一段落']);
  });

  it('none at all change nothing', () => {
    assert.equal(open('一段').run(addImages([], null)), false);
  });

  it('stand on lines of their own in plain Markdown, at the place or below the caret', () => {
    const text = '一段\n\n二段';
    const at = (place) => applySplices(text, [sourceCommand(text, place, place, 'images', { images: images.slice(0, 2) }).splice]);
    assert.equal(at(0), '一段\n\n![a](attachment:a)\n\n![b](attachment:b)\n\n\n二段');
    assert.equal(at(text.length), '一段\n\n二段\n\n![a](attachment:a)\n\n![b](attachment:b)\n\n');
    assert.equal(sourceCommand(text, 0, 0, 'images', { images: [] }), null);
  });
});

describe('a place in a text', () => {
  it('moves with what changes before it and is known once', () => {
    const places = new Places();
    const number = places.hold(10);
    places.move((at) => after({ at: 2, delete: 0, insert: '四个字符' }, at));
    places.move((at) => after({ at: 20, delete: 3, insert: '' }, at));
    assert.equal(places.take(number), 14);
    assert.equal(places.take(number), null);
    assert.equal(places.take(null), null);
  });

  it('stays at the edge of what was taken away around it', () => {
    assert.equal(after({ at: 5, delete: 10, insert: '' }, 8), 5);
    assert.equal(after({ at: 5, delete: 10, insert: 'xy' }, 8), 7);
    assert.equal(after({ at: 5, delete: 2, insert: '' }, 5), 5);
  });
});

describe('an image with another address', () => {
  it('is the same image everywhere it stands, in one step that undo takes back', () => {
    const before = '![a](attachment:a "题注")\n\n一段\n\n![a](attachment:a)';
    const editor = open(before);
    assert.equal(editor.run(COMMANDS.readdress({ from: 'attachment:a', to: 'attachment:b' })), true);
    assert.equal(editor.text(), before.replaceAll('attachment:a', 'attachment:b'));
    assert.equal(editor.run(COMMANDS.readdress({ from: 'attachment:a', to: 'attachment:c' })), false);
    assert.equal(editor.run(undo), true);
    assert.equal(editor.text(), before);
  });
});
