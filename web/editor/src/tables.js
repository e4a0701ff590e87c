// What can be done to a table. Markdown has one row of heads, at the top, and no joined cells.

import { Selection } from 'prosemirror-state';
import {
  TableMap,
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  deleteColumn,
  deleteRow,
  deleteTable,
  isInTable,
  selectedRect,
} from 'prosemirror-tables';

import { schema } from './schema.js';

const { nodes } = schema;

/** Commands by the names the host uses. */
export const TABLE_COMMANDS = {
  'row-before': () => within(addRowBefore, ({ top }) => top > 0),
  'row-after': () => within(addRowAfter),
  'row-delete': () => within(removeRows, ({ top, bottom, map }) => top > 0 || bottom < map.height),
  'column-before': () => within(addColumnBefore),
  'column-after': () => within(addColumnAfter),
  'column-delete': () => within(removeColumns, ({ left, right, map }) => left > 0 || right < map.width),
  'align-left': () => alignColumns('left'),
  'align-center': () => alignColumns('center'),
  'align-right': () => alignColumns('right'),
  'table-delete': () => deleteTable,
};

/** A command where the caret is in a table and the cells chosen allow it. */
function within(command, allows = () => true) {
  return (state, dispatch) => isInTable(state) && allows(selectedRect(state)) && command(state, dispatch);
}

/** Where the heads go, the row below becomes the heads. */
function removeRows(state, dispatch) {
  if (!dispatch) return true;
  const { top, left, tableStart } = selectedRect(state);
  return deleteRow(state, (tr) => {
    if (top === 0) {
      let at = tableStart + 1;
      tr.doc.nodeAt(tableStart).forEach((cell) => {
        tr.setNodeMarkup(at, nodes.table_header, cell.attrs);
        at += cell.nodeSize;
      });
    }
    dispatch(caretInCell(tr, tableStart, top, left));
  });
}

function removeColumns(state, dispatch) {
  if (!dispatch) return true;
  const { top, left, tableStart } = selectedRect(state);
  return deleteColumn(state, (tr) => dispatch(caretInCell(tr, tableStart, top, left)));
}

/** The caret goes to what took the place of what is gone, or to the last that is left. */
function caretInCell(tr, tableStart, row, column) {
  const table = tr.doc.nodeAt(tableStart - 1);
  const map = TableMap.get(table);
  const cell = map.positionAt(Math.min(row, map.height - 1), Math.min(column, map.width - 1), table);
  return tr.setSelection(Selection.near(tr.doc.resolve(tableStart + cell + 1))).scrollIntoView();
}

/** The whole columns, as Markdown has it. */
function alignColumns(align) {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    if (!dispatch) return true;
    const { tr } = state;
    const isOn = alignmentAt(state) === align;
    for (const pos of columnCells(selectedRect(state))) tr.setNodeAttribute(pos, 'align', isOn ? null : align);
    dispatch(tr);
    return true;
  };
}

function columnCells({ map, left, right, tableStart }) {
  const cells = [];
  for (let row = 0; row < map.height; row++) {
    for (let column = left; column < right; column++) cells.push(tableStart + map.map[row * map.width + column]);
  }
  return cells;
}

/** How the column with the caret stands; null where nothing was chosen. */
function alignmentAt(state) {
  const { map, left, tableStart } = selectedRect(state);
  return state.doc.nodeAt(tableStart + map.map[left]).attrs.align;
}

/** { can, align }: the commands that apply here and how the column stands; null outside of tables. */
export function describeTable(state) {
  if (!isInTable(state)) return null;
  const can = Object.keys(TABLE_COMMANDS).filter((name) => TABLE_COMMANDS[name]()(state));
  return { can, align: alignmentAt(state) };
}

/** Three columns and two rows below the heads, with the caret in the first of them. */
export function newTable() {
  const row = (type) => nodes.table_row.create(null, [0, 1, 2].map(() => type.createAndFill()));
  return nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
}

/** Puts the caret into the first cell of the table that stands right before it. */
export function caretIntoTableAbove(tr) {
  const below = tr.selection.$from.before();
  const start = below - tr.doc.resolve(below).nodeBefore.nodeSize;
  return tr.setSelection(Selection.near(tr.doc.resolve(start + 1))).scrollIntoView();
}
