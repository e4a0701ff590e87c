// The toolbar's commands on Markdown itself: each gives the splice it wants and the selection after.

import { linkFromTyping } from './links.js';

const WRAPS = { bold: '**', italic: '*', code: '`', strike: '~~' };
const LINES = { h1: '# ', h2: '## ', h3: '### ', h4: '#### ', quote: '> ', bullet: '- ', task: '- [ ] ' };
const BLOCKS = {
  hr: '---',
  paywall: '<!-- paywall -->',
  table: '|  |  |  |\n| --- | --- | --- |\n|  |  |  |',
};
const PREFIX = /^(#{1,6} +|> ?|[-*+] \[[ xX]\] +|[-*+] +|\d{1,9}[.)] +)/;

/** { splice, from, to } or null when there is nothing to do. */
export function sourceCommand(text, from, to, name, value) {
  if (WRAPS[name]) return wrap(text, from, to, WRAPS[name]);
  if (name === 'paragraph' || name === 'ordered' || LINES[name]) return prefixLines(text, from, to, name);
  if (BLOCKS[name]) return block(text, to, BLOCKS[name]);
  if (name === 'codeblock') return fence(text, from, to);
  if (name === 'link') return link(text, from, to, value);
  if (name === 'image' && value?.src) return block(text, to, image(value));
  if (name === 'images' && value?.images?.length) return block(text, to, value.images.map(image).join('\n\n'));
  return null;
}

const image = ({ src, alt }) => `![${alt ?? ''}](${src})`;

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
