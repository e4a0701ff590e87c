// Nodes that are more than an element: images, which are never fetched from elsewhere, and tasks.

import { hostOf } from './links.js';

export function nodeViews(surface) {
  return {
    figure: (node) => new ImageView(node, surface, 'figure'),
    image: (node) => new ImageView(node, surface, 'span'),
    list_item: (node, view, getPos) => new ItemView(node, view, getPos, surface),
  };
}

/** The picture where the host has it on this computer, else a card that says what is meant. */
class ImageView {
  constructor(node, surface, tag) {
    this.node = node;
    this.surface = surface;
    this.dom = document.createElement(tag);
    surface.images.add(this);
    this.dom.className = tag === 'figure' ? 'editor-figure' : 'editor-image';
    this.fill();
  }

  fill() {
    const { src, alt, title } = this.node.attrs;
    const shown = this.surface.imageSource(src);
    const note = this.surface.imageNote(src);
    this.dom.replaceChildren(shown ? picture(shown, alt) : card(src, alt, note));
    if (note) this.dom.append(element('span', 'editor-image-note', note));
    const retry = !shown && this.surface.imageRetry(src);
    if (retry) this.dom.append(this.again(retry, src));
    if (title) this.dom.append(element('figure' === this.dom.localName ? 'figcaption' : 'span', 'editor-caption', title));
  }

  /** Asks for the picture once more. */
  again(label, src) {
    const button = element('button', 'editor-image-retry', label);
    button.type = 'button';
    button.addEventListener('click', () => this.surface.session.options.onImageRetry?.(src));
    return button;
  }

  /** The button's events are its own. */
  stopEvent(event) {
    return event.target.localName === 'button';
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    const changed = ['src', 'alt', 'title'].some((name) => node.attrs[name] !== this.node.attrs[name]);
    this.node = node;
    if (changed) this.fill();
    return true;
  }

  ignoreMutation() {
    return true;
  }

  destroy() {
    this.surface.images.delete(this);
  }
}

function picture(src, alt) {
  const image = element('img', 'editor-picture');
  image.alt = alt;
  image.src = src;
  image.draggable = false;
  return image;
}

function card(src, alt, note) {
  const box = element('span', 'editor-image-card');
  box.setAttribute('role', 'img');
  box.setAttribute('aria-label', [alt, hostOf(src), note].filter(Boolean).join(', '));
  box.append(element('span', 'editor-image-alt', alt || (note ? '' : src)), element('span', 'editor-image-host', hostOf(src)));
  return box;
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** A list item; a task has its box beside the text. */
class ItemView {
  constructor(node, view, getPos, surface) {
    this.node = node;
    this.surface = surface;
    this.dom = document.createElement('li');
    this.isTask = node.attrs.checked !== null;
    if (!this.isTask) {
      this.contentDOM = this.dom;
      return;
    }
    this.dom.className = 'editor-task';
    this.box = element('input', 'editor-task-box');
    this.box.type = 'checkbox';
    this.box.contentEditable = 'false';
    this.box.tabIndex = -1;
    this.box.addEventListener('change', () => {
      view.dispatch(view.state.tr.setNodeAttribute(getPos(), 'checked', this.box.checked));
    });
    this.contentDOM = element('div', 'editor-task-text');
    this.dom.append(this.box, this.contentDOM);
    surface.boxes.add(this);
    this.refresh();
  }

  refresh() {
    const { checked } = this.node.attrs;
    this.dom.dataset.checked = `${checked}`;
    this.box.checked = checked;
    this.box.disabled = this.surface.session.readOnly;
    this.box.setAttribute('aria-label', this.surface.session.labels.task);
  }

  update(node) {
    if (node.type !== this.node.type || (node.attrs.checked !== null) !== this.isTask) return false;
    this.node = node;
    if (this.isTask) this.refresh();
    return true;
  }

  stopEvent(event) {
    return event.target === this.box;
  }

  ignoreMutation(mutation) {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  destroy() {
    this.surface.boxes.delete(this);
  }
}
