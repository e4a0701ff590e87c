// A web address alone in its paragraph is shown as a card: host and path, nothing is loaded. The
// paragraph stays what it is and is written like any other.

import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';

import { hostOf, isLinkAllowed, pathOf } from './links.js';
import { schema } from './schema.js';
import { remarked } from './touched.js';

const { nodes, marks } = schema;
const embedKey = new PluginKey('embeds');
const ADDRESS = /^https?:\/\/[^\s/?#]+\.[^\s<>"]+$/i;

/** { href, isNamed, isLink } of a paragraph that is only an address, else null. */
export function embedOf(node) {
  const only = node.type === nodes.paragraph && node.childCount === 1 ? node.firstChild : null;
  if (!only?.isText) return null;
  const link = marks.link.isInSet(only.marks);
  const href = link ? link.attrs.href : only.marks.length === 0 ? only.text : '';
  if (!ADDRESS.test(href) || !isLinkAllowed(href)) return null;
  return { href, isNamed: only.text !== href, isLink: Boolean(link) };
}

export const embeds = (surface) => {
  const cardsOf = (doc, from = 0, to = doc.content.size) => cardsIn(doc, from, to, surface.session.labels.embed);
  return new Plugin({
    key: embedKey,
    state: {
      init: (_config, { doc }) => ({ cards: DecorationSet.create(doc, cardsOf(doc)), isTyping: false }),
      apply: (tr, { cards, isTyping }, before, state) => {
        if (tr.getMeta(embedKey)) return { cards: DecorationSet.create(tr.doc, cardsOf(tr.doc)), isTyping };
        if (tr.docChanged) return { cards: remarked(cards, tr, (from, to) => cardsOf(tr.doc, from, to)), isTyping: !tr.getMeta('remote') };
        return { cards, isTyping: isTyping && before.selection.$head.sameParent(state.selection.$head) };
      },
    },
    props: { decorations: (state) => exceptBeingTyped(state) },
  });
};

/** The language of the cards has changed. */
export const relabelEmbeds = (view) => view.dispatch(view.state.tr.setMeta(embedKey, true));

function cardsIn(doc, from, to, label) {
  const cards = [];
  doc.nodesBetween(from, to, (node, pos) => {
    const embed = embedOf(node);
    if (embed) cards.push(card(embed, pos, node, label));
    return false;
  });
  return cards;
}

function card({ href, isNamed, isLink }, pos, node, label) {
  const attrs = {
    class: isNamed ? 'editor-embed editor-embed-named' : 'editor-embed',
    role: 'group',
    'aria-label': label,
    'data-href': href,
    'data-host': hostOf(href),
    'data-place': hostOf(href) + pathOf(href),
  };
  return Decoration.node(pos, pos + node.nodeSize, attrs, { isLink });
}

/** An address that is just being typed is a line of text until the caret leaves it. */
function exceptBeingTyped(state) {
  const { cards, isTyping } = embedKey.getState(state);
  const { $head } = state.selection;
  if (!isTyping || $head.depth !== 1) return cards;
  const here = cards.find($head.before(1), $head.after(1)).filter(({ spec, from }) => !spec.isLink && from === $head.before(1));
  return here.length > 0 ? cards.remove(here) : cards;
}
