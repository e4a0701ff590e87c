// Blocks as Markdown. Lists beside each other get different markers, because equal ones would be
// read as one list.

import { looksLikeCallout } from './build.js';
import { cellText, headingText, imageText, paragraphText } from './inline.js';
import { schema } from './schema.js';

const lineCache = new WeakMap();

/** Markdown of one block; `avoid` is the marker of the list right before it, if there is one. */
export function blockText(node, env, avoid = null, around = null) {
  switch (node.type.name) {
    case 'paragraph':
      return remembered(node, env, paragraphText);
    case 'heading':
      return remembered(node, env, headingText);
    case 'code_block':
      return fenced(node);
    case 'source_block':
      return node.textContent.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
    case 'figure':
      return imageText(node.attrs);
    case 'horizontal_rule':
      return around === '-' ? '***' : '---';
    case 'paywall':
      return '<!-- paywall -->';
    case 'blockquote':
      return quoted(node, env);
    case 'callout':
      return calloutText(node, env);
    case 'footnote':
      return footnoteText(node, env);
    case 'table':
      return tableText(node, env);
    case 'bullet_list':
    case 'ordered_list':
      return listText(node, env, avoid);
    default:
      throw new Error(`no Markdown for a block of kind ${node.type.name}`);
  }
}

/** A line's Markdown depends on its node and, where it has brackets, on the link definitions. */
function remembered(node, env, write) {
  const known = lineCache.get(node);
  if (known && (known.key === env.key || !known.text.includes('['))) return known.text;
  const text = write(node, env);
  lineCache.set(node, { text, key: env.key });
  return text;
}

