// Looking for words in the rich surface, and putting others in their place. Matches are marked; the
// selection goes from one to the next.

import { closeHistory } from 'prosemirror-history';
import { Plugin, PluginKey, TextSelection } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';

import { matchesIn } from './matches.js';
import { remarked } from './touched.js';

const findKey = new PluginKey('find');
const NOTHING = { query: null, marks: DecorationSet.empty };

export const finding = () =>
  new Plugin({
    key: findKey,
    state: {
      init: () => NOTHING,
      apply: (tr, found) => {
        const asked = tr.getMeta(findKey);
        if (asked !== undefined) return asked ? search(tr.doc, asked) : NOTHING;
        if (!found.query || !tr.docChanged) return found;
        const again = (from, to) => marksIn(tr.doc, found.query, from, to);
        return { ...found, marks: remarked(found.marks, tr, again) };
      },
    },
    props: { decorations: (state) => withCurrent(state) },
  });

/** While the focus is elsewhere nobody sees a selection, so the selected match has a mark of its own. */
function withCurrent(state) {
  const { marks } = findKey.getState(state);
  const { from, to, empty } = state.selection;
  const isMatch = !empty && marks.find(from, to).some((match) => match.from === from && match.to === to);
  return isMatch ? marks.add(state.doc, [Decoration.inline(from, to, { class: 'editor-match-current' })]) : marks;
}

function search(doc, query) {
  return { query, marks: DecorationSet.create(doc, marksIn(doc, query, 0, doc.content.size)) };
}

const marksIn = (doc, query, from, to) =>
  occurrences(doc, query, from, to).map((match) => Decoration.inline(match.from, match.to, { class: 'editor-match' }));

/** Every place of a query between two positions of the document; a match stays within one block. */
export function occurrences(doc, query, from = 0, to = doc.content.size) {
  const found = [];
  doc.nodesBetween(from, to, (node, pos) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, '\n', '\ufffc');
    for (const at of matchesIn(text, query)) found.push({ from: pos + 1 + at, to: pos + 1 + at + query.text.length });
    return false;
  });
  return found;
}

function found(state) {
  const places = findKey.getState(state).marks.find();
  return places.sort((a, b) => a.from - b.from);
}

/** What is looked for, or null. */
export const queryOf = (state) => findKey.getState(state).query;

/** Marks the matches and leaves the selection where it is. */
export function markAll(view, query) {
  view.dispatch(view.state.tr.setMeta(findKey, query?.text ? query : null));
}

/** Marks the matches of a query (without text it ends) and selects the next one from the caret on. */
export function findIn(view, query) {
  markAll(view, query);
  if (query.text) step(view, 1, view.state.selection.from);
  return findings(view.state);
}

/** Selects the next (1) or the previous (-1) match, round the ends. False when there is none. */
export function step(view, direction, from = null) {
  const all = found(view.state);
  if (all.length === 0) return false;
  const { selection } = view.state;
  const next =
    direction > 0
      ? all.find((match) => match.from >= (from ?? selection.to)) ?? all[0]
      : all.findLast((match) => match.to <= selection.from) ?? all[all.length - 1];
  const { tr } = view.state;
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, next.from, next.to)).scrollIntoView());
  return true;
}

/** Puts a text in the place of the selected match and goes on to the next, or of all matches in one
 * step of the history. Gives how many were replaced; with no match selected, the next one is. */
export function replaceIn(view, text, all) {
  const { state } = view;
  const { from, to } = state.selection;
  const matches = found(state);
  const chosen = all ? matches : matches.filter((match) => match.from === from && match.to === to);
  if (chosen.length > 0) {
    const tr = closeHistory(state.tr);
    for (const match of chosen.toReversed()) tr.insertText(text, match.from, match.to);
    if (!all) tr.setSelection(TextSelection.create(tr.doc, from + text.length));
    view.dispatch(tr);
  }
  if (!all) step(view, 1);
  return chosen.length;
}

/** { count, current }: how many matches, and which one (from 1) is selected, 0 when none is. */
export function findings(state) {
  const { query } = findKey.getState(state);
  if (!query) return null;
  const all = found(state);
  const { from, to } = state.selection;
  return { count: all.length, current: all.findIndex((match) => match.from === from && match.to === to) + 1 };
}
