import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EditorState } from 'prosemirror-state';

import { Manuscript } from '../src/manuscript.js';
import { offsetAt, positionAt } from '../src/positions.js';
import { schema } from '../src/schema.js';
import { applySplices, diff } from '../src/splice.js';
import { random, randomMarkdown } from './random.js';

function open(text) {
  const manuscript = new Manuscript();
  const state = EditorState.create({ doc: manuscript.open(text) });
  return { manuscript, state, text: (doc) => manuscript.pieces(doc).join('') };
}

const typeAt = (state, pos, letters) => state.apply(state.tr.insertText(letters, pos));
const endOf = (doc, index) => {
  let pos = 0;
  for (let i = 0; i <= index; i++) pos += doc.child(i).nodeSize;
  return pos - 1;
};

describe('reading', () => {
  const kinds = (text) => {
    const found = [];
    new Manuscript().open(text).forEach((node) => found.push(node.type.name + (node.attrs.kind ? `:${node.attrs.kind}` : '')));
    return found;
  };
  const cases = [
    ['<!-- paywall -->', ['paywall']],
    ['  <!--paywall-->  ', ['paywall']],
    ['<!-- paywall --> 后', ['source_block:html']],
    ['<div>\n*a*\n</div>', ['source_block:html']],
    ['[^1]: 注\n    续\n\n正文', ['footnote', 'paragraph']],
    ['正文\n[^1]: 注', ['paragraph', 'footnote']],
    ['- [^1]: 注', ['bullet_list']],
    ['[^1]: $$\n    a\n    $$', ['source_block:footnote']],
    ['> [!WARNING]\n> 小心', ['callout:warning']],
    ['> [!note]\n> - 一', ['callout:note']],
    ['> [!NOTE] 题\n> 文', ['blockquote']],
    ['[a]: https://b.c\n[d]: /e', ['source_block:reference']],
    ['$$\na\n\nb\n$$', ['source_block:math']],
    ['---\ntitle: 题\n---\n\n文', ['source_block:frontmatter', 'paragraph']],
    ['---\n\n文\n\n---', ['horizontal_rule', 'paragraph', 'horizontal_rule']],
    ['| a |\n| - |\n| 1 | 2 |', ['source_block:table']],
    ['| a | b |\n| - | - |\n| 1 |', ['table']],
    ['![图](https://a.b/c.png "题")', ['figure']],
    ['看 ![图](https://a.b/c.png)', ['paragraph']],
    ['##### 五', ['heading']],
  ];
  for (const [text, expected] of cases) it(`${JSON.stringify(text)} is ${expected}`, () => assert.deepEqual(kinds(text), expected));

  it('emphasis holds beside Chinese punctuation', () => {
    const doc = new Manuscript().open('**这是重点。**后面');
    assert.equal(doc.firstChild.firstChild.text, '这是重点。');
    assert.equal(doc.firstChild.firstChild.marks[0].type, schema.marks.strong);
  });

  it('addresses we do not follow stay as they are written', () => {
    const doc = new Manuscript().open('[坏](javascript:alert(1)) [内](/a) <ftp://x.y>');
    doc.descendants((node) => assert.ok(!node.marks.some((mark) => mark.type === schema.marks.link)));
    assert.equal(new Manuscript().pieces(doc).join(''), '[坏](<javascript:alert(1)>) [内](/a) <ftp://x.y>');
  });

  it('quotes nested without end stay readable and lose nothing', () => {
    const text = `${'> '.repeat(20_000)}深`;
    const manuscript = new Manuscript();
    assert.equal(manuscript.pieces(manuscript.open(text)).join(''), text);
  });
});

