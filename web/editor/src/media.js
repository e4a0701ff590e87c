// Images, sounds and films. None is fetched from elsewhere: the host says where it is on this
// computer, and until it does a card says what is meant. Selected, it shows fields for its words.

import { NodeSelection } from 'prosemirror-state';

import { isComposing } from './composition.js';
import { element } from './element.js';
import { fileOf, hostOf, mediaKind } from './links.js';
import { Player } from './player.js';

const FIELDS = ['title', 'alt'];
// What can be done with each kind, when it is selected.
const TOOLS = { image: ['crop'], audio: ['chapters', 'transcript'], video: ['frame', 'poster', 'chapters', 'transcript'] };

export class MediaView {
  constructor(node, view, getPos, surface, tag) {
    this.node = node;
    this.view = view;
    this.getPos = getPos;
    this.surface = surface;
    this.isBlock = tag === 'figure';
    this.dom = element(tag, this.isBlock ? 'editor-figure' : 'editor-image');
    this.fields = null;
    this.player = new Player(this);
    // How a key reaches the view of the node that is selected.
    this.dom.addEventListener('editor-edit', () => this.input('title')?.focus());
    surface.images.add(this);
    this.fill();
  }

  fill() {
    const { src, alt, title } = this.node.attrs;
    const kind = mediaKind(this.node.attrs);
    const shown = this.surface.imageSource(src);
    const note = this.surface.imageNote(src);
    this.dom.dataset.kind = kind;
    const parts = this.shown(kind, shown, note);
    if (note) parts.push(element('span', 'editor-image-note', note));
    const retry = !shown && this.surface.imageRetry(src);
    if (retry) parts.push(this.again(retry, src));
    if (kind !== 'image' && this.isBlock && !this.fields && !this.surface.session.readOnly) parts.push(this.opener());
    if (title && !this.fields) parts.push(element(this.isBlock ? 'figcaption' : 'span', 'editor-caption', title));
    if (this.fields) parts.push(this.fields);
    replaceAround(this.dom, parts);
  }

  shown(kind, address, note) {
    if (!address) return [card(kind, this.node.attrs, note, this.surface.session.labels)];
    if (kind === 'image') return [picture(address, this.node.attrs.alt)];
    return this.player.parts(kind, address, this.node.attrs);
  }

  /** A player has its clicks to itself, so this selects it. */
  opener() {
    const button = element('button', 'editor-media-tool editor-media-open', this.surface.session.labels.media['do-edit']);
    button.type = 'button';
    button.addEventListener('click', () => {
      const pos = this.getPos();
      if (pos === undefined) return;
      const { state } = this.view;
      this.view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, pos)));
      this.input('title')?.focus();
    });
    return button;
  }

  /** Asks for the picture once more. */
  again(label, src) {
    const button = element('button', 'editor-image-retry', label);
    button.type = 'button';
    button.addEventListener('click', () => this.surface.session.options.onImageRetry?.(src));
    return button;
  }

  selectNode() {
    this.dom.classList.add('ProseMirror-selectednode');
    if (this.surface.session.readOnly || this.fields) return;
    this.fields = element(this.isBlock ? 'div' : 'span', 'editor-media-fields');
    for (const name of FIELDS) this.fields.append(this.field(name));
    if (this.isBlock && /^attachment:/.test(this.node.attrs.src)) this.fields.append(this.tools());
    this.fill();
  }

  deselectNode() {
    this.dom.classList.remove('ProseMirror-selectednode');
    if (!this.fields) return;
    this.keep();
    this.fields = null;
    this.fill();
  }

  field(name) {
    const label = element('label', 'editor-media-field');
    const input = element('input', 'editor-media-input');
    const { labels } = this.surface.session;
    input.name = name;
    input.value = this.node.attrs[name];
    label.lang = labels.lang;
    label.append(element('span', 'editor-media-name', labels.media[name === 'title' ? 'caption' : 'alt']), input);
    input.addEventListener('keydown', (event) => this.key(event, name));
    input.addEventListener('blur', () => this.keep());
    return label;
  }

  tools() {
    const { labels, options } = this.surface.session;
    const row = element('span', 'editor-media-tools');
    for (const name of TOOLS[mediaKind(this.node.attrs)]) {
      if (!labels.media[`do-${name}`] || !options.onMedia) continue;
      const button = element('button', 'editor-media-tool', labels.media[`do-${name}`]);
      button.type = 'button';
      button.dataset.tool = name;
      button.addEventListener('click', () => this.use(name));
      row.append(button);
    }
    return row;
  }

  async use(name) {
    const { src } = this.node.attrs;
    const frame = name === 'frame' ? await this.player.frame() : null;
    this.surface.session.options.onMedia?.(name, src, frame);
  }

  key(event, name) {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && name === 'title') this.input('alt').focus();
    else if (event.key === 'Enter') this.leave();
    else if (event.key === 'Escape') {
      for (const field of FIELDS) this.input(field).value = this.node.attrs[field];
      this.leave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  input(name) {
    return this.fields?.querySelector(`[name=${name}]`);
  }

  leave() {
    this.keep();
    this.view.focus();
  }

  keep() {
    const pos = this.getPos();
    if (!this.fields || pos === undefined || this.view.isDestroyed) return;
    const attrs = { ...this.node.attrs };
    for (const name of FIELDS) attrs[name] = this.input(name).value.trim();
    if (FIELDS.every((name) => attrs[name] === this.node.attrs[name])) return;
    const tr = this.view.state.tr.setNodeMarkup(pos, null, attrs);
    const isSelected = this.view.state.selection.node === this.node;
    this.view.dispatch(isSelected ? tr.setSelection(NodeSelection.create(tr.doc, pos)) : tr);
  }

  /** Controls and fields have their events to themselves. */
  stopEvent(event) {
    return Boolean(event.target.closest?.('button, input, label, audio, video, summary, .editor-wave'));
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    const changed = ['src', ...FIELDS].filter((name) => node.attrs[name] !== this.node.attrs[name]);
    this.node = node;
    if (this.fields) for (const name of FIELDS) if (changed.includes(name)) this.input(name).value = node.attrs[name];
    const isTyping = this.fields?.contains(document.activeElement);
    // The fields stay where they are, and with them the caret of who types.
    if (changed.includes('src') || (changed.length > 0 && !isTyping)) this.fill();
    return true;
  }

  ignoreMutation() {
    return true;
  }

  destroy() {
    this.fields = null;
    this.player.stop();
    this.surface.images.delete(this);
  }
}

/** Puts the parts in their order without moving those that are there: a player that is moved stops. */
function replaceAround(dom, parts) {
  for (const child of Array.from(dom.childNodes)) if (!parts.includes(child)) child.remove();
  let before = dom.firstChild;
  for (const part of parts) {
    if (part === before) before = before.nextSibling;
    else dom.insertBefore(part, before);
  }
}

function picture(src, alt) {
  const image = element('img', 'editor-picture');
  image.alt = alt;
  image.src = src;
  image.draggable = false;
  return image;
}

function card(kind, { src, alt }, note, labels) {
  const box = element('span', 'editor-image-card');
  const name = alt || (kind === 'image' ? '' : fileOf(src));
  const what = kind === 'image' ? '' : labels.media[kind];
  box.setAttribute('role', 'img');
  box.setAttribute('aria-label', [what, name, hostOf(src), note].filter(Boolean).join(', '));
  if (what) box.append(element('span', 'editor-media-kind', what));
  box.append(element('span', 'editor-image-alt', name || (note ? '' : src)), element('span', 'editor-image-host', hostOf(src)));
  return box;
}
