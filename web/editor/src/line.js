// The tokens of one line of text as inline content.

import { Fragment } from 'prosemirror-model';

import { destination, isLinkAllowed, quotedTitle } from './links.js';
import { schema } from './schema.js';

const { nodes, marks } = schema;

/** `where.breaks: 'space'` for headings, `where.cell` for table cells. */
export function lineContent(tokens, where) {
  const line = new Line(tokens, where);
  while (line.at < tokens.length) line.take(tokens[line.at]);
  return Fragment.from(line.out);
}

/** The index of the token that closes the one at `open`. */
export function closing(tokens, open) {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    depth += tokens[i].nesting;
    if (depth === 0) return i;
  }
  return tokens.length;
}

const EMPHASIS = { strong: marks.strong, em: marks.em, s: marks.strike };

class Line {
  constructor(tokens, where) {
    this.tokens = tokens;
    this.where = where;
    this.at = 0;
    this.out = [];
    this.active = [];
    /** For each open link: null, or the source that closes one that is no link of ours. */
    this.linkEnds = [];
  }

  take(token) {
    this.at++;
    const [, name, edge] = /^(strong|em|s)_(open|close)$/.exec(token.type) ?? [];
    if (edge === 'open') this.open(EMPHASIS[name].create());
    else if (edge === 'close') this.close(EMPHASIS[name]);
    else if (token.type in TAKERS) TAKERS[token.type](this, token);
    else this.source(token.content);
  }

  open(mark) {
    this.active = mark.addToSet(this.active);
  }

  close(type) {
    this.active = this.active.filter((mark) => mark.type !== type);
  }

  text(content, mark = null) {
    if (content) this.out.push(schema.text(content, mark ? mark.addToSet(this.active) : this.active));
  }

  source(content) {
    this.text(content, marks.source.create());
  }

  node(type, attrs) {
    this.out.push(type.create(attrs, null, this.active));
  }
}

const TAKERS = {
  text: (line, token) => line.text(token.content),
  text_special: (line, token) => line.text(token.content),
  softbreak: (line) => lineBreak(line, true),
  hardbreak: (line) => lineBreak(line, false),
  code_inline: (line, token) => line.text(token.content, marks.code.create()),
  link_open: openLink,
  link_close: closeLink,
  image: addImage,
  footnote_ref: (line, token) => line.node(nodes.footnote_ref, { label: token.content.slice(2, -1) }),
  html_inline: addHtml,
};

function lineBreak(line, soft) {
  if (line.where.breaks === 'space') line.text(' ');
  else line.node(nodes.hard_break, { soft });
}

/** A link of ours, or the same content between two pieces of kept source. */
function openLink(line, token) {
  const { href, title } = addressOf(token, 'href');
  const inner = line.tokens.slice(line.at, closing(line.tokens, line.at - 1));
  if (isLinkAllowed(href) && canBeLinkText(inner)) {
    line.open(marks.link.create({ href, title }));
    line.linkEnds.push(null);
  } else if (token.markup === 'autolink') {
    line.source(`<${inner[0].content}>`);
    line.at += 2;
  } else {
    line.source('[');
    line.linkEnds.push(`](${destination(href)}${quotedTitle(title)})`);
  }
}

function closeLink(line) {
  const end = line.linkEnds.pop();
  if (end) line.source(end);
  else line.close(marks.link);
}

/** A link needs something to show, and no other link inside. */
function canBeLinkText(tokens) {
  const shows = tokens.some((token) => ['image', 'code_inline'].includes(token.type) || /\S/.test(token.content));
  return shows && !tokens.some((token) => token.type === 'link_open');
}

function addImage(line, token) {
  const { src, title } = addressOf(token, 'src');
  const isBreak = (child) => child.type === 'softbreak' || child.type === 'hardbreak';
  const isPlain = (child) => isBreak(child) || child.type === 'text' || child.type === 'text_special';
  if (token.children.every(isPlain)) {
    const alt = token.children.map((child) => (isBreak(child) ? ' ' : child.content)).join('');
    line.node(nodes.image, { src, alt, title });
  } else {
    // A description with markup of its own has no field to stand in.
    const alt = token.content.replace(/\n/g, ' ');
    line.source(`![${alt}](${destination(src)}${quotedTitle(title)})`);
  }
}

function addHtml(line, token) {
  const isLineBreak = line.where.cell && /^<br\s*\/?>$/i.test(token.content);
  if (isLineBreak) line.node(nodes.hard_break, null);
  else line.source(token.content.replace(/\n/g, ' '));
}

function addressOf(token, name) {
  const title = (token.attrGet('title') ?? '').replace(/\s*\n\s*/g, ' ');
  return { [name]: token.attrGet(name) ?? '', title };
}
