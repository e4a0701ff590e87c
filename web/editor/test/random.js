// Random texts and documents from a seed, the same on every run.

import { CALLOUTS, schema } from '../src/schema.js';

export function random(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    below: (n) => Math.floor(next() * n),
    chance: (share) => next() < share,
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}

// Pieces of Markdown that mean something to somebody, and letters that must come through.
const PIECES = [
  '# ', '## ', '> ', '- ', '* ', '+ ', '1. ', '2) ', '10. ', '    ', '  ', '\t', '\n', '\n\n', '\n\n\n', '```', '```js\n', '~~~',
  '---', '===', '***', '___', '**', '*', '_', '__', '~~', '~', '`', '``', '[', ']', '(', ')', '](http://a.b/c)', '[x]: http://x.y\n',
  '[x]', '[^1]', '[^1]: note', '> [!NOTE]\n', '[!tip]', '![alt](http://i.j/k.png "cap")', '<div>', '</div>', '<b>', '<br>', '<!-- paywall -->', '<!-- c', '-->',
  '| a | b |\n| --- | :-: |\n| c | d |', '|', '\\', '\\\n', '&amp;', '&lt;', '&', '<', '>', '!', '社群', '知识付费', '，', '。', '“重点”',
  '（注）', 'a', 'b c', '1', '[ ] ', '[x] ', '<script>', '$$', '$$\n', '😀', '\u3000', ' ', '<http://a.b>', '"', "'", 'http://x.y/z_w',
  ':', '-', '=', '\u00a0', '//',
];

/** What a reader of the text would miss if it were gone. */
export const KEPT = ['社群', '知识付费', '重点', '（注）', 'div', 'script', 'note', 'alt', 'paywall', 'br>', 'http://x.y/z', 'b c', '😀', 'cap', 'c/d', 'http://a.b'];

export function randomMarkdown(r, longest) {
  let text = '';
  for (let n = 1 + r.below(longest); n > 0; n--) text += r.pick(PIECES);
  return text;
}

const WORDS = ['知识付费', '社群', '。', '“重点”', '（注）', 'word', 'a_b', '5*3', ' ', '  ', '😀', '[x]', '# ', '- ', '1. ', '<b>', '&amp;', '\\', '`', '~', '!', 'https://x.y', '|', '>', '+'];
const MARKS = [['strong'], ['em'], ['strike'], ['code'], ['link', { href: 'https://example.com/' }], ['strong'], []];

function inline(r) {
  const out = [];
  for (let n = r.below(6); n > 0; n--) {
    const marks = [];
    for (const [name, attrs] of [r.pick(MARKS), r.chance(0.2) ? r.pick(MARKS) : []]) if (name) marks.push(schema.mark(name, attrs));
    const set = marks.reduce((all, mark) => mark.addToSet(all), []);
    if (r.chance(0.05)) out.push(schema.node('footnote_ref', { label: r.pick(['1', '注']) }, null, set));
    else out.push(r.chance(0.08) ? schema.node('hard_break', { soft: r.chance(0.5) }) : schema.text(r.pick(WORDS), set));
  }
  return out;
}

const paragraph = (r) => schema.node('paragraph', null, inline(r));

function block(r, depth) {
  const kinds = ['paragraph', 'paragraph', 'heading', 'code', 'rule', 'paywall', 'figure', 'table'];
  if (depth > 0) kinds.push('quote', 'callout', 'bullet', 'ordered', 'task');
  switch (r.pick(kinds)) {
    case 'heading':
      return schema.node('heading', { level: 1 + r.below(4) }, inline(r).filter((node) => node.type.name !== 'hard_break'));
    case 'code':
      return schema.node('code_block', { language: r.pick(['', 'js', 'c++']) }, r.chance(0.9) ? schema.text(r.pick(['let a\n\nlet b', '```', '  x', '社群'])) : null);
    case 'rule':
      return schema.node('horizontal_rule');
    case 'paywall':
      return schema.node('paywall');
    case 'figure':
      return schema.node('figure', { src: 'https://example.com/a.png', alt: r.pick(['', '图[1]', 'a*b*']), title: r.pick(['', '题"注']) });
    case 'table':
      return table(r);
    case 'quote':
      return schema.node('blockquote', null, blocks(r, depth - 1));
    case 'callout':
      return schema.node('callout', { kind: r.pick(CALLOUTS) }, blocks(r, depth - 1));
    case 'bullet':
      return schema.node('bullet_list', { tight: r.chance(0.5) }, items(r, depth - 1, null));
    case 'ordered':
      return schema.node('ordered_list', { order: r.below(12), tight: r.chance(0.5) }, items(r, depth - 1, null));
    case 'task':
      return schema.node('bullet_list', { tight: r.chance(0.5) }, items(r, depth - 1, r.chance(0.5)));
    default:
      return paragraph(r);
  }
}

function items(r, depth, checked) {
  const out = [];
  for (let n = 1 + r.below(3); n > 0; n--) {
    const content = r.chance(0.7) ? [paragraph(r)] : blocks(r, depth);
    out.push(schema.node('list_item', { checked }, content));
  }
  return out;
}

function table(r) {
  const width = 1 + r.below(3);
  const row = (type) => {
    const cells = [];
    for (let n = width; n > 0; n--) cells.push(schema.node(type, { align: null }, [paragraph(r)]));
    return schema.node('table_row', null, cells);
  };
  return schema.node('table', null, [row('table_header'), row('table_cell')]);
}

function blocks(r, depth) {
  const out = [];
  for (let n = 1 + r.below(4); n > 0; n--) out.push(block(r, depth));
  return out;
}

/** A document as editing could leave it, also in ways no Markdown says. */
export const randomDocument = (r) => schema.node('doc', null, [...blocks(r, 2), ...notes(r)]);

function notes(r) {
  return r.chance(0.3) ? [schema.node('footnote', { label: r.pick(['1', '注']) }, blocks(r, 1))] : [];
}
