// What the toolbar, the insert menu and the keys can do to a document. Every command is a
// ProseMirror command: (state, dispatch, view) → whether it applies.

import { chainCommands, lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import { closeHistory, redo, undo } from 'prosemirror-history';
import { Fragment, Slice } from 'prosemirror-model';
import { liftListItem, sinkListItem, wrapInList } from 'prosemirror-schema-list';
import { NodeSelection, Selection, TextSelection } from 'prosemirror-state';
import { isInTable } from 'prosemirror-tables';
import { dropPoint } from 'prosemirror-transform';

import { editLanguage, languageFrom } from './code.js';
import { embedOf } from './embeds.js';
import { linkFromTyping } from './links.js';
import { moveBlock } from './moving.js';
import { toReference } from './notes.js';
import { CALLOUTS, schema } from './schema.js';
import { TABLE_COMMANDS, caretIntoTableAbove, newTable } from './tables.js';

const { nodes, marks } = schema;

/** Commands by the names the host uses; those that take a value are functions of it. */
export const COMMANDS = {
  bold: () => toggleMark(marks.strong),
  italic: () => toggleMark(marks.em),
  code: () => toggleMark(marks.code),
  strike: () => toggleMark(marks.strike),
  link: (value) => changeLink(value),
  h1: () => toggleHeading(1),
  h2: () => toggleHeading(2),
  h3: () => toggleHeading(3),
  h4: () => toggleHeading(4),
  paragraph: () => chainCommands(setBlockType(nodes.paragraph), liftListItem(nodes.list_item)),
  bullet: () => toggleList(nodes.bullet_list, null),
  ordered: () => toggleList(nodes.ordered_list, null),
  task: () => toggleList(nodes.bullet_list, false),
  'task-toggle': () => toggleTask,
  indent: () => sinkListItem(nodes.list_item),
  outdent: () => liftListItem(nodes.list_item),
  quote: () => (state, dispatch) =>
    (isInside(state, nodes.blockquote) ? lift : wrapIn(nodes.blockquote))(state, dispatch),
  codeblock: () => (state, dispatch) =>
    setBlockType(state.selection.$from.parent.type === nodes.code_block ? nodes.paragraph : nodes.code_block)(state, dispatch),
  callout: () => toggleCallout,
  ...Object.fromEntries(CALLOUTS.map((kind) => [`callout-${kind}`, () => intoCallout(kind)])),
  hr: () => insertBlock(() => nodes.horizontal_rule.create()),
  paywall: () => movePaywall,
  image: (value) => changeImage(value),
  embed: (value) => insertEmbed(value),
  mention: () => beginMention,
  'code-language': (value) => changeLanguage(value),
  readdress: (value) => readdress(value),
  footnote: () => chainCommands(backToReference, addFootnote),
  'move-up': () => moveBlock(-1),
  'move-down': () => moveBlock(1),
  table: () => insertTable,
  ...TABLE_COMMANDS,
  undo: () => undo,
  redo: () => redo,
};

function isInside(state, type) {
  return depthOf(state.selection.$from, type) > 0;
}

function depthOf($pos, ...types) {
  for (let depth = $pos.depth; depth > 0; depth--) if (types.includes($pos.node(depth).type)) return depth;
  return 0;
}

function toggleHeading(level) {
  return (state, dispatch) => {
    const { parent } = state.selection.$from;
    const isSame = parent.type === nodes.heading && parent.attrs.level === level;
    return isSame ? setBlockType(nodes.paragraph)(state, dispatch) : setBlockType(nodes.heading, { level })(state, dispatch);
  };
}

/** `checked` is null for a plain list and false for a list of tasks. */
function toggleList(type, checked) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    const depth = depthOf($from, nodes.bullet_list, nodes.ordered_list);
    if (depth === 0) return wrapInList(type)(state, dispatch && ((tr) => dispatch(withBoxes(tr, checked))));
    const list = $from.node(depth);
    const isTask = $from.node(depth + 1).attrs.checked !== null;
    if (list.type === type && isTask === (checked !== null)) return liftListItem(nodes.list_item)(state, dispatch);
    if (dispatch) {
      const tr = state.tr;
      if (list.type !== type) tr.setNodeMarkup($from.before(depth), type, { tight: list.attrs.tight });
      dispatch(withBoxes(tr, checked).scrollIntoView());
    }
    return true;
  };
}

/** Gives or takes the boxes of the items the selection touches, in the innermost list. */
function withBoxes(tr, checked) {
  const { $from, $to } = tr.selection;
  const depth = depthOf($from, nodes.bullet_list, nodes.ordered_list);
  const first = $from.index(depth);
  const last = $to.depth >= depth && $to.node(depth) === $from.node(depth) ? $to.index(depth) : first;
  let pos = $from.start(depth);
  $from.node(depth).forEach((item, offset, index) => {
    const touched = checked === null || (index >= first && index <= last);
    if (touched && (item.attrs.checked === null) !== (checked === null)) {
      tr.setNodeAttribute(pos + offset, 'checked', checked);
    }
  });
  return tr;
}

