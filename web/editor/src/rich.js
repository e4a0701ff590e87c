// The rich surface: a ProseMirror view over a Manuscript.

import { dropCursor } from 'prosemirror-dropcursor';
import { gapCursor } from 'prosemirror-gapcursor';
import { history } from 'prosemirror-history';
import { imeSpan } from 'prosemirror-safari-ime-span';
import { EditorState, Plugin, Selection, TextSelection } from 'prosemirror-state';
import { tableEditing } from 'prosemirror-tables';
import { Decoration, DecorationSet, EditorView } from 'prosemirror-view';

import { attention } from './attention.js';
import { clean } from './clean.js';
import { COMMANDS, addImages } from './commands.js';
import { CompositionEcho } from './composition.js';
import { describe, isEmpty } from './describe.js';
import { embeds, relabelEmbeds } from './embeds.js';
import { files, showFiles } from './files.js';
import { findIn, finding, markAll, queryOf, replaceIn, step } from './find.js';
import { editorKeys } from './keys.js';
import { insertMenu, menuAttributes, menuKey } from './menu.js';
import { Mentions } from './mentions.js';
import { dragging } from './moving.js';
import { toNote } from './notes.js';
import { markdownSlice, pasting, plainSlice } from './paste.js';
import { offsetAt, positionAt } from './positions.js';
import { markRemarks, remarkAt, remarkIn, remarks } from './remarks.js';
import { typingRules } from './rules.js';
import { schema } from './schema.js';
import { nodeViews } from './views.js';
import { countOf } from './words.js';

const { nodes } = schema;
// A text this long is laid out block by block, as its blocks come into view.
const LONG = 40_000;

export class RichSurface {
  static open(session, text) {
    const surface = new RichSurface(session);
    const doc = session.manuscript.open(text);
    surface.show(EditorState.create({ doc, plugins: surface.plugins() }));
    return surface;
  }

  /** Comes back from the source surface; the history goes on where no one else has written since. */
  static resume(session, parked, text) {
    if (!parked) return RichSurface.open(session, text);
    const surface = new RichSurface(session);
    const state = parked.state.reconfigure({ plugins: surface.plugins() });
    const tr = session.manuscript.revise(state, text);
    surface.show(state.apply(tr.setMeta('remote', true).setMeta('addToHistory', !parked.touchedByOthers)));
    return surface;
  }

  constructor(session) {
    this.session = session;
    this.boxes = new Set();
    this.images = new Set();
    this.escape = { leaving: false };
    this.echo = new CompositionEcho();
    this.mentions = new Mentions(session, () => this.redrawMenu());
  }

  get state() {
    return this.view.state;
  }

  get composing() {
    return this.view.composing;
  }

  plugins() {
    return [
      this.watching(),
      insertMenu(this),
      pasting(this),
      typingRules(),
      editorKeys(this.escape),
      finding(),
      remarks(),
      embeds(this),
      files(this),
      attention(this.session),
      dragging(this),
      placeholder(),
      history(),
      dropCursor({ color: false, class: 'editor-dropcursor' }),
      gapCursor(),
      imeSpan,
      tableEditing(),
    ];
  }

  show(state) {
    this.view = new EditorView(this.session.root, {
      state,
      nodeViews: nodeViews(this),
      editable: () => !this.session.readOnly,
      attributes: (current) => this.attributes(current),
      dispatchTransaction: (tr) => this.dispatch(tr),
      clipboardTextSerializer: (slice) => slice.content.textBetween(0, slice.content.size, '\n\n'),
    });
    this.wake = needsWaking();
  }

  attributes(state) {
    const { labels, readOnly } = this.session;
    return {
      class: isLong(state) ? 'editor-rich editor-long' : 'editor-rich',
      role: 'textbox',
      tabindex: '0',
      'aria-multiline': 'true',
      'aria-label': labels.label,
      ...(labels.placeholder ? { 'aria-placeholder': labels.placeholder } : {}),
      ...(readOnly ? { 'aria-readonly': 'true' } : {}),
      ...menuAttributes(state, this),
    };
  }

  dispatch(tr) {
    this.view.updateState(this.view.state.apply(tr));
    if (tr.docChanged) this.session.places.move((at) => tr.mapping.map(at));
    if (tr.docChanged && !tr.getMeta('remote')) this.session.changed();
    else if (tr.docChanged || tr.selectionSet || tr.storedMarksSet) this.session.touched();
  }

  /** Composing, focus, links and the keys that come before all others. */
  watching() {
    const { session } = this;
    return new Plugin({
      props: {
        handleKeyDown: (_view, event) => {
          if (event.key !== 'Tab' && event.key !== 'Shift') this.escape.leaving = false;
          return this.echo.isEcho(event);
        },
        handleDOMEvents: {
          compositionstart: () => session.reporter.compositionStarted(),
          compositionend: (_view, event) => {
            this.echo.ended(event);
            session.reporter.compositionEnded();
            // The insert menu waited for the end of composing.
            setTimeout(() => this.composed());
          },
          keydown: (view, event) => this.escapeKey(view, event),
          beforeinput: (_view, event) => this.systemUndo(event),
          focus: () => this.focused(),
          blur: () => this.blurred(),
          click: (_view, event) => this.clicked(event),
          auxclick: (_view, event) => this.clicked(event),
          mousedown: (view, event) => startLineBelow(view, event),
        },
      },
    });
  }

