// Looking for words in the rich surface. Matches are marked; the selection goes from one to the next.

import { Plugin, PluginKey, TextSelection } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';

const findKey = new PluginKey('find');
const NOTHING = { query: '', marks: DecorationSet.empty };

export const finding = () =>
  new Plugin({
    key: findKey,
    state: {
      init: () => NOTHING,
      apply: (tr, found) => {
        const asked = tr.getMeta(findKey);
        if (asked !== undefined) return asked ? search(tr.doc, asked) : NOTHING;
        return found.query && tr.docChanged ? { ...found, marks: found.marks.map(tr.mapping, tr.doc) } : found;
      },
    },
    props: { decorations: (state) => findKey.getState(state).marks },
  });

function search(doc, query) {
  const marks = occurrences(doc, query).map(({ from, to }) => Decoration.inline(from, to, { class: 'editor-match' }));
  return { query, marks: DecorationSet.create(doc, marks) };
}

/** Every place of a text in the document, letter case aside; a match stays within one block. */
export function occurrences(doc, query) {
  const found = [];
  const wanted = query.toLowerCase();
  if (!wanted) return found;
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, '\n', '\ufffc').toLowerCase();
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      found.push({ from: pos + 1 + at, to: pos + 1 + at + wanted.length });
    }
    return false;
  });
  return found;
}

/** Marks the matches of a query ('' ends it) and selects the next one from the caret on. */
export function findIn(view, query) {
  view.dispatch(view.state.tr.setMeta(findKey, query));
  if (query) step(view, 1, view.state.selection.from);
  return findings(view.state);
}

/** Selects the next (1) or the previous (-1) match, round the ends. False when there is none. */
export function step(view, direction, from = null) {
  const { query } = findKey.getState(view.state);
  const all = occurrences(view.state.doc, query);
  if (all.length === 0) return false;
  const { selection } = view.state;
  const next =
    direction > 0
      ? all.find((match) => match.from >= (from ?? selection.to)) ?? all[0]
      : all.findLast((match) => match.to <= selection.from) ?? all[all.length - 1];
  const { tr } = view.state;
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, next.from, next.to)).setMeta(findKey, query).scrollIntoView());
  return true;
}

/** { count, current }: how many matches, and which one (from 1) is selected, 0 when none is. */
export function findings(state) {
  const { query, marks } = findKey.getState(state);
  if (!query) return null;
  const all = marks.find().sort((a, b) => a.from - b.from);
  const { from, to } = state.selection;
  return { count: all.length, current: all.findIndex((match) => match.from === from && match.to === to) + 1 };
}
