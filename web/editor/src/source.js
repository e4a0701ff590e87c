// The source surface: the Markdown itself in a plain text field, the one control that no webview's
// input-method faults touch.

import { readBlocks } from './build.js';
import { clean, isClean } from './clean.js';
import { matchesIn } from './matches.js';
import { CompositionEcho, isComposing } from './composition.js';
import { takesOver } from './paste.js';
import { after } from './places.js';
import { sourceCommand } from './source-commands.js';
import { SourceHistory } from './source-history.js';
import { diff } from './splice.js';
import { countText } from './words.js';

export class SourceSurface {
  constructor(session, text) {
    this.session = session;
    this.known = text;
    this.query = { text: '' };
    this.remarked = [];
    this.history = new SourceHistory();
    this.echo = new CompositionEcho();
    this.composing = false;
    this.field = document.createElement('textarea');
    this.field.className = 'editor-source';
    this.field.spellcheck = false;
    this.field.value = text;
    this.field.setSelectionRange(0, 0);
    this.listen();
    this.relabel();
    session.root.append(this.field);
  }

  listen() {
    const on = (name, run) => this.field.addEventListener(name, run);
    const { reporter } = this.session;
    on('input', () => this.composing || this.typed());
    on('compositionstart', () => {
      this.composing = true;
      reporter.compositionStarted();
    });
    on('compositionend', (event) => {
      this.composing = false;
      this.echo.ended(event);
      // Some webviews tell of the last characters after the end.
      setTimeout(() => this.typed());
      reporter.compositionEnded();
    });
    on('keydown', (event) => this.key(event));
    on('beforeinput', (event) => this.systemUndo(event));
    on('paste', (event) => takesOver(this, event, event.clipboardData));
    on('drop', (event) => takesOver(this, event, event.dataTransfer));
    on('select', () => this.session.touched());
    on('blur', () => {
      if (this.composing) {
        this.composing = false;
        reporter.compositionEnded();
      }
      this.typed();
      this.session.leave();
    });
  }

  /** Reads what the person did to the field. */
  typed() {
    if (!isClean(this.field.value)) this.tidy();
    const text = this.field.value;
    const splice = diff([this.known], [text]);
    if (!splice) return;
    const removed = this.known.slice(splice.at, splice.at + splice.delete);
    this.history.record({ at: splice.at, removed, insert: splice.insert }, performance.now());
    this.known = text;
    this.session.places.move((place) => after(splice, place));
    this.session.changed();
  }

  tidy() {
    const { selectionStart, value } = this.field;
    this.field.value = clean(value);
    const caret = clean(value.slice(0, selectionStart)).length;
    this.field.setSelectionRange(caret, caret);
  }