describe('writing', () => {
  it('a change touches its own block and leaves all others as they were written', () => {
    const before = '标题\n===\n第一段 __旧__\n\n\n\n*   星\n*   号\n\n最后&nbsp;段\n';
    const { state, text } = open(before);
    const after = text(typeAt(state, endOf(state.doc, 1), '！').doc);
    assert.deepEqual(diff([before], [after])?.insert.includes('星'), false);
    assert.ok(after.startsWith('标题\n===\n'));
    assert.ok(after.endsWith('\n\n*   星\n*   号\n\n最后&nbsp;段\n'));
  });

  it('two lists left side by side stay two', () => {
    const { manuscript, state, text } = open('- 一\n\n间\n\n- 二');
    const start = state.doc.child(0).nodeSize;
    const joined = state.apply(state.tr.delete(start, start + state.doc.child(1).nodeSize)).doc;
    assert.equal(text(joined), '- 一\n\n* 二');
    assert.equal(manuscript.open(text(joined)).childCount, 2);
  });

  it('a fence nobody closed is closed before what follows it', () => {
    const { state, text } = open('```\n码');
    const after = state.apply(state.tr.insert(state.doc.content.size, schema.node('paragraph', null, schema.text('后')))).doc;
    assert.equal(text(after), '```\n码\n```\n\n后');
  });

  it('indented code does not fall into a list that comes to stand above it', () => {
    const { state, text } = open('- 一\n\n间\n\n    码');
    const start = state.doc.child(0).nodeSize;
    const after = state.apply(state.tr.delete(start, start + state.doc.child(1).nodeSize)).doc;
    assert.equal(text(after), '- 一\n\n```\n码\n```');
  });

  it('links by reference keep their address when the definition goes', () => {
    const { state, text } = open('看[这里][a]。\n\n[a]: https://b.c/');
    const after = state.apply(state.tr.delete(state.doc.child(0).nodeSize, state.doc.content.size)).doc;
    assert.equal(text(after), '看[这里](https://b.c/)。');
  });

  it('empty paragraphs have no Markdown', () => {
    const { state, text } = open('一\n\n二');
    const after = state.apply(state.tr.insert(3, schema.node('paragraph'))).doc;
    assert.equal(text(after), '一\n\n二');
  });

  it('half a character does not get out', () => {
    const { state, text } = open('```\na\n```\n\n文');
    const code = typeAt(state, 1, '\ud83d');
    assert.equal(text(typeAt(code, code.doc.content.size - 1, '\ude00').doc), '```\n\ufffda\n```\n\n文\ufffd');
  });
});

describe('taking changes from elsewhere', () => {
  it('makes the document the text, in one small step', () => {
    const { manuscript, state, text } = open('# 题\n\n第一段\n\n第二段');
    const tr = manuscript.revise(state, '# 题\n\n第一段改\n\n第二段');
    assert.equal(tr.steps.length, 1);
    assert.equal(tr.steps[0].slice.content.textBetween(0, tr.steps[0].slice.content.size), '改');
    assert.equal(text(tr.doc), '# 题\n\n第一段改\n\n第二段');
    assert.equal(tr.doc.child(2), state.doc.child(2));
  });

  it('an empty line somebody is about to write on stays', () => {
    const { manuscript, state, text } = open('一\n\n二');
    const waiting = state.apply(state.tr.insert(3, schema.node('paragraph')));
    const tr = manuscript.revise(waiting, '一\n\n二\n\n三');
    assert.equal(tr.doc.childCount, 4);
    assert.equal(text(tr.doc), '一\n\n二\n\n三');
  });

  it('works for any text from any other', () => {
    const r = random(21);
    for (let i = 0; i < 1500; i++) {
      const { manuscript, state, text } = open(randomMarkdown(r, 12));
      let current = state;
      for (let n = 0; n < 3; n++) {
        const next = r.chance(0.5) ? randomMarkdown(r, 12) : spliced(r, text(current.doc));
        current = current.apply(manuscript.revise(current, next));
        current.doc.check();
        assert.equal(text(current.doc), /[^ \t\n]/.test(next) ? next : '');
      }
    }
  });
});

function spliced(r, text) {
  const at = r.below(text.length + 1);
  const removed = Math.min(text.length - at, r.below(4));
  return applySplices(text, [{ at, delete: removed, insert: randomMarkdown(r, 2) }]);
}

describe('positions', () => {
  it('go to the Markdown and back', () => {
    const text = '# 题目\n\n这是**重点**内容，[链接](https://example.com/)。\n\n- 一\n- [x] 二\n\n| a | b |\n| --- | --- |\n| 甲 | 乙 |\n';
    const { manuscript, state } = open(text);
    const parts = manuscript.parts(state.doc);
    for (const word of ['题目', '重点', '内容', '链接', '一', '二', '甲', '乙']) {
      const offset = text.indexOf(word);
      const pos = positionAt(parts, state.doc, offset);
      assert.equal(state.doc.textBetween(pos, pos + 1), word[0], word);
      assert.equal(offsetAt(parts, state.doc, pos + 1), offset + 1, word);
    }
  });

  it('are always inside', () => {
    const r = random(31);
    for (let i = 0; i < 300; i++) {
      const text = randomMarkdown(r, 10);
      const { manuscript, state } = open(text);
      const parts = manuscript.parts(state.doc);
      for (let at = 0; at <= text.length; at++) {
        const pos = positionAt(parts, state.doc, at);
        assert.ok(pos >= 0 && pos <= state.doc.content.size);
      }
      for (let pos = 0; pos <= state.doc.content.size; pos++) {
        const at = offsetAt(parts, state.doc, pos);
        assert.ok(at >= 0 && at <= text.length);
      }
    }
  });
});
