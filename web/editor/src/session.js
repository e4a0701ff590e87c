// One open text: it stands in one of two surfaces (rich or source), tells the host what changes and
// takes what others changed.

import { clean } from './clean.js';
import { Labels } from './labels.js';
import { Manuscript } from './manuscript.js';
import { Places } from './places.js';
import { Reporter } from './reporter.js';
import { RichSurface } from './rich.js';
import { SourceSurface } from './source.js';
import { applySplices, diff } from './splice.js';

// The toolbar follows a little behind, so that a key press is painted first.
const STATE_MS = 30;
const MOST_STEPS = 8;

export class Session {
  constructor(host, options, id) {
    this.id = id;
    this.options = options;
    this.labels = new Labels(options);
    this.readOnly = Boolean(options.readOnly);
    this.reporter = new Reporter(() => this.#report());
    this.manuscript = new Manuscript();
    this.places = new Places();
    this.reported = [options.markdown ?? ''];
    this.count = null;
    this.writing = { typewriter: false, focus: false };
    this.remarks = [];
    this.lastState = '';
    this.stateTimer = null;
    this.root = host.ownerDocument.createElement('div');
    this.root.className = 'editor';
    this.root.dataset.editor = `editor-${id}`;
    this.labels.applyTo(this.root);
    host.append(this.root);
    this.parked = null;
    this.mode = options.mode === 'source' ? 'source' : 'rich';
    this.surface = this.#surfaceFor(clean(this.reported[0]));
    this.#watchWindow(host.ownerDocument);
    this.touched();
  }

  #surfaceFor(text) {
    return this.mode === 'source' ? new SourceSurface(this, text) : RichSurface.open(this, text);
  }

  #watchWindow(page) {
    this.page = page;
    this.onHidden = () => page.visibilityState === 'hidden' && this.leave();
    this.onPageHide = () => this.leave();
    page.addEventListener('visibilitychange', this.onHidden);
    page.defaultView.addEventListener('pagehide', this.onPageHide);
  }

  /** A surface says: the text has changed by this person's hand. */
  changed() {
    const isFirst = !this.reporter.hasUntold;
    this.reporter.changed();
    // That there is something untold is said at once: until it is told, nothing may be called saved.
    if (isFirst) this.#tellState();
    else this.touched();
  }

  /** A surface says: what the toolbar shows may have changed. */
  touched() {
    this.stateTimer ??= setTimeout(() => {
      this.stateTimer = null;
      this.#tellState();
    }, STATE_MS);
  }

  #tellState() {
    const state = this.state();
    const told = JSON.stringify(state);
    if (told === this.lastState) return;
    this.lastState = told;
    this.options.onState?.(state);
  }

  /** The person turns away: what is untold is told, and the host is asked to keep it at once. */
  leave() {
    this.flush();
    this.options.onImmediate?.();
  }

  flush() {
    return this.reporter.flush();
  }

  #report() {
    const pieces = this.surface.pieces();
    const splice = diff(this.reported, pieces);
    this.count = this.surface.count();
    this.touched();
    if (!splice) return;
    this.options.onChange?.([splice], lengthOf(pieces), this.count.words);
    this.reported = pieces;
  }

  text() {
    return this.surface.pieces().join('');
  }

  patch(splices) {
    if (this.reporter.hasUntold || this.reporter.composing || this.surface.composing) return false;
    const before = this.reported.join('');
    const text = applySplices(before, splices);
    if (splices.length > MOST_STEPS) this.surface.revise(clean(text));
    else {
      // One by one, the caret between two changes stays where it is.
      let now = before;
      for (const splice of splices) {
        now = applySplices(now, [splice]);
        this.surface.revise(clean(now));
      }
    }
    const pieces = this.surface.pieces();
    this.reported = pieces.join('') === text ? pieces : [text];
    if (this.parked) this.parked.touchedByOthers = true;
    this.count = null;
    this.touched();
    return true;
  }

  setMode(mode) {
    if (mode === this.mode || (mode !== 'rich' && mode !== 'source')) return;
    this.flush();
    const had = this.surface;
    const text = had.pieces().join('');
    const place = had.place();
    const focused = had.hasFocus();
    const { query } = had;
    this.mode = mode;
    this.places.forget();
    if (mode === 'source') {
      this.parked = { state: had.state, touchedByOthers: false };
      had.destroy();
      this.surface = new SourceSurface(this, text);
    } else {
      had.destroy();
      this.surface = RichSurface.resume(this, this.parked, text);
      this.parked = null;
    }
    if (query) this.surface.query = query;
    this.surface.remark(this.remarks);
    this.surface.goTo(place, focused);
    this.count = null;
    this.touched();
  }

  /** { typewriter, focus }: how one writes here. */
  setWriting({ typewriter, focus }) {
    this.writing = { typewriter: Boolean(typewriter), focus: Boolean(focus) };
    for (const [name, is] of Object.entries(this.writing)) this.root.classList.toggle(`editor-${name}`, is);
    this.surface.showWriting();
  }

  /** A number for the place in the text below a point of the page; null when there is none. */
  placeAt(x, y) {
    const at = this.surface.placeAt(x, y);
    return at === null ? null : this.places.hold(at);
  }

  /** Marks passages of the Markdown, [{ id, from, to, isCurrent }], and no others. */
  remark(passages) {
    this.remarks = passages;
    this.surface.remark(passages);
  }

  /** Holds on to the selection: its letters and two numbers for `passage`; null where there is none. */
  hold() {
    const selected = this.surface.selection();
    if (!selected) return null;
    const text = this.surface.selected();
    const { from, to } = this.surface.placesOf(selected);
    return { text, from: this.places.hold(from), to: this.places.hold(to) };
  }

  /** Where what was held is now, as offsets in the Markdown; null when nobody knows any more. */
  passage(from, to) {
    const [start, end] = [this.places.at(from), this.places.at(to)];
    return start === null || end === null ? null : this.surface.passage(start, end);
  }

  state() {
    this.count ??= this.surface.count();
    const untold = this.reporter.hasUntold;
    return { ...this.surface.describe(), mode: this.mode, ...this.count, untold };
  }

  relabel(options) {
    this.labels = new Labels(options);
    this.labels.applyTo(this.root);
    this.surface.relabel();
  }

  setReadOnly(yes) {
    this.readOnly = Boolean(yes);
    this.surface.relabel();
  }

  refuse(refusal) {
    this.options.onRefused?.(refusal);
  }

  /** No callback is made any more; what is untold is lost, so hosts flush before. */
  destroy() {
    this.reporter.stop();
    clearTimeout(this.stateTimer);
    this.stateTimer = -1;
    this.options = {};
    this.page.removeEventListener('visibilitychange', this.onHidden);
    this.page.defaultView.removeEventListener('pagehide', this.onPageHide);
    this.surface.destroy();
    this.root.remove();
  }
}

const lengthOf = (pieces) => pieces.reduce((sum, piece) => sum + piece.length, 0);
