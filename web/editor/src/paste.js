// What may be pasted or dropped: plain text (read as Markdown where it looks like it) and HTML, which
// goes through the schema and leaves everything behind that is not a kind of ours.

import { Fragment, Slice } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';

import { readNodes } from './build.js';
import { byteLength, clean } from './clean.js';
import { foreignParser, withoutIgnored } from './foreign.js';
import { isLinkAllowed } from './links.js';
import { schema } from './schema.js';

const PASTE_LIMIT = 1024 * 1024;

export function pasting(surface) {
  return new Plugin({
    props: {
      handleDOMEvents: {
        paste: (view, event) => takesOver(surface, event, event.clipboardData),
        drop: (view, event) => !view.dragging && takesOver(surface, event, event.dataTransfer),
      },
      transformPastedText: (text) => clean(text),
      transformPastedHTML: (html) => withoutIgnored(clean(html)),
      clipboardParser: foreignParser(schema),
      handlePaste: (view, _event, slice) => linksSelection(view, slice),
      transformPasted: figures,
      clipboardTextParser: (text, $context, plain) => textSlice(text, $context, plain),
    },
  });
}

/** Refuses what is too large and hands files to the host; true when nothing is left to do. */
export function takesOver(surface, event, transfer) {
  if (!transfer || surface.session.readOnly) return false;
  const text = transfer.getData('text/plain');
  const html = transfer.getData('text/html');
  const bytes = Math.max(byteLength(text), byteLength(html));
  const files = Array.from(transfer.files ?? []);
  if (bytes > PASTE_LIMIT) surface.session.refuse({ code: 'too_large', bytes, limit: PASTE_LIMIT });
  else if (files.length > 0 && !text && !html) surface.session.options.onFiles?.(files, placeOf(surface, event));
  else return false;
  event.preventDefault();
  return true;
}

/** Where files were dropped; what is pasted goes to the caret. */
function placeOf({ session }, event) {
  return event.type === 'drop' ? session.placeAt(event.clientX, event.clientY) : null;
}

const SIGNS = [
  /^#{1,6} \S/m,
  /^ {0,3}([-*+]|\d{1,9}[.)]) +\S/m,
  /^ {0,3}> ?\S/m,
  /^ {0,3}(```|~~~)/m,
  /^\|.*\|\s*\n\|?[ :|-]+\|/m,
  /\*\*\S(.*\S)?\*\*/,
  /!?\[[^\]\n]*\]\((https?:|mailto:)[^)\n]+\)/,
  /~~\S(.*\S)?~~/,
  /`[^`\n]+`/,
  /^ {0,3}([-*_])( *\1){2,}\s*$/m,
  /^<!--\s*paywall\s*-->\s*$/m,
];

// Enough to tell, and short enough for any of the patterns.
const SAMPLE = 10_000;

export function looksLikeMarkdown(text) {
  const sample = text.slice(0, SAMPLE);
  return SIGNS.some((sign) => sign.test(sample));
}

/** `plain`: the person asked for the bare text. */
function textSlice(text, $context, plain) {
  if (!plain && isAddress(text)) return addressSlice(text.trim());
  if (!plain && looksLikeMarkdown(text)) return markdownSlice(text);
  return plainSlice(text, $context.marks());
}

const isAddress = (text) => /^\s*https?:\/\/\S+\s*$/i.test(text) && isLinkAllowed(text.trim());

function addressSlice(href) {
  const link = schema.marks.link.create({ href });
  return new Slice(Fragment.from(schema.nodes.paragraph.create(null, schema.text(href, [link]))), 1, 1);
}

/** An address pasted over words of a line becomes their link. */
function linksSelection(view, slice) {
  const { from, to, empty, $from, $to } = view.state.selection;
  const href = slice.content.textBetween(0, slice.content.size);
  if (empty || !$from.sameParent($to) || !isAddress(href) || isAddress(view.state.doc.textBetween(from, to))) return false;
  if (!$from.parent.type.allowsMarkType(schema.marks.link)) return false;
  const link = schema.marks.link.create({ href: href.trim() });
  view.dispatch(view.state.tr.removeMark(from, to, link.type).addMark(from, to, link).setMeta('paste', true));
  return true;
}

/** A line of plain text is a paragraph. */
export function plainSlice(text, marks) {
  const lines = text.replace(/\n+$/, '').split(/\n+/);
  return open(Fragment.from(lines.map((line) => schema.nodes.paragraph.create(null, line ? schema.text(line, marks) : null))));
}

/** Markdown as content that can join the paragraphs around it. */
export function markdownSlice(text) {
  const nodes = readNodes(text);
  return open(Fragment.from(nodes.length > 0 ? nodes : [schema.nodes.paragraph.create()]));
}

function open(content) {
  const isOpen = (node) => (node.type === schema.nodes.paragraph ? 1 : 0);
  return new Slice(content, isOpen(content.firstChild), isOpen(content.lastChild));
}

/** An image alone in a paragraph is a figure, as it will be when the text is read again. */
function figures(slice) {
  const whole = slice.content.childCount > 1;
  const nodes = [];
  slice.content.forEach((node) => {
    const only = node.type === schema.nodes.paragraph && node.childCount === 1 ? node.firstChild : null;
    const isFigure = whole && only?.type === schema.nodes.image && only.marks.length === 0;
    nodes.push(isFigure ? schema.nodes.figure.create(only.attrs) : node);
  });
  const content = Fragment.from(nodes);
  const isBlock = (node) => node?.type === schema.nodes.figure;
  return new Slice(
    content,
    isBlock(content.firstChild) ? 0 : slice.openStart,
    isBlock(content.lastChild) ? 0 : slice.openEnd
  );
}
