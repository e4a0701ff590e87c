// Blocks change places: by keys (an item within its list, any other block within the text), and by a
// handle beside the text that can be dragged.

import { closeHistory } from 'prosemirror-history';
import { NodeSelection, Plugin } from 'prosemirror-state';

import { element } from './element.js';
import { schema } from './schema.js';

const { nodes } = schema;
const HOLDERS = [nodes.doc, nodes.bullet_list, nodes.ordered_list];

/** A command that moves the blocks of the selection up (-1) or down (1) by one. */
export function moveBlock(direction) {
  return (state, dispatch) => {
    const { $from, $to } = state.selection;
    const range = $from.blockRange($to, (node) => HOLDERS.includes(node.type));
    if (!range) return false;
    const { parent, startIndex, endIndex, start, end } = range;
    const other = direction < 0 ? startIndex - 1 : endIndex;
    if (other < 0 || other >= parent.childCount) return false;
    if (!dispatch) return true;
    const node = parent.child(other);
    const tr = closeHistory(state.tr);
    // The neighbour goes to the other side; what moves keeps its selection.
    if (direction < 0) tr.delete(start - node.nodeSize, start).insert(end - node.nodeSize, node);
    else tr.delete(end, end + node.nodeSize).insert(start, node);
    dispatch(tr.scrollIntoView());
    return true;
  };
}

export const dragging = (surface) => new Plugin({ view: (view) => new Handle(view, surface) });

/** For the mouse only: the keys do the same, so nothing of it is told to screen readers. */
class Handle {
  constructor(view, surface) {
    this.view = view;
    this.surface = surface;
    this.root = surface.session.root;
    this.block = null;
    this.dragged = null;
    this.dom = element('div', 'editor-handle');
    this.dom.draggable = true;
    this.dom.hidden = true;
    this.dom.setAttribute('aria-hidden', 'true');
    this.dom.addEventListener('dragstart', (event) => this.drag(event));
    this.dom.addEventListener('click', () => this.choose() && view.focus());
    this.moved = (event) => event.buttons === 0 && this.follow(event);
    this.left = () => this.hide();
    this.line = element('div', 'editor-drop-line');
    this.line.hidden = true;
    this.dom.addEventListener('dragend', () => this.stop());
    // Before the text sees them: a block goes above or below another, never into its words.
    this.over = (event) => this.showPlace(event);
    this.dropped = (event) => this.drop(event);
    this.root.addEventListener('mousemove', this.moved);
    this.root.addEventListener('mouseleave', this.left);
    this.root.addEventListener('dragover', this.over, true);
    this.root.addEventListener('drop', this.dropped, true);
    this.root.append(this.dom, this.line);
  }

  update(view, before) {
    if (view.state.doc !== before.doc) this.hide();
  }

  hide() {
    this.block = null;
    this.dom.hidden = true;
  }

  follow(event) {
    if (event.target === this.dom || this.surface.session.readOnly) return;
    const block = this.blockBeside(event);
    if (!block || block === this.block) return;
    this.block = block;
    const [place, root] = [block.getBoundingClientRect(), this.root.getBoundingClientRect()];
    this.dom.hidden = false;
    this.dom.style.top = `${place.top - root.top}px`;
    this.dom.style.left = `${Math.max(0, place.left - root.left - this.dom.offsetWidth)}px`;
  }

  /** The top-level block on the height of the mouse. */
  blockBeside(event) {
    const text = this.view.dom;
    const { left, width } = text.getBoundingClientRect();
    let found = document.elementFromPoint(left + width / 2, event.clientY);
    if (!text.contains(found) || found === text) return null;
    while (found.parentElement !== text) found = found.parentElement;
    return found;
  }

  /** The position before a block. */
  before(block) {
    const $pos = this.view.state.doc.resolve(this.view.posAtDOM(block, 0));
    return $pos.depth > 0 ? $pos.before(1) : $pos.pos;
  }

  choose() {
    if (!this.block?.isConnected) return false;
    const { tr } = this.view.state;
    this.view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, this.before(this.block))));
    return true;
  }

  drag(event) {
    if (!this.choose()) return;
    this.dragged = this.view.state.selection.node;
    const { text } = this.view.serializeForClipboard(this.view.state.selection.content());
    event.dataTransfer.setData('text/plain', text);
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setDragImage(this.block, 0, 0);
  }

  /** The block below the mouse, and whether the place is above it. */
  placeFor(event) {
    const block = this.blockBeside(event);
    if (!block) return null;
    const { top, bottom } = block.getBoundingClientRect();
    return { block, isAbove: event.clientY < (top + bottom) / 2 };
  }

  showPlace(event) {
    if (!this.dragged) return;
    event.preventDefault();
    event.stopPropagation();
    const place = this.placeFor(event);
    if (!place) return;
    const [block, root] = [place.block.getBoundingClientRect(), this.root.getBoundingClientRect()];
    this.line.hidden = false;
    this.line.style.top = `${(place.isAbove ? block.top : block.bottom) - root.top}px`;
    this.line.style.left = `${block.left - root.left}px`;
    this.line.style.width = `${block.width}px`;
  }

  drop(event) {
    if (!this.dragged) return;
    event.preventDefault();
    event.stopPropagation();
    const place = this.placeFor(event);
    const { selection, tr } = this.view.state;
    const isThere = selection.node === this.dragged;
    this.stop();
    if (!place || !isThere) return;
    const target = this.before(place.block);
    const at = place.isAbove ? target : target + this.view.state.doc.nodeAt(target).nodeSize;
    if (at >= selection.from && at <= selection.to) return;
    closeHistory(tr).delete(selection.from, selection.to);
    const pos = tr.mapping.map(at);
    tr.insert(pos, selection.node);
    this.view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, pos)));
    this.view.focus();
  }

  stop() {
    this.dragged = null;
    this.line.hidden = true;
    this.hide();
  }

  destroy() {
    this.root.removeEventListener('mousemove', this.moved);
    this.root.removeEventListener('mouseleave', this.left);
    this.root.removeEventListener('dragover', this.over, true);
    this.root.removeEventListener('drop', this.dropped, true);
    this.dom.remove();
    this.line.remove();
  }
}