function toggleTask(state, dispatch) {
  const { $from } = state.selection;
  const depth = depthOf($from, nodes.list_item);
  const checked = depth > 0 ? $from.node(depth).attrs.checked : null;
  if (checked === null) return false;
  dispatch?.(state.tr.setNodeAttribute($from.before(depth), 'checked', !checked));
  return true;
}

/** Puts a block after the present one, or in its place when that is empty. */
function insertBlock(make) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    if (isInTable(state)) return false;
    if (!dispatch) return true;
    const node = make(state);
    const tr = state.tr;
    const emptyLine = isEmptyLine($from);
    const at = emptyLine ? $from.before() : $from.depth > 0 ? $from.after() : state.selection.to;
    if (emptyLine) tr.replaceWith(at, $from.after(), node);
    else tr.insert(at, node);
    dispatch(caretBelow(tr, at + node.nodeSize).scrollIntoView());
    return true;
  };
}

/** What stands for a file that came: an image or a recording, or a line with a link to it. */
function cameIn({ src, alt = '', isLinked = false }) {
  if (!isLinked) return nodes.figure.create({ src, alt });
  return nodes.paragraph.create(null, schema.text(alt || src, [marks.link.create({ href: src })]));
}

/** Images and links to files one below the other in one step: at a place in the text, or else below the caret. */
export function addImages(images, place) {
  return (state, dispatch) => {
    if (images.length === 0) return false;
    const figures = Fragment.from(images.map(cameIn));
    const $at = state.doc.resolve(place ?? state.selection.to);
    const isOnEmptyLine = $at.depth === 1 && isEmptyLine($at);
    // Without a place of its own it goes below what the caret stands in, not before it.
    const near = place === null && $at.depth > 0 ? $at.end() : $at.pos;
    const from = isOnEmptyLine ? $at.before() : dropPoint(state.doc, near, new Slice(figures, 0, 0));
    if (from === null) return false;
    if (!dispatch) return true;
    const tr = closeHistory(state.tr).replaceWith(from, isOnEmptyLine ? $at.after() : from, figures);
    dispatch(caretBelow(tr, from + figures.size).scrollIntoView());
    return true;
  };
}

const isEmptyLine = ($pos) => $pos.parent.type === nodes.paragraph && $pos.parent.content.size === 0;

/** Leaves the caret on a line below, making one where there is none. */
function caretBelow(tr, pos) {
  const after = tr.doc.resolve(pos).nodeAfter;
  if (!after?.isTextblock) tr.insert(pos, nodes.paragraph.create());
  return tr.setSelection(Selection.near(tr.doc.resolve(pos + 1)));
}

/** There is one divider in a text: asking for it elsewhere moves it, asking with it selected removes it. */
function movePaywall(state, dispatch) {
  if (isInTable(state)) return false;
  if (!dispatch) return true;
  const { selection } = state;
  const { $from } = selection;
  const tr = state.tr;
  const old = [];
  state.doc.forEach((node, pos) => node.type === nodes.paywall && old.push(pos));
  const isEmptyLine = $from.depth === 1 && $from.parent.type === nodes.paragraph && $from.parent.content.size === 0;
  const from = isEmptyLine ? $from.before(1) : $from.depth > 0 ? $from.after(1) : selection.to;
  const to = isEmptyLine ? $from.after(1) : from;
  for (const pos of old) tr.delete(tr.mapping.map(pos), tr.mapping.map(pos) + 1);
  if (selection.node?.type !== nodes.paywall) {
    const at = tr.mapping.map(from, -1);
    tr.replaceWith(at, tr.mapping.map(to), nodes.paywall.create());
    caretBelow(tr, at + 1);
  }
  dispatch(tr.scrollIntoView());
  return true;
}

/** A value sets the address (of the selection or of the link the caret is in); none removes it. */
function changeLink(value) {
  return (state, dispatch) => {
    const { from, to, empty, $from } = state.selection;
    const range = empty ? linkAround($from) : { from, to };
    if (!value) {
      const linked = range && state.doc.rangeHasMark(range.from, range.to, marks.link);
      if (linked) dispatch?.(state.tr.removeMark(range.from, range.to, marks.link));
      return Boolean(linked);
    }
    const href = linkFromTyping(`${value}`);
    if (!href || $from.parent.type.spec.code || !$from.parent.inlineContent) return false;
    if (!dispatch) return true;
    const tr = state.tr;
    if (range) tr.removeMark(range.from, range.to, marks.link).addMark(range.from, range.to, marks.link.create({ href }));
    else tr.replaceSelectionWith(schema.text(href, [marks.link.create({ href })]), false);
    dispatch(tr.scrollIntoView());
    return true;
  };
}

/** The stretch of the link a position lies in. */
export function linkAround($pos) {
  const around = $pos.parent.childAfter($pos.parentOffset);
  const node = around.node ?? $pos.nodeBefore;
  const mark = node && marks.link.isInSet(node.marks);
  if (!mark) return null;
  const { parent } = $pos;
  let first = around.node ? around.index : $pos.index() - 1;
  let last = first;
  while (first > 0 && mark.isInSet(parent.child(first - 1).marks)) first--;
  while (last < parent.childCount - 1 && mark.isInSet(parent.child(last + 1).marks)) last++;
  let from = $pos.start();
  for (let i = 0; i < first; i++) from += parent.child(i).nodeSize;
  let to = from;
  for (let i = first; i <= last; i++) to += parent.child(i).nodeSize;
  return { from, to, mark };
}

