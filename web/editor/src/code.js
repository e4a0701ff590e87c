// Code blocks, each with its language in a field above the code.

import { TextSelection } from 'prosemirror-state';

import { control, element } from './element.js';

const LONGEST = 40;
/** What the field proposes; any other word may be written. */
const LANGUAGES = [
  'bash', 'c', 'cpp', 'csharp', 'css', 'diff', 'go', 'html', 'java', 'javascript', 'json', 'kotlin', 'lua', 'markdown', 'mermaid',
  'php', 'python', 'r', 'ruby', 'rust', 'shell', 'sql', 'swift', 'toml', 'tsx', 'typescript', 'vue', 'xml', 'yaml',
];

/** The first word of what was written, with nothing a fence does not hold. */
export function languageFrom(typed) {
  const word = `${typed ?? ''}`.trim().split(/\s/, 1)[0].replace(/[^\p{L}\p{N}_+#.-]/gu, '');
  return word.slice(0, LONGEST);
}

export class CodeView {
  constructor(node, view, getPos, surface) {
    this.node = node;
    this.view = view;
    this.getPos = getPos;
    this.surface = surface;
    this.dom = element('pre', 'editor-code');
    this.dom.spellcheck = false;
    this.field = control('input', 'editor-code-language', '');
    this.field.type = 'text';
    this.field.maxLength = LONGEST;
    this.field.autocomplete = 'off';
    this.field.setAttribute('autocapitalize', 'none');
    this.field.spellcheck = false;
    this.contentDOM = document.createElement('code');
    this.dom.append(this.field, this.contentDOM);
    this.field.setAttribute('list', listIn(surface.session.root));
    this.field.addEventListener('change', () => this.take());
    this.field.addEventListener('keydown', (event) => this.key(event));
    this.field.addEventListener('blur', () => this.refresh());
    // The key that asks for the language.
    this.dom.addEventListener('editor-edit', () => this.field.select());
    surface.boxes.add(this);
    this.refresh();
  }

  refresh() {
    const { language } = this.node.attrs;
    const { labels, readOnly, root } = this.surface.session;
    if (language) this.dom.dataset.language = language;
    else delete this.dom.dataset.language;
    this.field.lang = labels.lang;
    this.field.placeholder = labels.codeLanguage;
    this.field.setAttribute('aria-label', labels.codeLanguage);
    this.field.readOnly = readOnly;
    this.field.hidden = readOnly && !language;
    // What is being written in the field stays.
    if (root.ownerDocument.activeElement !== this.field) this.field.value = language;
  }

  take() {
    const language = languageFrom(this.field.value);
    this.field.value = language;
    if (language === this.node.attrs.language || this.surface.session.readOnly) return;
    this.view.dispatch(this.view.state.tr.setNodeAttribute(this.getPos(), 'language', language));
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === 'Escape') this.field.value = this.node.attrs.language;
    else if (event.key !== 'Enter' && event.key !== 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    this.take();
    this.back();
  }

  /** Into the code, where the caret was, or at its beginning. */
  back() {
    const { state } = this.view;
    const start = this.getPos() + 1;
    const { head } = state.selection;
    const isInside = head >= start && head <= start + this.node.content.size;
    if (!isInside) this.view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, start)));
    this.view.focus();
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.refresh();
    return true;
  }

  stopEvent(event) {
    return event.target === this.field;
  }

  ignoreMutation(mutation) {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  destroy() {
    this.surface.boxes.delete(this);
  }
}

/** The proposals are the same for all code blocks of a text. */
function listIn(root) {
  const id = `${root.dataset.editor}-languages`;
  if (!root.querySelector(`#${id}`)) {
    const list = document.createElement('datalist');
    list.id = id;
    list.append(...LANGUAGES.map((language) => new Option(language, language)));
    root.append(list);
  }
  return id;
}

/** Goes to the language of the code block with the caret. */
export function editLanguage(state, dispatch, view) {
  const { $from } = state.selection;
  if ($from.parent.type.name !== 'code_block') return false;
  if (dispatch) view.nodeDOM($from.before()).dispatchEvent(new CustomEvent('editor-edit'));
  return true;
}
