// Keys inside the rich surface. None of those that Chinese input methods take for themselves, and no
// Alt with a letter. Tab works in lists, tables and code; Esc before it lets it leave the editor.

import {
  baseKeymap,
  chainCommands,
  createParagraphNear,
  exitCode,
  liftEmptyBlock,
  newlineInCode,
  setBlockType,
  splitBlock,
} from 'prosemirror-commands';
import { undoInputRule } from 'prosemirror-inputrules';
import { keydownHandler } from 'prosemirror-keymap';
import { liftListItem, sinkListItem, splitListItem } from 'prosemirror-schema-list';
import { Plugin, Selection } from 'prosemirror-state';
import { addRowAfter, goToNextCell, isInTable, selectedRect } from 'prosemirror-tables';

import { editLanguage } from './code.js';
import { COMMANDS } from './commands.js';
import { isComposing } from './composition.js';
import { toNote, toReference } from './notes.js';
import { schema } from './schema.js';

const { nodes } = schema;

/** `escape.leaving`: Esc was just pressed, the next Tab moves the focus on. */
export function editorKeys(escape) {
  const keys = { ...baseKeymap, ...commandKeys(), ...textKeys(), ...tabKeys(escape) };
  // Ctrl/Cmd+Enter is the host's main action; Option with a letter writes a character on a Mac.
  delete keys['Mod-Enter'];
  delete keys['Alt-d'];
  const handle = keydownHandler(keys);
  return new Plugin({ props: { handleKeyDown: (view, event) => !isComposing(event) && handle(view, event) } });
}

const commandKeys = () => ({
  'Mod-b': COMMANDS.bold(),
  'Mod-i': COMMANDS.italic(),
  'Mod-e': COMMANDS.code(),
  'Mod-z': COMMANDS.undo(),
  'Shift-Mod-z': COMMANDS.redo(),
  'Mod-y': COMMANDS.redo(),
  'Mod-Shift-ArrowUp': takes(COMMANDS['move-up']()),
  'Mod-Shift-ArrowDown': takes(COMMANDS['move-down']()),
});

/** The key is taken even where there is nowhere to go. */
const takes = (command) => (state, dispatch) => command(state, dispatch) || true;

function textKeys() {
  const backspace = chainCommands(undoInputRule, removeEmptyNote, plainAtStart, baseKeymap.Backspace);
  return {
    Enter: chainCommands(
      openSelected,
      codeFence,
      leaveNote,
      nextRow,
      splitItem,
      newlineInCode,
      createParagraphNear,
      liftEmptyBlock,
      splitBlock
    ),
    'Shift-Enter': chainCommands(newlineInCode, hardBreak),
    Backspace: backspace,
    'Mod-Backspace': backspace,
    ArrowDown: leaveCodeBelow,
  };
}

function tabKeys(escape) {
  const unlessLeaving = (command) => (state, dispatch, view) => {
    const leaves = escape.leaving;
    escape.leaving = false;
    return !leaves && command(state, dispatch, view);
  };
  return {
    Tab: unlessLeaving(chainCommands(nextCell, within(sinkListItem(nodes.list_item), nodes.list_item), indentCode)),
    'Shift-Tab': unlessLeaving(chainCommands(editLanguage, goToNextCell(-1), within(liftListItem(nodes.list_item), nodes.list_item))),
  };
}

/** The command's key is taken in such a place even where the command cannot act. */
function within(command, type) {
  return (state, dispatch, view) => {
    const { $from } = state.selection;
    let inside = false;
    for (let depth = $from.depth; depth > 0; depth--) inside ||= $from.node(depth).type === type;
    return inside && (command(state, dispatch, view) || true);
  };
}

/** A new task is not done yet; an empty item ends the list. */
function splitItem(state, dispatch) {
  const { $from } = state.selection;
  const item = $from.depth > 1 ? $from.node(-1) : null;
  if (item?.type !== nodes.list_item) return false;
  const isEmpty = $from.parent.content.size === 0 && item.childCount === 1;
  if (isEmpty) return liftListItem(nodes.list_item)(state, dispatch);
  const attrs = item.attrs.checked === null ? undefined : { checked: false };
  return splitListItem(nodes.list_item, attrs)(state, dispatch);
}

