// The module's face: plain functions and plain data. Every position is a UTF-16 offset in the
// Markdown text; a handle is an integer.

import { Session } from './session.js';

const sessions = new Map();
let nextHandle = 1;

function session(handle) {
  const found = sessions.get(handle);
  if (!found) throw new Error(`no editor has the handle ${handle}`);
  return found;
}

/**
 * Opens a text inside `host`. Options: markdown, label, placeholder, lang ('zh-CN' | 'en'), texts,
 * readOnly, mode ('rich' | 'source'), and the callbacks onChange(splices, textLength, words),
 * onState(state), onImmediate(), onRefused({code, bytes, limit}), onFiles(files), onLink(href), onRemark(id) and
 * imageSource(src) → address to show, or null, imageNote(src) → words at a picture or its card, or null,
 * imageRetry(src) → label of a button at the card, or null, onImageRetry(src), and
 * mentions(query) → [{ label, href, note }], now or later.
 */
export function create(host, options) {
  const handle = nextHandle++;
  sessions.set(handle, new Session(host, options, handle));
  return handle;
}

/** Tells the host what is untold, now. False when an input method is composing. */
export function flush(handle) {
  return session(handle).flush();
}

/** The Markdown as it stands. */
export function text(handle) {
  return session(handle).text();
}

/**
 * Takes changes others made to the Markdown last reported. False, and nothing is changed, when there
 * are untold changes here or an input method is composing.
 */
export function patch(handle, splices) {
  return session(handle).patch(splices);
}

/** 'rich' or 'source'; the caret stays about where it is. */
export function setMode(handle, mode) {
  session(handle).setMode(mode);
}

/** Runs a command of the toolbar or a menu. False when it does not apply here. */
export function command(handle, name, value = null) {
  return session(handle).surface.command(name, value);
}

/** { active, block, link, image, canUndo, canRedo, find, selected, mode, words, han } */
export function state(handle) {
  return session(handle).state();
}

/** Another language, while somebody writes. */
export function setTexts(handle, lang, texts, label, placeholder) {
  session(handle).relabel({ lang, texts, label, placeholder });
}

export function setReadOnly(handle, yes) {
  session(handle).setReadOnly(yes);
}

/** 'start', 'end' or 'keep'. */
export function focus(handle, where) {
  session(handle).surface.focus(where);
}

/** The headings: [{ level, text, at }]. */
export function outline(handle) {
  return session(handle).surface.outline();
}

/** Puts the caret at an offset of the Markdown and brings it into view. */
export function reveal(handle, at) {
  session(handle).surface.goTo(at, true);
}

/**
 * A number for the place in the text below a point of the page, or null: images that come later are put
 * there by the command `images`, wherever it has moved until then.
 */
export function placeAt(handle, x, y) {
  return session(handle).placeAt(x, y);
}

/** The letters that are selected. */
export function selected(handle) {
  return session(handle).surface.selected();
}

/** Puts Markdown in place of the selection. */
export function insert(handle, markdown) {
  return session(handle).surface.insert(markdown);
}

/**
 * Marks every occurrence and selects the next one; '' ends it. Gives { count, current }. Options:
 * matchCase, wholeWord.
 */
export function find(handle, text, options = {}) {
  return session(handle).surface.find({ ...options, text });
}

/** Puts a text in the place of the selected match, or of all in one step. Gives how many. */
export function replace(handle, text, all = false) {
  return session(handle).surface.replace(text, all);
}

/** { typewriter, focus }: the caret's line in the middle, the other paragraphs dimmed. */
export function setWriting(handle, writing) {
  session(handle).setWriting(writing);
}

/** Marks passages, [{ id, from, to, isCurrent }], and no others; a click on one calls onRemark. */
export function remark(handle, passages) {
  session(handle).remark(passages);
}

/** Selects a marked passage and brings it into view. False when it is not there. */
export function revealRemark(handle, id) {
  return session(handle).surface.goToRemark(id);
}

/** { text, from, to } of the selection, or null; the numbers are for `passage`, wherever it moves. */
export function hold(handle) {
  return session(handle).hold();
}

/** Where what was held is now, { from, to }, or null. */
export function passage(handle, from, to) {
  return session(handle).passage(from, to);
}

/** Asks imageSource, imageNote and imageRetry again, for every image. */
export function showImages(handle) {
  session(handle).surface.showImages?.();
}

export function destroy(handle) {
  session(handle).destroy();
  sessions.delete(handle);
}