  /** What waited for the end of composing. */
  composed() {
    if (this.view.isDestroyed) return;
    this.view.updateState(this.view.state);
    showFiles(this.view);
  }

  /** The first Esc lets Tab leave the text; a second one in a row is the window's. */
  escapeKey(view, event) {
    if (event.key !== 'Escape' || event.isComposing || menuKey.getState(view.state)) return false;
    const again = this.escape.leaving;
    setTimeout(() => (this.escape.leaving = true));
    return again;
  }

  /** Undo from a system menu must be ours, not the browser's. */
  systemUndo(event) {
    const name = { historyUndo: 'undo', historyRedo: 'redo' }[event.inputType];
    if (!name) return false;
    event.preventDefault();
    this.command(name);
    return true;
  }

  focused() {
    this.escape.leaving = false;
    if (!this.wake) return;
    this.wake = false;
    // This webview swallows the first composition in a text that was filled before it had the focus.
    this.waking = true;
    setTimeout(() => {
      this.view.dom.blur();
      this.view.focus();
      this.waking = false;
    });
  }

  blurred() {
    this.escape.leaving = false;
    if (this.waking) return;
    if (!this.view.composing) this.session.reporter.compositionEnded();
    this.session.leave();
  }

  clicked(event) {
    const reference = event.type === 'click' && event.target.closest?.('.editor-note-ref');
    if (reference) return toNote(reference.dataset.footnote)(this.state, this.view.dispatch);
    const remark = event.type === 'click' && remarkAt(event);
    if (remark) this.session.options.onRemark?.(remark);
    const link = event.target.closest?.('a[href], [data-href]');
    if (!link) return false;
    if (link.localName === 'a') event.preventDefault();
    const asked = this.session.readOnly || event.metaKey || event.ctrlKey;
    if (asked && event.button === 0) this.session.options.onLink?.(link.dataset.href ?? link.getAttribute('href'));
    return asked;
  }

  /** An answer about mentions has come. */
  redrawMenu() {
    const open = menuKey.getState(this.state);
    if (open && !this.view.isDestroyed) this.view.dispatch(this.state.tr.setMeta(menuKey, { ...open }));
  }

  imageSource(src) {
    return this.session.options.imageSource?.(src) || null;
  }

  imageNote(src) {
    return this.session.options.imageNote?.(src) || null;
  }

  imageRetry(src) {
    return this.session.options.imageRetry?.(src) || null;
  }

  imageTrack(src) {
    return this.session.options.imageTrack?.(src) || null;
  }

  /** What kind of file it is that the text links to, and how large. */
  fileAbout(href) {
    return this.session.options.fileAbout?.(href) || null;
  }

  showImages() {
    for (const image of this.images) image.fill();
    showFiles(this.view);
  }

  pieces() {
    return this.session.manuscript.pieces(this.state.doc);
  }

  count() {
    return countOf(this.state.doc);
  }

  revise(text) {
    const tr = this.session.manuscript.revise(this.state, text);
    this.view.dispatch(tr.setMeta('remote', true).setMeta('addToHistory', false));
  }

  command(name, value = null) {
    if (name === 'find-next') return this.shows(step(this.view, 1));
    if (name === 'find-previous') return this.shows(step(this.view, -1));
    if (name === 'find-close') return findIn(this.view, { text: '' }) === null;
    if (this.session.readOnly || this.view.composing) return false;
    if (name === 'images') return this.addImages(value);
    if (name === 'paste-plain') return this.pastePlain(value);
    const make = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : null;
    if (!make) return false;
    return Boolean(make(value)(this.state, this.view.dispatch, this.view));
  }

  addImages(value) {
    const place = this.session.places.take(value?.place);
    return addImages(value?.images ?? [], place)(this.state, this.view.dispatch);
  }

  pastePlain(value) {
    const { tr, selection } = this.state;
    const text = clean(`${value ?? ''}`);
    if (!text) return false;
    if (selection.$from.parent.type.spec.code) tr.insertText(text);
    else tr.replaceSelection(plainSlice(text, selection.$from.marks()));
    this.view.dispatch(tr.scrollIntoView());
    return true;
  }

  /** The position below a point of the page. */
  placeAt(x, y) {
    return this.view.posAtCoords({ left: x, top: y })?.pos ?? null;
  }

  insert(markdown) {
    if (this.session.readOnly || this.view.composing) return false;
    const { tr, selection } = this.state;
    const text = clean(markdown);
    if (selection.$from.parent.type.spec.code) tr.insertText(text);
    else tr.replaceSelection(markdownSlice(text));
    this.view.dispatch(tr.scrollIntoView());
    return true;
  }

  selected() {
    const { from, to } = this.state.selection;
    return this.state.doc.textBetween(from, to, '\n');
  }

  /** The selection as offsets in the Markdown; null where nothing is selected. */
  selection() {
    const { doc, selection } = this.state;
    if (selection.empty) return null;
    return this.offsets(selection.from, selection.to, doc);
  }

