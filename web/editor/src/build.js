// From Markdown to document nodes. Reading the block structure and reading the lines are two steps,
// so that a change to a long text only pays for the blocks that differ.

import { closing, lineContent } from './line.js';
import { markdown } from './markdown.js';
import { CALLOUTS, schema } from './schema.js';

const { nodes } = schema;

/**
 * The blocks of a text, each with its exact source and the blank lines before it, and the link
 * definitions found. `build(block)` makes a node of one.
 */
export function readBlocks(text, references) {
  const env = references ? { references: { ...references } } : {};
  const tokens = [];
  markdown.block.parse(text, markdown, env, tokens);
  const lines = lineStarts(text);
  const blocks = [];
  let end = 0;
  const add = (from, to, content) => {
    if (to <= from) return;
    const lead = text.slice(end === 0 ? 0 : lines[end] - 1, lines[from]);
    blocks.push({ tokens: content, env, lead, source: sourceOf(text, lines, from, to) });
    end = to;
  };
  for (const group of topLevel(tokens)) {
    const [from, to] = withoutBlankEnd(text, lines, group[0].map);
    const gap = firstWrittenLine(text, lines, end, from);
    if (gap < from) add(gap, withoutBlankEnd(text, lines, [gap, from])[1], null);
    add(from, to, group);
  }
  const last = lines.length - 1;
  const gap = firstWrittenLine(text, lines, end, last);
  if (gap < last) add(gap, withoutBlankEnd(text, lines, [gap, last])[1], null);
  return { blocks: joinDefinitions(blocks), env, tail: tailOf(text, lines, end, blocks) };
}

function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  if (starts[starts.length - 1] < text.length) starts.push(text.length + 1);
  return starts;
}

// The last line break before the next block belongs to what lies between, so a source has none.
const sourceOf = (text, lines, from, to) => text.slice(lines[from], Math.min(lines[to], text.length + 1) - 1);

function tailOf(text, lines, end, blocks) {
  return blocks.length === 0 ? '' : text.slice(Math.min(lines[end] - 1, text.length));
}

function firstWrittenLine(text, lines, from, to) {
  let line = from;
  while (line < to && isBlank(text.slice(lines[line], lines[line + 1]))) line++;
  return line;
}

// An ideographic or a hard space is something written.
const isBlank = (line) => /^[ \t\n]*$/.test(line);

function withoutBlankEnd(text, lines, [from, to]) {
  let end = Math.min(to, lines.length - 1);
  while (end > from && isBlank(text.slice(lines[end - 1], lines[end]))) end--;
  return [from, end];
}

function* topLevel(tokens) {
  let group = [];
  for (const token of tokens) {
    group.push(token);
    if (token.level === 0 && token.nesting <= 0) {
      yield group;
      group = [];
    }
  }
}

/** Definitions on lines that follow each other are one block to a person. */
function joinDefinitions(blocks) {
  const joined = [];
  for (const block of blocks) {
    const before = joined[joined.length - 1];
    const both = before && [before, block].every((one) => one.tokens?.[0].type === 'reference_definition');
    if (both && block.lead === '\n') before.source += `\n${block.source}`;
    else joined.push({ ...block });
  }
  return joined;
}

/** The node of one block of `readBlocks`. */
export function build(block) {
  const first = block.tokens?.[0];
  const isNote = first?.type === 'source' && first.info === 'footnote';
  return (isNote && footnote(first.content, block.env)) || withoutNotes(block);
}

/** Footnotes stand at the top of a document only; inside other blocks they are kept as source. */
function withoutNotes({ tokens, source, env }) {
  if (!tokens) return sourceBlock('unknown', source);
  if (tokens[0].type === 'reference_definition') return sourceBlock('reference', source);
  const built = new Builder(env).blocks(tokens);
  return built.length === 1 ? built[0] : sourceBlock('unknown', source);
}

/** A whole text as nodes, for pasting and comparing. */
export function readNodes(text) {
  return readBlocks(text).blocks.map(build);
}

/** A cell's Markdown as inline content. */
export function readInline(text, env) {
  const tokens = [];
  markdown.inline.parse(text, markdown, env, tokens);
  return lineContent(tokens, { cell: true });
}

function sourceBlock(kind, text) {
  return nodes.source_block.create({ kind }, text ? schema.text(text) : null);
}

class Builder {
  constructor(env) {
    this.env = env;
  }

  blocks(tokens) {
    const out = [];
    for (let i = 0; i < tokens.length; i++) {
      const end = tokens[i].nesting === 1 ? closing(tokens, i) : i;
      const node = this.block(tokens[i], tokens.slice(i + 1, end));
      if (node) out.push(node);
      i = end;
    }
    return out;
  }

