// Nodes that are more than an element: code, media, callouts, footnotes and tasks.

import { CodeView } from './code.js';
import { element } from './element.js';
import { MediaView } from './media.js';
import { CalloutView, NoteView, ReferenceView } from './notes.js';

export function nodeViews(surface) {
  return {
    code_block: (node, view, getPos) => new CodeView(node, view, getPos, surface),
    figure: (node, view, getPos) => new MediaView(node, view, getPos, surface, 'figure'),
    image: (node, view, getPos) => new MediaView(node, view, getPos, surface, 'span'),
    callout: (node, view, getPos) => new CalloutView(node, view, getPos, surface),
    footnote: (node, view) => new NoteView(node, view, surface),
    footnote_ref: (node) => new ReferenceView(node, surface),
    list_item: (node, view, getPos) => new ItemView(node, view, getPos, surface),
  };
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