/** A value { src, alt, title } changes the selected image or adds one. */
function changeImage(value) {
  return (state, dispatch, view) => {
    const { selection } = state;
    const isImage = (node) => node?.type === nodes.image || node?.type === nodes.figure;
    const attrs = (before) => ({
      src: `${value?.src ?? before.src ?? ''}`,
      alt: `${value?.alt ?? before.alt ?? ''}`,
      title: `${value?.title ?? before.title ?? ''}`,
    });
    if (isImage(selection.node)) {
      if (!value) return false;
      if (dispatch) {
        const tr = state.tr.setNodeMarkup(selection.from, null, attrs(selection.node.attrs));
        dispatch(tr.setSelection(NodeSelection.create(tr.doc, selection.from)));
      }
      return true;
    }
    if (!value?.src) return false;
    return insertBlock(() => nodes.figure.create(attrs({})))(state, dispatch, view);
  };
}

/** A value { from, to }: every image with one address gets another, in one step. */
function readdress(value) {
  return (state, dispatch) => {
    const { tr } = state;
    state.doc.descendants((node, at) => {
      const isImage = node.type === nodes.image || node.type === nodes.figure;
      if (isImage && node.attrs.src === value?.from) tr.setNodeAttribute(at, 'src', `${value.to}`);
    });
    if (!tr.docChanged) return false;
    dispatch?.(closeHistory(tr));
    return true;
  };
}

/** Out of a callout where the caret is in one, else a note around the present blocks. */
function toggleCallout(state, dispatch) {
  return isInside(state, nodes.callout) ? lift(state, dispatch) : intoCallout('note')(state, dispatch);
}

/** The callout around the caret, or the quote, becomes one of a kind; else the present blocks do. */
function intoCallout(kind) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    const depth = depthOf($from, nodes.callout, nodes.blockquote);
    if (depth === 0) return wrapIn(nodes.callout, { kind })(state, dispatch);
    dispatch?.(state.tr.setNodeMarkup($from.before(depth), nodes.callout, { kind }).scrollIntoView());
    return true;
  };
}

/** Inside a note, to where it is referred to. */
function backToReference(state, dispatch) {
  const depth = depthOf(state.selection.$from, nodes.footnote);
  return depth > 0 && toReference(state.selection.$from.node(depth).attrs.label)(state, dispatch);
}

/** A reference at the caret and its note at the end of the text. */
function addFootnote(state, dispatch) {
  const { $from, to } = state.selection;
  const { parent } = $from;
  if (!parent.inlineContent || !parent.canReplaceWith($from.index(), $from.index(), nodes.footnote_ref)) return false;
  if (isInside(state, nodes.footnote)) return false;
  if (!dispatch) return true;
  let highest = 0;
  state.doc.descendants(({ type, attrs, isText, text }) => {
    const named = type === nodes.footnote || type === nodes.footnote_ref ? [attrs.label] : [];
    const written = isText ? Array.from(text.matchAll(/\[\^(\d+)\]/g), (found) => found[1]) : [];
    for (const label of [...named, ...written]) if (/^\d{1,9}$/.test(label)) highest = Math.max(highest, Number(label));
  });
  const label = `${highest + 1}`;
  const tr = state.tr.insert(to, nodes.footnote_ref.create({ label }));
  tr.insert(tr.doc.content.size, nodes.footnote.create({ label }, nodes.paragraph.create()));
  dispatch(tr.setSelection(TextSelection.create(tr.doc, tr.doc.content.size - 2)).scrollIntoView());
  return true;
}

function insertTable(state, dispatch) {
  return insertBlock(newTable)(state, dispatch && ((tr) => dispatch(caretIntoTableAbove(tr))));
}

/** A web address alone on its line, which is shown as a card. */
function insertEmbed(value) {
  return (state, dispatch) => {
    const href = linkFromTyping(`${value ?? ''}`);
    const line = href && nodes.paragraph.create(null, schema.text(href, [marks.link.create({ href })]));
    if (!line || !embedOf(line)) return false;
    return insertBlock(() => line)(state, dispatch);
  };
}

/** The language of the code block with the caret; without a value, its field gets the focus. */
function changeLanguage(value) {
  if (value === null || value === undefined) return editLanguage;
  return (state, dispatch) => {
    const { $from } = state.selection;
    if ($from.parent.type !== nodes.code_block) return false;
    dispatch?.(state.tr.setNodeAttribute($from.before(), 'language', languageFrom(value)));
    return true;
  };
}

/** The sign behind which the host's mentions are offered. */
function beginMention(state, dispatch) {
  const { parent } = state.selection.$from;
  if (!parent.inlineContent || parent.type.spec.code) return false;
  dispatch?.(state.tr.insertText('@').scrollIntoView());
  return true;
}