  offsets(from, to, doc) {
    const parts = this.session.manuscript.parts(doc);
    return { from: offsetAt(parts, doc, from), to: offsetAt(parts, doc, to) };
  }

  /** Places of the document for `Places`, and back. */
  placesOf({ from, to }) {
    const { doc } = this.state;
    const parts = this.session.manuscript.parts(doc);
    return { from: positionAt(parts, doc, from), to: positionAt(parts, doc, to) };
  }

  passage(from, to) {
    const { doc } = this.state;
    const { size } = doc.content;
    return from < to && to <= size ? this.offsets(from, to, doc) : null;
  }

  /** Marks passages, given as offsets in the Markdown. */
  remark(passages) {
    markRemarks(
      this.view,
      passages.map((passage) => ({ ...passage, ...this.placesOf(passage) })),
    );
  }

  /** Brings a marked passage into view and selects it. */
  goToRemark(id) {
    const found = remarkIn(this.state, id);
    if (!found) return false;
    const { tr, doc } = this.state;
    this.view.dispatch(tr.setSelection(TextSelection.between(doc.resolve(found.from), doc.resolve(found.to))).scrollIntoView());
    this.shows(true);
    this.view.focus();
    return true;
  }

  describe() {
    return describe(this.state);
  }

  outline() {
    const found = [];
    let at = 0;
    for (const { node, lead, text } of this.session.manuscript.parts(this.state.doc)) {
      at += lead.length;
      if (node.type === nodes.heading) found.push({ level: node.attrs.level, text: node.textContent, at });
      at += text.length;
    }
    return found;
  }

  find(query) {
    return this.shows(findIn(this.view, query));
  }

  get query() {
    return queryOf(this.state);
  }

  set query(query) {
    markAll(this.view, query);
  }

  replace(text, all) {
    if (this.session.readOnly || this.view.composing) return 0;
    const n = replaceIn(this.view, clean(text), all);
    this.shows(n);
    return n;
  }

  /** How one writes has changed. */
  showWriting() {
    const { tr } = this.state;
    this.view.dispatch(this.session.writing.typewriter ? tr.scrollIntoView() : tr);
  }

  /** In a long text the way to a far place is a guess until the blocks there are laid out. */
  shows(found) {
    const { selection } = this.state;
    const again = (times) => {
      if (times === 0 || this.view.isDestroyed || !this.state.selection.eq(selection)) return;
      this.view.dispatch(this.state.tr.scrollIntoView());
      requestAnimationFrame(() => again(times - 1));
    };
    if (isLong(this.state)) requestAnimationFrame(() => again(2));
    return found;
  }

  relabel() {
    for (const box of this.boxes) box.refresh();
    relabelEmbeds(this.view);
    this.showImages();
    this.view.updateState(this.state);
    // `editable` and the attributes are read anew.
    this.view.setProps({});
  }

  hasFocus() {
    return this.view.hasFocus();
  }

  /** The offset of the caret in the Markdown. */
  place() {
    return offsetAt(this.session.manuscript.parts(this.state.doc), this.state.doc, this.state.selection.head);
  }

  goTo(offset, focus) {
    const { doc, tr } = this.state;
    const pos = positionAt(this.session.manuscript.parts(doc), doc, offset);
    const $pos = doc.resolve(Math.min(pos, doc.content.size));
    this.view.dispatch(tr.setSelection(Selection.near($pos)).scrollIntoView());
    this.shows(true);
    if (focus) this.view.focus();
  }

  focus(where) {
    const { tr, doc } = this.state;
    if (where === 'start') this.view.dispatch(tr.setSelection(Selection.atStart(doc)).scrollIntoView());
    if (where === 'end') this.view.dispatch(tr.setSelection(Selection.atEnd(doc)).scrollIntoView());
    if (where !== 'keep') this.shows(true);
    this.view.focus();
  }

  destroy() {
    this.view.destroy();
  }
}

const isLong = (state) => state.doc.content.size > LONG;

function placeholder() {
  return new Plugin({
    props: {
      decorations: ({ doc }) =>
        isEmpty(doc) ? DecorationSet.create(doc, [Decoration.node(0, doc.content.size, { class: 'editor-placeholder' })]) : null,
    },
  });
}

/** A click below a last block that takes no text begins a line there. */
function startLineBelow(view, event) {
  const { doc } = view.state;
  const last = view.dom.lastElementChild;
  if (event.target !== view.dom || !view.editable || !last || event.clientY <= last.getBoundingClientRect().bottom) return false;
  if (doc.lastChild.type === nodes.paragraph || doc.lastChild.type === nodes.heading) return false;
  const tr = view.state.tr.insert(doc.content.size, nodes.paragraph.create());
  view.dispatch(tr.setSelection(TextSelection.atEnd(tr.doc)).scrollIntoView());
  view.focus();
  event.preventDefault();
  return true;
}

/** Only WebView2 needs it. */
function needsWaking() {
  return /\bEdg\//.test(navigator.userAgent) && Boolean(window.chrome?.webview);
}
