// Callouts, and footnotes with the references that lead to them.

import { NodeSelection, TextSelection } from 'prosemirror-state';

import { control, element } from './element.js';
import { CALLOUTS, schema } from './schema.js';

const { nodes } = schema;

/** A box with its kind above the text; the kind is a list to choose from. */
export class CalloutView {
  constructor(node, view, getPos, surface) {
    this.node = node;
    this.surface = surface;
    this.dom = element('aside', 'editor-callout');
    this.dom.setAttribute('role', 'note');
    this.select = control('select', 'editor-callout-kind', '');
    for (const kind of CALLOUTS) this.select.append(new Option('', kind));
    this.select.addEventListener('change', () => {
      view.dispatch(view.state.tr.setNodeAttribute(getPos(), 'kind', this.select.value));
      view.focus();
    });
    this.contentDOM = element('div', 'editor-callout-text');
    this.dom.append(this.select, this.contentDOM);
    surface.boxes.add(this);
    this.refresh();
  }

  refresh() {
    const { kind } = this.node.attrs;
    const { labels, readOnly } = this.surface.session;
    this.dom.dataset.callout = kind;
    this.dom.setAttribute('aria-label', labels.callouts[kind] ?? kind);
    this.select.setAttribute('aria-label', labels.calloutKind);
    this.select.lang = labels.lang;
    this.select.disabled = readOnly;
    for (const option of this.select.options) option.textContent = labels.callouts[option.value] ?? option.value;
    this.select.value = kind;
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.refresh();
    return true;
  }

  stopEvent(event) {
    return event.target === this.select;
  }

  ignoreMutation(mutation) {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  destroy() {
    this.surface.boxes.delete(this);
  }
}

/** The raised label in the text. */
export class ReferenceView {
  constructor(node, surface) {
    this.node = node;
    this.surface = surface;
    this.dom = element('sup', 'editor-note-ref', node.attrs.label);
    this.dom.dataset.footnote = node.attrs.label;
    this.dom.setAttribute('role', 'doc-noteref');
    surface.boxes.add(this);
    this.refresh();
  }

  refresh() {
    this.dom.setAttribute('aria-label', `${this.surface.session.labels.footnote} ${this.node.attrs.label}`);
  }

  ignoreMutation() {
    return true;
  }

  destroy() {
    this.surface.boxes.delete(this);
  }
}

/** A note: its label leads back to where it is referred to. */
export class NoteView {
  constructor(node, view, surface) {
    this.node = node;
    this.surface = surface;
    this.dom = element('section', 'editor-footnote');
    this.dom.setAttribute('role', 'doc-footnote');
    this.label = control('button', 'editor-footnote-label', '');
    this.label.type = 'button';
    this.label.addEventListener('click', () => {
      toReference(this.node.attrs.label)(view.state, view.dispatch);
      view.focus();
    });
    this.contentDOM = element('div', 'editor-footnote-text');
    this.dom.append(this.label, this.contentDOM);
    surface.boxes.add(this);
    this.refresh();
  }

  refresh() {
    const { label } = this.node.attrs;
    const { footnote, footnoteBack } = this.surface.session.labels;
    this.dom.dataset.footnote = label;
    this.dom.setAttribute('aria-label', `${footnote} ${label}`);
    this.label.textContent = label;
    this.label.setAttribute('aria-label', footnoteBack);
    this.label.title = footnoteBack;
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.refresh();
    return true;
  }

  stopEvent(event) {
    return this.label.contains(event.target);
  }

  ignoreMutation(mutation) {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  destroy() {
    this.surface.boxes.delete(this);
  }
}

/** A command that puts the caret into the note of a label. */
export function toNote(label) {
  return (state, dispatch) => {
    let found = null;
    state.doc.forEach((node, pos) => {
      if (node.type === nodes.footnote && node.attrs.label === label) found ??= pos + node.nodeSize - 1;
    });
    if (found === null) return false;
    dispatch?.(state.tr.setSelection(TextSelection.near(state.doc.resolve(found), -1)).scrollIntoView());
    return true;
  };
}

/** A command that selects the first reference to a label. */
export function toReference(label) {
  return (state, dispatch) => {
    let found = null;
    state.doc.descendants((node, pos) => {
      if (node.type === nodes.footnote_ref && node.attrs.label === label) found ??= pos;
      return found === null;
    });
    if (found === null) return false;
    dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, found)).scrollIntoView());
    return true;
  };
}
