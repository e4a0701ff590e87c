// A link to a file of the draft is shown as a chip: its words, behind them what kind of file it is and
// how large, where it is not everywhere yet, and a button where it has to be fetched. The text stays a
// line with a link in it and is written like any other.

import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';

import { element } from './element.js';
import { isFile } from './links.js';
import { schema } from './schema.js';
import { remarked } from './touched.js';

const { link } = schema.marks;
const filesKey = new PluginKey('files');

/** Where the text links to files: [{ href, name, from, to, mark }], as positions of the document. */
export function fileLinks(doc, from = 0, to = doc.content.size) {
  const found = [];
  doc.nodesBetween(from, to, (node, pos) => {
    if (!node.inlineContent) return true;
    let last = null;
    node.forEach((child, offset) => {
      const mark = link.isInSet(child.marks);
      const start = pos + 1 + offset;
      if (!mark || !isFile(mark.attrs.href)) last = null;
      else {
        if (!last?.mark.eq(mark)) found.push((last = { href: mark.attrs.href, name: '', from: start, to: start, mark }));
        last.name += child.text ?? '';
        last.to = start + child.nodeSize;
      }
    });
    return false;
  });
  return found;
}

export const files = (surface) => {
  const chipsOf = (doc, from, to) => fileLinks(doc, from, to).flatMap((found) => chip(found, surface));
  return new Plugin({
    key: filesKey,
    state: {
      init: (_config, { doc }) => DecorationSet.create(doc, chipsOf(doc)),
      apply: (tr, chips) => {
        if (tr.getMeta(filesKey)) return DecorationSet.create(tr.doc, chipsOf(tr.doc));
        return tr.docChanged ? remarked(chips, tr, (from, to) => chipsOf(tr.doc, from, to)) : chips;
      },
    },
    props: { decorations: (state) => filesKey.getState(state) },
  });
};

/** More is known of the files; those in a text that is being composed wait. */
export function showFiles(view) {
  const chips = filesKey.getState(view.state);
  if (view.composing || chips.find().length === 0) return;
  view.dispatch(view.state.tr.setMeta(filesKey, true));
}

function chip({ href, name, from, to, mark }, surface) {
  const said = [surface.fileAbout(href), surface.imageNote(href)].filter(Boolean).join(' · ');
  const chips = [Decoration.inline(from, to, { class: 'editor-file' })];
  if (said) {
    const key = `about ${href} ${said}`;
    chips.push(Decoration.widget(to, () => element('span', 'editor-file-about', said), { side: -2, marks: [mark], key }));
  }
  const retry = surface.imageRetry(href);
  if (retry) {
    const key = `retry ${href} ${retry} ${name}`;
    chips.push(Decoration.widget(to, () => button({ retry, name, href }, surface), { side: -1, marks: [], key, stopEvent: () => true }));
  }
  return chips;
}

function button({ retry, name, href }, surface) {
  const made = element('button', 'editor-image-retry', retry);
  made.type = 'button';
  made.setAttribute('aria-label', `${retry} ${name}`);
  made.addEventListener('click', () => surface.session.options.onImageRetry?.(href));
  return made;
}
