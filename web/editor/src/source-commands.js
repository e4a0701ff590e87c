// The toolbar's commands on Markdown itself: each gives the splice it wants and the selection after.

import { readBlocks } from './build.js';
import { linkFromTyping } from './links.js';

const WRAPS = { bold: '**', italic: '*', code: '`', strike: '~~' };
const LINES = { h1: '# ', h2: '## ', h3: '### ', h4: '#### ', quote: '> ', bullet: '- ', task: '- [ ] ' };
const BLOCKS = {
  hr: '---',
  paywall: '<!-- paywall -->',
  table: '|  |  |  |\n| --- | --- | --- |\n|  |  |  |',
};
const CALLOUT = /^callout(?:-(\w+))?$/;
const PREFIX = /^(#{1,6} +|> ?|[-*+] \[[ xX]\] +|[-*+] +|\d{1,9}[.)] +)/;

/** { splice, from, to } or null when there is nothing to do. */
export function sourceCommand(text, from, to, name, value) {
  if (WRAPS[name]) return wrap(text, from, to, WRAPS[name]);
  if (name === 'paragraph' || name === 'ordered' || LINES[name]) return prefixLines(text, from, to, name);
  if (BLOCKS[name]) return block(text, to, BLOCKS[name]);
  if (CALLOUT.test(name)) return callout(text, from, to, CALLOUT.exec(name)[1] ?? 'note');
  if (name === 'footnote') return footnote(text, to);
  if (name === 'move-up') return moveBlock(text, from, to, -1);
  if (name === 'move-down') return moveBlock(text, from, to, 1);
  if (name === 'codeblock') return fence(text, from, to);
  if (name === 'link') return link(text, from, to, value);
  if (name === 'image' && value?.src) return block(text, to, image(value));
  if (name === 'images' && value?.images?.length) return block(text, to, value.images.map(cameIn).join('\n\n'));
  return null;
}

const image = ({ src, alt }) => `![${alt ?? ''}](${src})`;
const fileLink = ({ src, alt }) => `[${(alt || src).replace(/[\\`*<&]/g, '\\$&')}](${src})`;
const cameIn = (one) => (one.isLinked ? fileLink(one) : image(one));

function wrap(text, from, to, sign) {
  const { length } = sign;
  const inner = text.slice(from, to);
  if (text.slice(from - length, from) === sign && text.slice(to, to + length) === sign) {
    return { splice: { at: from - length, delete: inner.length + 2 * length, insert: inner }, from: from - length, to: to - length };
  }
  return { splice: { at: from, delete: inner.length, insert: sign + inner + sign }, from: from + length, to: to + length };
}

function prefixLines(text, from, to, name) {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', to) < 0 ? text.length : text.indexOf('\n', to);
  const old = text.slice(start, end);
  const lines = old.split('\n');
  const prefix = (i) => (name === 'ordered' ? `${i + 1}. ` : (LINES[name] ?? ''));
  const has = (line, i) => (PREFIX.exec(line)?.[0] ?? '') === prefix(i);
  const off = lines.every(has);
  const changed = lines.map((line, i) => (off ? '' : prefix(i)) + line.replace(PREFIX, '')).join('\n');
  if (changed === old) return null;
  return { splice: { at: start, delete: old.length, insert: changed }, from: start + changed.length, to: start + changed.length };
}

/** The lines of the selection below a name; where one stands above them, it gets the new kind. */
function callout(text, from, to, kind) {
  const name = `[!${kind.toUpperCase()}]`;
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', to) < 0 ? text.length : text.indexOf('\n', to);
  const named = /(?:^|\n)> \[!(\w+)\](?=[ \t]*(?:\n>[^\n]*)*$)/.exec(text.slice(0, end));
  if (named) {
    const at = named.index + named[0].indexOf('[');
    const removed = named[1].length + 3;
    const moved = name.length - removed;
    return { splice: { at, delete: removed, insert: name }, from: from + moved, to: to + moved };
  }
  const lines = text.slice(start, end).split('\n').map((line) => `> ${line.replace(/^> ?/, '')}`.trimEnd());
  const insert = `> ${name}\n${lines.join('\n')}${lines.length === 1 && lines[0] === '>' ? ' ' : ''}`;
  return { splice: { at: start, delete: end - start, insert }, from: start + insert.length, to: start + insert.length };
}

function footnote(text, to) {
  const labels = Array.from(text.matchAll(/\[\^(\d{1,9})\]/g), (found) => Number(found[1]));
  const label = `[^${Math.max(0, ...labels) + 1}]`;
  const rest = text.slice(to).replace(/\n+$/, '');
  const insert = `${label}${rest}\n\n${label}: `;
  return { splice: { at: to, delete: text.length - to, insert }, from: to + insert.length, to: to + insert.length };
}

/** The blocks of the selection change places with the one above or below. */
function moveBlock(text, from, to, direction) {
  const spans = [];
  let at = 0;
  for (const { lead, source } of readBlocks(text).blocks) {
    spans.push({ start: at + lead.length, end: at + lead.length + source.length });
    at += lead.length + source.length;
  }
  const first = spans.findIndex((span) => span.end >= from);
  const last = spans.findLastIndex((span) => span.start <= to);
  const other = spans[direction < 0 ? first - 1 : last + 1];
  if (first < 0 || last < first || !other) return null;
  const [a, b] = direction < 0 ? [other, { start: spans[first].start, end: spans[last].end }] : [{ start: spans[first].start, end: spans[last].end }, other];
  const insert = text.slice(b.start, b.end) + text.slice(a.end, b.start) + text.slice(a.start, a.end);
  const moved = direction < 0 ? a.start - b.start : b.end - a.end;
  return { splice: { at: a.start, delete: b.end - a.start, insert }, from: from + moved, to: to + moved };
}

/** On lines of its own below the present one. */
function block(text, to, content) {
  const end = text.indexOf('\n', to) < 0 ? text.length : text.indexOf('\n', to);
  const before = text.slice(0, end);
  const lead = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const insert = `${lead}${content}\n${text.slice(end).startsWith('\n\n') ? '' : '\n'}`;
  const caret = end + insert.length;
  return { splice: { at: end, delete: 0, insert }, from: caret, to: caret };
}

function fence(text, from, to) {
  const inner = text.slice(from, to);
  const lead = from === 0 || text[from - 1] === '\n' ? '' : '\n';
  const insert = `${lead}\`\`\`\n${inner}\n\`\`\`\n`;
  const caret = from + lead.length + 4;
  return { splice: { at: from, delete: inner.length, insert }, from: caret, to: caret + inner.length };
}

function link(text, from, to, value) {
  const href = value ? linkFromTyping(`${value}`) : null;
  if (!href) return null;
  const inner = text.slice(from, to) || href;
  const insert = `[${inner}](${href})`;
  return { splice: { at: from, delete: to - from, insert }, from: from + insert.length, to: from + insert.length };
}
