// Ways to keep the eye where one writes: the line with the caret stays in the middle of the window
// (typewriter), and all but the present paragraph is dimmed (focus).

import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';

const attentionKey = new PluginKey('attention');

export const attention = (session) =>
  new Plugin({
    key: attentionKey,
    props: {
      decorations: (state) => (session.writing.focus ? currentParagraph(state) : null),
      handleScrollToSelection: (view) => session.writing.typewriter && toTheMiddle(view),
    },
  });

function currentParagraph({ doc, selection }) {
  const { $from, $to, node } = selection;
  const marks = [];
  const mark = (from, to) => marks.push(Decoration.node(from, to, { class: 'editor-current' }));
  if (node?.isBlock) mark($from.pos, $to.pos);
  else {
    doc.nodesBetween($from.pos, $to.pos, (inner, pos) => {
      if (inner.isTextblock || inner.isAtom) mark(pos, pos + inner.nodeSize);
      return !inner.isTextblock;
    });
  }
  return DecorationSet.create(doc, marks);
}

/** The element that scrolls a text. */
export function scrollerOf(element) {
  for (let holder = element; holder; holder = holder.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(holder).overflowY);
    if (scrolls && holder.scrollHeight > holder.clientHeight) return holder;
  }
  return element.ownerDocument.scrollingElement;
}

function toTheMiddle(view) {
  const scroller = scrollerOf(view.dom);
  const caret = view.coordsAtPos(view.state.selection.head);
  const isPage = scroller === view.dom.ownerDocument.scrollingElement;
  const top = isPage ? 0 : scroller.getBoundingClientRect().top;
  scroller.scrollTop += (caret.top + caret.bottom) / 2 - top - scroller.clientHeight / 2;
  return true;
}
