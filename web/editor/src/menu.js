// The menus of the text. `/` or `、` at the start of a block or behind a space opens that of blocks,
// found by label, command or pinyin initials; `@` that of what the host lets one mention. Typing
// filters, Enter takes the chosen line, Esc closes.

import { Plugin, PluginKey } from 'prosemirror-state';

import { isComposing } from './composition.js';
import { element } from './element.js';
import { schema } from './schema.js';

/** What opens each menu, what may stand before that, and what cannot be part of a query. */
const KINDS = {
  insert: { signs: '/、', before: /\s/, ends: /[\s/、]/ },
  // An address of mail has letters before its sign.
  mention: { signs: '@＠', before: /[^\w.+-]/, ends: /[\s@＠]/ },
};
const LONGEST_QUERY = 20;
const MARGIN = 6;

export const menuKey = new PluginKey('insert-menu');

/** State: null, or { kind, from, query, index } with `from` the place of the sign that opened it. */
export function insertMenu(surface) {
  return new Plugin({
    key: menuKey,
    state: { init: () => null, apply: (tr, open, before, state) => nextState(tr, open, state, surface) },
    props: { handleKeyDown: (view, event) => handleKey(view, event, surface) },
    view: (view) => new MenuView(view, surface),
  });
}

function nextState(tr, open, state, surface) {
  const asked = tr.getMeta(menuKey);
  if (asked !== undefined) return asked;
  if (open) {
    const still = stillOpen(tr, open, state);
    if (!still) surface.mentions.close();
    return still;
  }
  if (!tr.docChanged || tr.getMeta('remote') || tr.getMeta('paste') || tr.getMeta('history$')) return null;
  const opened = openedBy(tr, state);
  const isOffered = opened?.kind === 'mention' ? surface.mentions.isOffered : surface.session.labels.items.length > 0;
  return isOffered ? opened : null;
}

function stillOpen(tr, open, state) {
  const from = tr.mapping.map(open.from, -1);
  const { empty, $from } = state.selection;
  const start = $from.start();
  if (!empty || from < start || from >= $from.pos) return null;
  const typed = $from.parent.textBetween(from - start, $from.parentOffset, '\n', '\n');
  const query = typed.slice(1);
  const { signs, ends } = KINDS[open.kind];
  if (!typed || !signs.includes(typed[0]) || query.length > LONGEST_QUERY || ends.test(query)) return null;
  return { kind: open.kind, from, query, index: query === open.query ? open.index : 0 };
}

/** Open only when the sign was typed just now, right before the caret. */
function openedBy(tr, state) {
  const { empty, $from } = state.selection;
  const { parent, parentOffset } = $from;
  if (!empty || parentOffset === 0 || parent.type.spec.code || !parent.isTextblock) return null;
  const before = parent.textBetween(Math.max(0, parentOffset - 2), parentOffset, '\n', '\n');
  const sign = before[before.length - 1];
  const kind = Object.keys(KINDS).find((name) => KINDS[name].signs.includes(sign));
  if (!kind || (before.length > 1 && !KINDS[kind].before.test(before[0]))) return null;
  let typedHere = false;
  tr.mapping.maps[tr.mapping.maps.length - 1].forEach((_from, _to, start, end) => {
    typedHere ||= end === $from.pos && end > start;
  });
  return typedHere ? { kind, from: $from.pos - 1, query: '', index: 0 } : null;
}