function fenced(node) {
  const text = node.textContent;
  const { language } = node.attrs;
  const mark = language.includes('`') ? '~' : '`';
  const longest = Math.max(2, ...(text.match(mark === '~' ? /~+/g : /`+/g) ?? []).map((run) => run.length));
  const fence = mark.repeat(longest + 1);
  const name = language.replace(/\s+/g, ' ').trim().replace(/[\\&]/g, '\\$&');
  const tag = name.startsWith(mark) ? ` ${name}` : name;
  return text ? `${fence}${tag}\n${text}\n${fence}` : `${fence}${tag}\n${fence}`;
}

function quoted(node, env) {
  const text = joinBlocks(piecesOf(node, env));
  return withArrows(looksLikeCallout(text) ? `\\${text}` : text);
}

const withArrows = (text) => text.replace(/^/gm, '> ').replace(/^> $/gm, '>');

function calloutText(node, env) {
  const pieces = piecesOf(node, env);
  const text = joinBlocks(pieces);
  const name = `[!${node.attrs.kind.toUpperCase()}]`;
  // Right below its name, dashes and bars would turn the name into a heading or a table.
  const isTight = pieces[0]?.node.type.name === 'paragraph' && !/^\s*[-=|:]/.test(text);
  return withArrows(text ? `${name}${isTight ? '\n' : '\n\n'}${text}` : name);
}

function footnoteText(node, env) {
  const text = joinBlocks(piecesOf(node, env));
  return `[^${node.attrs.label}]:${text ? ` ${text.replace(/\n(?!\n|$)/g, '\n    ')}` : ''}`;
}

const isList = (node) => node.type.name === 'bullet_list' || node.type.name === 'ordered_list';

/** The marker a list's Markdown begins with. */
export function listMarker(text) {
  return /^ {0,3}(?:([-+*])|\d{1,9}([.)]))(?=\s|$)/.exec(text)?.slice(1).find(Boolean) ?? null;
}

/** The blocks inside a quote or an item; empty paragraphs among others have no Markdown. */
function piecesOf(parent, env, around = null) {
  const pieces = [];
  parent.forEach((node) => {
    const before = pieces[pieces.length - 1];
    const beside = before && isList(before.node) && isList(node) ? listMarker(before.text) : null;
    // An item that begins with a list of its own marker could look like a rule: `- - -`.
    const avoid = beside ?? (pieces.length === 0 && isList(node) ? around : null);
    const text = blockText(node, env, avoid, around);
    if (text !== '' || parent.childCount === 1) pieces.push({ node, text });
  });
  // The box of a task stands in a paragraph, be it an empty one.
  const isTask = parent.attrs.checked === true || parent.attrs.checked === false;
  const hasLine = pieces[0]?.node === parent.firstChild && parent.firstChild.type.name === 'paragraph';
  if (isTask && !hasLine) pieces.unshift({ node: schema.nodes.paragraph.create(), text: '' });
  return pieces;
}

const joinBlocks = (pieces) => pieces.map((piece) => piece.text).join('\n\n');

function listText(node, env, avoid) {
  const ordered = node.type.name === 'ordered_list';
  const mark = markerFor(node, ordered, avoid);
  const items = [];
  node.forEach((item) => items.push(piecesOf(item, env, ordered ? null : mark)));
  // Room between items shows only around paragraphs.
  const hasText = items.some((pieces) => pieces.some(({ node: { type }, text }) => type.name === 'paragraph' && text));
  const tight = (node.attrs.tight || !hasText) && items.every((pieces) => pieces.every(followsTightly));
  const between = tight ? '\n' : '\n\n';
  return items
    .map((pieces, i) => {
      const lead = ordered ? `${Math.min(node.attrs.order + i, 999_999_999)}${mark}` : mark;
      const text = pieces.map((piece) => piece.text).join(between);
      return indented(lead, taskBox(node.child(i), pieces, lead), text);
    })
    .join(between);
}

function markerFor(node, ordered, avoid) {
  const wanted = ordered ? node.attrs.delimiter : node.attrs.bullet;
  if (wanted !== avoid) return wanted;
  if (ordered) return wanted === '.' ? ')' : '.';
  return wanted === '-' ? '*' : '-';
}

/** Whether a block may stand on the line right below the one before it and stay itself. */
function followsTightly({ node, text }, index, pieces) {
  if (index === 0) return true;
  const before = pieces[index - 1].node.type.name;
  if (before !== 'paragraph' && before !== 'heading') return false;
  switch (node.type.name) {
    case 'code_block':
    case 'blockquote':
    case 'callout':
    case 'heading':
      return true;
    case 'bullet_list':
      return /^[-+*] /.test(text);
    case 'ordered_list':
      return /^1[.)] /.test(text);
    default:
      return false;
  }
}

const RULE = /^([-*_])[ \t]*(\1[ \t]*){2,}$/;

/** What stands between an item's marker and its text: a task's box, or a backslash. */
function taskBox(item, pieces, lead) {
  const { checked } = item.attrs;
  if (checked !== null) return checked ? '[x]' : '[ ]';
  const first = pieces[0];
  if (first?.node.type.name !== 'paragraph') return '';
  const looksLikeTask = /^\[[ xX]\](\s|$)/.test(first.text);
  const looksLikeRule = RULE.test(`${lead} ${first.text.split('\n', 1)[0]}`);
  return looksLikeTask || looksLikeRule ? '\\' : '';
}

function indented(lead, box, text) {
  const inner = box === '\\' ? box + text : box && text && !text.startsWith('\n') ? `${box} ${text}` : box + text;
  if (!inner) return lead;
  return `${lead} ${inner.replace(/\n(?!\n|$)/g, `\n${' '.repeat(lead.length + 1)}`)}`;
}

function tableText(node, env) {
  const rows = [];
  node.forEach((row) => {
    const cells = [];
    row.forEach((cell) => cells.push(remembered(cell, env, cellText)));
    rows.push(cells);
  });
  const width = Math.max(1, ...rows.map((cells) => cells.length));
  const line = (cells) => `| ${Array.from({ length: width }, (_, i) => cells[i] ?? '').join(' | ')} |`;
  const rule = Array.from({ length: width }, (_, i) => ruleOf(node.firstChild.maybeChild(i)?.attrs.align));
  return [line(rows[0]), line(rule), ...rows.slice(1).map(line)].join('\n');
}

const RULES = { left: ':---', center: ':---:', right: '---:' };
const ruleOf = (align) => RULES[align] ?? '---';
