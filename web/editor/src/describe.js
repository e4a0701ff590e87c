// What a toolbar shows about a document: marks and blocks at the caret, what can be undone.

import { redoDepth, undoDepth } from 'prosemirror-history';

import { linkAround } from './commands.js';
import { findings } from './find.js';
import { mediaKind } from './links.js';
import { schema } from './schema.js';
import { describeTable } from './tables.js';
import { wordsBetween } from './words.js';

const { nodes, marks } = schema;
const MARKS = [
  ['bold', marks.strong],
  ['italic', marks.em],
  ['code', marks.code],
  ['strike', marks.strike],
  ['link', marks.link],
];

export function describe(state) {
  const { selection, doc } = state;
  const { $from, node } = selection;
  const isImage = node?.type === nodes.image || node?.type === nodes.figure;
  const table = describeTable(state);
  return {
    active: [...activeMarks(state), ...activeBlocks(state), ...activeInTable(table)],
    block: blockName(node?.isBlock ? node : $from.parent),
    link: linkAround($from)?.mark.attrs.href ?? null,
    image: isImage ? { ...node.attrs } : null,
    table: table?.can ?? null,
    canUndo: undoDepth(state) > 0,
    canRedo: redoDepth(state) > 0,
    empty: isEmpty(doc),
    media: mediaIn(doc),
    find: findings(state),
    selected: selection.empty || node ? 0 : wordsBetween(doc, selection.from, selection.to),
  };
}

/** Which of 'image', 'audio' and 'video' stand on lines of their own, also within quotes and lists. */
function mediaIn(doc) {
  const kinds = new Set();
  doc.descendants((node) => {
    if (node.type === nodes.figure) kinds.add(mediaKind(node.attrs));
    return !node.isTextblock;
  });
  return [...kinds];
}

/** Nothing but one empty line. */
export function isEmpty(doc) {
  const { childCount, firstChild } = doc;
  return childCount === 1 && firstChild.type === nodes.paragraph && firstChild.content.size === 0;
}

function activeMarks(state) {
  const { empty, $from, ranges } = state.selection;
  const isActive = (mark) =>
    empty
      ? Boolean(mark.isInSet(state.storedMarks ?? $from.marks()))
      : ranges.some((range) => state.doc.rangeHasMark(range.$from.pos, range.$to.pos, mark));
  return MARKS.filter(([, mark]) => isActive(mark)).map(([name]) => name);
}

function activeBlocks(state) {
  const { $from, node } = state.selection;
  const found = new Set();
  let innermostList = true;
  for (let depth = $from.depth; depth > 0; depth--) {
    const { type } = $from.node(depth);
    if (type === nodes.blockquote) found.add('quote');
    if (type === nodes.callout) found.add('callout').add(`callout-${$from.node(depth).attrs.kind}`);
    if (type === nodes.footnote) found.add('footnote');
    if (innermostList && (type === nodes.bullet_list || type === nodes.ordered_list)) {
      innermostList = false;
      const isTask = $from.node(depth + 1).attrs.checked !== null;
      found.add(isTask ? 'task' : type === nodes.ordered_list ? 'ordered' : 'bullet');
    }
  }
  if (node?.type === nodes.paywall) found.add('paywall');
  return [...found];
}

const activeInTable = (table) => (table ? ['table', ...(table.align ? [`align-${table.align}`] : [])] : []);

const BLOCK_NAMES = { code_block: 'codeblock', source_block: 'source', horizontal_rule: 'hr', figure: 'image' };

function blockName(node) {
  return node.type === nodes.heading ? `h${node.attrs.level}` : (BLOCK_NAMES[node.type.name] ?? node.type.name);
}