/** The items a query leaves, those that begin with it first. */
export function matching(items, query) {
  const wanted = query.toLowerCase();
  if (!wanted) return items;
  const rank = ({ id, label, keys }) => {
    const name = label.toLowerCase();
    if (name.startsWith(wanted) || keys.some((key) => key.startsWith(wanted)) || id.startsWith(wanted)) return 0;
    return name.includes(wanted) ? 1 : 2;
  };
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .filter((found) => found.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .map((found) => found.item);
}

function shown(state, surface) {
  const open = menuKey.getState(state);
  if (!open || surface.session.readOnly) return [];
  // What is being composed is no query yet.
  if (open.kind === 'mention') return surface.view?.composing ? surface.mentions.list : surface.mentions.for(open.query);
  return matching(surface.session.labels.items, open.query);
}

function handleKey(view, event, surface) {
  const items = shown(view.state, surface);
  if (items.length === 0 || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return false;
  const open = menuKey.getState(view.state);
  const index = Math.min(open.index, items.length - 1);
  const move = (index) => view.dispatch(view.state.tr.setMeta(menuKey, { ...open, index }));
  switch (event.key) {
    case 'ArrowDown':
      move((index + 1) % items.length);
      return true;
    case 'ArrowUp':
      move((index + items.length - 1) % items.length);
      return true;
    case 'Enter':
    case 'Tab':
      choose(view, surface, items[index]);
      return true;
    case 'Escape':
      view.dispatch(view.state.tr.setMeta(menuKey, null));
      return true;
    default:
      return false;
  }
}

function choose(view, surface, item) {
  const { from, kind } = menuKey.getState(view.state);
  const { tr, selection } = view.state;
  tr.setMeta(menuKey, null);
  if (kind === 'mention') {
    surface.mentions.close();
    const link = schema.marks.link.create({ href: item.href });
    const text = schema.text(item.text ?? item.label, [link]);
    view.dispatch(tr.replaceWith(from, selection.head, text).removeStoredMark(link.type));
  } else {
    view.dispatch(tr.delete(from, selection.head));
    if (item.asks) return surface.session.options.onAsk?.(item.id);
    surface.command(item.id, null);
  }
  view.focus();
}

/** What a screen reader is told about the menu, as attributes of the text. */
export function menuAttributes(state, surface) {
  const items = shown(state, surface);
  if (items.length === 0) return {};
  const id = `editor-menu-${surface.session.id}`;
  const index = Math.min(menuKey.getState(state).index, items.length - 1);
  return { 'aria-controls': id, 'aria-activedescendant': `${id}-${index}` };
}

class MenuView {
  constructor(view, surface) {
    this.surface = surface;
    this.drawn = null;
    this.labels = surface.session.labels;
    this.list = document.createElement('div');
    this.list.className = 'editor-menu';
    this.list.id = `editor-menu-${surface.session.id}`;
    this.list.setAttribute('role', 'listbox');
    this.list.hidden = true;
    // The text keeps the focus.
    this.list.addEventListener('mousedown', (event) => {
      event.preventDefault();
      const option = event.target.closest('[role=option]');
      if (option) choose(view, surface, shown(view.state, surface)[Number(option.dataset.index)]);
    });
    surface.session.root.append(this.list);
  }

  update(view) {
    const open = menuKey.getState(view.state);
    const { labels } = this.surface.session;
    if (view.composing || (open === this.drawn && labels === this.labels)) return;
    this.drawn = open;
    this.labels = labels;
    const items = shown(view.state, this.surface);
    this.list.hidden = items.length === 0;
    if (items.length === 0) return;
    // The text has the language of its writer, the menu that of the window.
    this.list.lang = labels.lang;
    const chosen = Math.min(open.index, items.length - 1);
    this.list.setAttribute('aria-label', open.kind === 'mention' ? labels.mentions : labels.menu);
    const options = items.map((item, index) => this.option(item, index, index === chosen));
    this.list.replaceChildren(...this.grouped(items, options));
    this.place(view, open.from);
    options[chosen].scrollIntoView?.({ block: 'nearest' });
  }

  /** Options that belong together stand below their common name. */
  grouped(items, options) {
    const found = [];
    let group = null;
    items.forEach((item, index) => {
      if (!item.group) return found.push(options[index]);
      if (group?.dataset.group !== item.group) {
        group = element('div', 'editor-menu-group');
        group.dataset.group = item.group;
        group.setAttribute('role', 'group');
        group.setAttribute('aria-label', item.group);
        const name = element('div', 'editor-menu-name', item.group);
        name.setAttribute('aria-hidden', 'true');
        group.append(name);
        found.push(group);
      }
      group.append(options[index]);
    });
    return found;
  }

  option(item, index, selected) {
    const option = document.createElement('div');
    option.className = 'editor-menu-item';
    option.id = `${this.list.id}-${index}`;
    option.dataset.index = `${index}`;
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', `${selected}`);
    option.append(element('span', 'editor-menu-label', item.label));
    if (item.note) option.append(element('span', 'editor-menu-note', item.note));
    return option;
  }

  /** Below the line, or above it where there is no room below. */
  place(view, from) {
    const line = view.coordsAtPos(from);
    const root = this.surface.session.root.getBoundingClientRect();
    const height = this.list.offsetHeight;
    const below = line.bottom + MARGIN + height <= window.innerHeight || line.top < height;
    const top = below ? line.bottom + MARGIN : line.top - MARGIN - height;
    const left = Math.max(0, Math.min(line.left - root.left, root.width - this.list.offsetWidth));
    this.list.style.top = `${top - root.top}px`;
    this.list.style.left = `${left}px`;
  }

  destroy() {
    this.list.remove();
  }
}