  key(event) {
    if (isComposing(event)) return;
    if (this.echo.isEcho(event)) {
      event.preventDefault();
      return;
    }
    const mod = (event.ctrlKey || event.metaKey) && !event.altKey;
    const name = mod && KEYS[(event.shiftKey ? 'shift-' : '') + event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    this.command(name);
  }

  systemUndo(event) {
    const name = { historyUndo: 'undo', historyRedo: 'redo' }[event.inputType];
    if (!name) return;
    event.preventDefault();
    this.command(name);
  }

  pieces() {
    return [this.composing ? this.known : clean(this.field.value)];
  }

  count() {
    return countText(this.known);
  }

  /** Others changed the text; caret, selection and scroll stay. */
  revise(text) {
    const splice = diff([this.field.value], [text]);
    if (!splice) return;
    this.history.rebase(splice);
    this.apply(splice, 'preserve');
  }

  apply({ at, delete: removed, insert }, selection) {
    const { scrollTop } = this.field;
    this.field.setRangeText(insert, at, at + removed, selection);
    this.field.scrollTop = scrollTop;
    this.known = this.field.value;
    this.session.places.move((place) => after({ at, delete: removed, insert }, place));
  }

  command(name, value = null) {
    if (name === 'find-next') return this.step(1);
    if (name === 'find-previous') return this.step(-1);
    if (name === 'find-close') return this.find({ text: '' }) === null;
    if (this.session.readOnly || this.composing) return false;
    if (name === 'undo' || name === 'redo') return this.travel(name);
    if (name === 'paste-plain') return this.insert(`${value ?? ''}`);
    const { selectionStart, selectionEnd } = this.field;
    const dropped = name === 'images' ? this.session.places.take(value?.place) : null;
    const change = sourceCommand(this.known, dropped ?? selectionStart, dropped ?? selectionEnd, name, value);
    if (!change) return false;
    this.change(change.splice);
    this.field.setSelectionRange(change.from, change.to);
    return true;
  }

  /** The offset below a point of the page, where the browser can tell. */
  placeAt(x, y) {
    const found = document.caretPositionFromPoint?.(x, y);
    return found?.offsetNode === this.field ? found.offset : null;
  }

  insert(markdown) {
    if (this.session.readOnly || this.composing) return false;
    const { selectionStart, selectionEnd } = this.field;
    this.change({ at: selectionStart, delete: selectionEnd - selectionStart, insert: clean(markdown) });
    return true;
  }

  change(splice) {
    const removed = this.known.slice(splice.at, splice.at + splice.delete);
    this.apply(splice, 'end');
    this.history.record({ at: splice.at, removed, insert: splice.insert }, -Infinity);
    this.session.changed();
  }

  travel(name) {
    const splice = this.history[name]();
    if (!splice) return false;
    this.apply(splice, 'end');
    this.session.changed();
    return true;
  }

  find(query) {
    this.query = query;
    if (query.text) this.step(1, this.field.selectionStart);
    this.session.touched();
    return query.text ? this.findings() : null;
  }

  replace(text, all) {
    if (this.session.readOnly || this.composing) return 0;
    const { selectionStart, selectionEnd } = this.field;
    const { length } = this.query.text;
    const isSelected = (at) => at === selectionStart && at + length === selectionEnd;
    const chosen = all ? this.matches() : this.matches().filter(isSelected);
    if (chosen.length > 0) this.change(replacing(this.known, chosen, length, clean(text)));
    if (!all) this.step(1);
    return chosen.length;
  }

  /** Typewriter and focus are of the rich surface: a text field does not tell where its lines are. */
  showWriting() {}

  step(direction, from = null) {
    const found = this.matches();
    if (found.length === 0) return false;
    const { selectionStart, selectionEnd } = this.field;
    const at =
      direction > 0
        ? found.find((place) => place >= (from ?? selectionEnd)) ?? found[0]
        : found.findLast((place) => place + this.query.text.length <= selectionStart) ?? found[found.length - 1];
    this.field.setSelectionRange(at, at + this.query.text.length);
    this.bringIntoView(at);
    this.session.touched();
    return true;
  }

  matches() {
    return matchesIn(this.known, this.query);
  }

  findings() {
    const found = this.matches();
    const { selectionStart, selectionEnd } = this.field;
    const isSelected = selectionEnd - selectionStart === this.query.text.length;
    return { count: found.length, current: isSelected ? found.indexOf(selectionStart) + 1 : 0 };
  }

  selected() {
    return this.known.slice(this.field.selectionStart, this.field.selectionEnd);
  }

  /** The selection; null where nothing is selected. */
  selection() {
    const { selectionStart: from, selectionEnd: to } = this.field;
    return from === to ? null : { from, to };
  }

  /** Places of a text field are its offsets. */
  placesOf(passage) {
    return passage;
  }

  passage(from, to) {
    return from < to && to <= this.known.length ? { from, to } : null;
  }

  /** A text field has no marks; what is remarked on is remembered for going there. */
  remark(passages) {
    this.remarked = passages;
  }

  goToRemark(id) {
    const found = this.remarked.find((passage) => passage.id === id);
    if (!found) return false;
    this.field.focus();
    this.field.setSelectionRange(found.from, found.to);
    this.bringIntoView(found.from);
    return true;
  }

  describe() {
    return {
      active: [],
      block: 'source',
      link: null,
      image: null,
      canUndo: this.history.done.length > 0,
      canRedo: this.history.undone.length > 0,
      empty: this.known === '',
      find: this.query.text ? this.findings() : null,
      selected: countText(this.known.slice(this.field.selectionStart, this.field.selectionEnd)).words,
    };
  }

  outline() {
    const found = [];
    let at = 0;
    for (const { lead, source, tokens } of readBlocks(this.known).blocks) {
      at += lead.length;
      if (tokens?.[0].type === 'heading_open') {
        found.push({ level: Number(tokens[0].tag[1]), text: tokens[1].content, at });
      }
      at += source.length;
    }
    return found;
  }

  relabel() {
    const { labels, readOnly } = this.session;
    this.field.setAttribute('aria-label', labels.label);
    this.field.placeholder = labels.placeholder;
    this.field.readOnly = readOnly;
  }

  hasFocus() {
    return this.field.ownerDocument.activeElement === this.field;
  }

  place() {
    return this.field.selectionStart;
  }

  goTo(offset, focus) {
    this.field.setSelectionRange(offset, offset);
    if (focus) this.field.focus();
    this.bringIntoView(offset);
  }

  /** A text field has no way to ask where an offset is shown; by share of the text it is about right. */
  bringIntoView(offset) {
    const { scrollHeight, clientHeight } = this.field;
    const y = (offset / Math.max(1, this.known.length)) * scrollHeight;
    const isVisible = y > this.field.scrollTop && y < this.field.scrollTop + clientHeight;
    if (!isVisible) this.field.scrollTop = y - clientHeight / 2;
  }

  focus(where) {
    if (where === 'start') this.goTo(0, false);
    if (where === 'end') this.goTo(this.known.length, false);
    this.field.focus();
  }

  destroy() {
    this.field.remove();
  }
}

/** One splice from the first to the last match. */
function replacing(text, matches, length, insert) {
  const end = matches[matches.length - 1] + length;
  const between = matches.map((at, i) => text.slice(at + length, matches[i + 1] ?? end));
  return { at: matches[0], delete: end - matches[0], insert: between.map((part) => insert + part).join('') };
}

const KEYS = {
  b: 'bold',
  i: 'italic',
  e: 'code',
  z: 'undo',
  'shift-z': 'redo',
  y: 'redo',
  'shift-arrowup': 'move-up',
  'shift-arrowdown': 'move-down',
};