  block(token, inner) {
    switch (token.type) {
      case 'paragraph_open':
        return this.paragraph(inner[0]);
      case 'heading_open':
        return nodes.heading.create({ level: Number(token.tag[1]) }, this.line(inner[0], { breaks: 'space' }));
      case 'blockquote_open':
        return this.quote(inner);
      case 'bullet_list_open':
        return nodes.bullet_list.create({ bullet: token.markup, tight: isTight(inner) }, this.items(inner));
      case 'ordered_list_open':
        return nodes.ordered_list.create(
          { order: Number(token.attrGet('start') ?? 1), delimiter: token.markup, tight: isTight(inner) },
          this.items(inner)
        );
      case 'table_open':
        return this.table(inner);
      case 'fence':
        return codeBlock(markdown.utils.unescapeAll(token.info).trim(), token.content);
      case 'code_block':
        return codeBlock('', token.content);
      case 'hr':
        return nodes.horizontal_rule.create();
      case 'html_block':
        return htmlBlock(token.content.replace(/\n+$/, ''));
      case 'reference_definition':
        return sourceBlock('reference', token.content);
      case 'source':
        return sourceBlock(token.info, token.content);
      default:
        throw new Error(`no rule for a block of kind ${token.type}`);
    }
  }

  blocksOrEmpty(tokens) {
    const content = this.blocks(tokens);
    return content.length > 0 ? content : [nodes.paragraph.create()];
  }

  /** A quote whose first line names a kind is a callout. */
  quote(inner) {
    const line = inner[0]?.type === 'paragraph_open' ? inner[1] : null;
    const found = line && CALLOUT.exec(line.content);
    if (!found) return nodes.blockquote.create(null, this.blocksOrEmpty(inner));
    const content = line.content.slice(found[0].length).trimStart();
    const rest = content ? inner.with(1, { ...line, content }) : inner.slice(3);
    return nodes.callout.create({ kind: found[1].toLowerCase() }, this.blocksOrEmpty(rest));
  }

  paragraph(token) {
    const content = this.line(token, {});
    const only = content.childCount === 1 ? content.firstChild : null;
    if (only?.type === nodes.image && only.marks.length === 0) return nodes.figure.create(only.attrs);
    return nodes.paragraph.create(null, content);
  }

  items(tokens) {
    const items = [];
    for (let i = 0; i < tokens.length; i++) {
      const end = closing(tokens, i);
      const inner = tokens.slice(i + 1, end);
      const isTask = inner[0]?.type === 'paragraph_open' && TASK.test(inner[1].content);
      items.push(listItem(this.blocksOrEmpty(inner), isTask));
      i = end;
    }
    return items;
  }

  table(tokens) {
    const rows = [];
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i];
      if (token.type === 'tr_open') rows.push([]);
      if (token.type !== 'td_open' && token.type !== 'th_open') continue;
      const type = token.type === 'th_open' ? nodes.table_header : nodes.table_cell;
      const align = /text-align:(\w+)/.exec(token.attrGet('style') ?? '')?.[1] ?? null;
      const text = nodes.paragraph.create(null, this.line(tokens[i + 1], { cell: true }));
      rows[rows.length - 1].push(type.create({ align }, text));
    }
    return nodes.table.create(null, rows.map((cells) => nodes.table_row.create(null, cells)));
  }

  line(token, where) {
    const tokens = [];
    markdown.inline.parse(token.content, markdown, this.env, tokens);
    return lineContent(tokens, where);
  }
}

function isTight(tokens) {
  const level = tokens[0].level + 1;
  return !tokens.some((token) => token.type === 'paragraph_open' && token.level === level && !token.hidden);
}

const TASK = /^\[([ xX])\](?:[ \t]|$)/;

function listItem(content, isTask) {
  const [first, ...rest] = content;
  // `[x]` may also be a link by reference; then there is no box in the text.
  const box = isTask && first.firstChild?.isText && TASK.exec(first.firstChild.text);
  if (!box || first.firstChild.marks.length > 0) return nodes.list_item.create(null, content);
  const paragraph = nodes.paragraph.create(null, first.content.cut(box[0].length));
  return nodes.list_item.create({ checked: box[1] !== ' ' }, [paragraph, ...rest]);
}

function codeBlock(language, content) {
  const text = content.replace(/\n$/, '');
  return nodes.code_block.create({ language }, text ? schema.text(text) : null);
}

const CALLOUT = new RegExp(`^\\[!(${CALLOUTS.join('|')})\\][ \\t]*(?:\\n|$)`, 'i');

/** Whether a quote with this text would be read as a callout. */
export const looksLikeCallout = (text) => CALLOUT.test(text);

const NOTE = /^ {0,3}\[\^([^\]\s]+)\]:[ \t]*/;

/** A note with its blocks; null when something in it can only be kept as source. */
function footnote(text, env) {
  const [head, label] = NOTE.exec(text);
  const inner = text.slice(head.length).replace(/\n(?: {0,3}\t| {1,4})/g, '\n');
  const content = readBlocks(inner, env.references).blocks.map(withoutNotes);
  if (content.some(holdsSource)) return null;
  return nodes.footnote.create({ label }, content.length > 0 ? content : [nodes.paragraph.create()]);
}

function holdsSource(node) {
  let found = node.type === nodes.source_block;
  node.descendants((child) => {
    found ||= child.type === nodes.source_block;
    return !found;
  });
  return found;
}

/** The line that sets apart what only members see. */
export const PAYWALL = /^ {0,3}<!--[ \t]*paywall[ \t]*-->[ \t]*$/;

function htmlBlock(content) {
  return PAYWALL.test(content) ? nodes.paywall.create() : sourceBlock('html', content);
}