function hardBreak(state, dispatch) {
  const { $from } = state.selection;
  const { parent } = $from;
  const index = $from.index();
  if (!parent.inlineContent || !parent.canReplaceWith(index, index, nodes.hard_break)) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

/** Enter on a selected image goes to its caption, on a reference to its note. */
function openSelected(state, dispatch, view) {
  const { node, from } = state.selection;
  if (node?.type === nodes.footnote_ref) return toNote(node.attrs.label)(state, dispatch);
  if (node?.type !== nodes.figure && node?.type !== nodes.image) return false;
  if (dispatch) view.nodeDOM(from).dispatchEvent(new CustomEvent('editor-edit'));
  return true;
}

/** The note around the caret when its present line is empty: { note, depth }. */
function noteOnEmptyLine({ $from, empty }) {
  const depth = $from.depth - 1;
  const note = depth > 0 ? $from.node(depth) : null;
  const isIt = empty && note?.type === nodes.footnote && $from.parent.type === nodes.paragraph && $from.parent.content.size === 0;
  return isIt ? { note, depth } : null;
}

/** Backspace in a note without words takes the note away and goes back to where it is referred to. */
function removeEmptyNote(state, dispatch, view) {
  const found = noteOnEmptyLine(state.selection);
  if (!found || found.note.childCount > 1) return false;
  const { $from } = state.selection;
  if (state.doc.childCount === 1) return false;
  if (!dispatch) return true;
  dispatch(state.tr.delete($from.before(found.depth), $from.after(found.depth)));
  toReference(found.note.attrs.label)(view.state, dispatch);
  return true;
}

/** Enter on an empty last line of a note goes back to where it is referred to. */
function leaveNote(state, dispatch, view) {
  const found = noteOnEmptyLine(state.selection);
  const { $from } = state.selection;
  if (!found || $from.index(found.depth) < found.note.childCount - 1 || found.note.childCount === 1) return false;
  if (!toReference(found.note.attrs.label)(state)) return false;
  if (!dispatch) return true;
  dispatch(state.tr.delete($from.before(), $from.after()));
  toReference(found.note.attrs.label)(view.state, dispatch);
  return true;
}

/** Enter behind a fence alone on its line makes the code block. */
function codeFence(state, dispatch) {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== nodes.paragraph || $from.parentOffset !== $from.parent.content.size) return false;
  const match = /^(?:```|···|｀｀｀|~~~|～～～)([\w+#.-]*)$/.exec($from.parent.textContent);
  if (!match || !$from.node(-1).canReplaceWith($from.index(-1), $from.index(-1), nodes.code_block)) return false;
  dispatch?.(
    state.tr
      .delete($from.start(), $from.end())
      .setBlockType($from.start(), $from.start(), nodes.code_block, { language: match[1] })
      .scrollIntoView()
  );
  return true;
}

/** Backspace at the start of a heading or an empty code block gives plain text. */
function plainAtStart(state, dispatch) {
  const { $from, empty } = state.selection;
  const { parent } = $from;
  const turns = parent.type === nodes.heading || (parent.type.spec.code && parent.content.size === 0);
  return empty && $from.parentOffset === 0 && turns && setBlockType(nodes.paragraph)(state, dispatch);
}

/** Down from the last line of the last code block makes a line to write on. */
function leaveCodeBelow(state, dispatch) {
  const { $head, empty } = state.selection;
  const { parent } = $head;
  if (!empty || !parent.type.spec.code || $head.after(1) !== state.doc.content.size) return false;
  if (parent.textContent.indexOf('\n', $head.parentOffset) >= 0) return false;
  return exitCode(state, dispatch);
}

function indentCode(state, dispatch) {
  const { $from, $to } = state.selection;
  if (!$from.parent.type.spec.code || !$from.sameParent($to)) return false;
  dispatch?.(state.tr.insertText('  ').scrollIntoView());
  return true;
}

/** Tab in the last cell adds a row. */
function nextCell(state, dispatch, view) {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch)) return true;
  if (!dispatch) return true;
  addRowAfter(state, dispatch);
  return goToNextCell(1)(view.state, dispatch);
}

/** Enter in a cell goes to the cell below, and makes one below the last row. */
function nextRow(state, dispatch, view) {
  if (!isInTable(state)) return false;
  if (!dispatch) return true;
  const { bottom, left, map } = selectedRect(state);
  if (bottom === map.height) addRowAfter(state, dispatch);
  const after = selectedRect(view.state);
  const cell = after.tableStart + after.map.positionAt(bottom, left, after.table);
  const { tr } = view.state;
  dispatch(tr.setSelection(Selection.near(tr.doc.resolve(cell + 1))).scrollIntoView());
  return true;
}
