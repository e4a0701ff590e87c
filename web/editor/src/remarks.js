// Passages that somebody remarked on: marked in the rich surface, and said when one is clicked. The
// marks move with the text; the host sets them anew when it knows better.

import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';

const remarksKey = new PluginKey('remarks');

export const remarks = () =>
  new Plugin({
    key: remarksKey,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, marks) => {
        const asked = tr.getMeta(remarksKey);
        if (asked) return DecorationSet.create(tr.doc, asked.map(markOf));
        return tr.docChanged ? marks.map(tr.mapping, tr.doc) : marks;
      },
    },
    props: { decorations: (state) => remarksKey.getState(state) },
  });

const markOf = ({ id, from, to, isCurrent }) => {
  const name = isCurrent ? 'editor-remark editor-remark-current' : 'editor-remark';
  return Decoration.inline(from, to, { class: name, 'data-remark': id }, { id });
};

/** Marks these passages, { id, from, to, isCurrent } in positions of the document, and no others. */
export function markRemarks(view, passages) {
  const { size } = view.state.doc.content;
  const there = passages.filter(({ from, to }) => from < to && to <= size);
  view.dispatch(view.state.tr.setMeta(remarksKey, there));
}

/** Where a marked passage is now, or null. */
export function remarkIn(state, id) {
  const found = remarksKey.getState(state).find(undefined, undefined, (spec) => spec.id === id);
  if (found.length === 0) return null;
  return { from: Math.min(...found.map((mark) => mark.from)), to: Math.max(...found.map((mark) => mark.to)) };
}

/** The passage that was clicked, or null. */
export const remarkAt = (event) => event.target.closest?.('[data-remark]')?.dataset.remark ?? null;
