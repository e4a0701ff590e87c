// Where a transaction changed the document, so that what is marked in it is looked for anew there and
// nowhere else.

/** The stretch of the new document that was changed, or null. */
export function touchedRange(tr) {
  let from = Infinity;
  let to = -1;
  tr.mapping.maps.forEach((map, i) => {
    const later = tr.mapping.slice(i + 1);
    map.forEach((_from, _to, start, end) => {
      from = Math.min(from, later.map(start, -1));
      to = Math.max(to, later.map(end, 1));
    });
  });
  return to < 0 ? null : { from, to };
}

/** The same stretch as whole top-level blocks. */
export function touchedBlocks(tr) {
  const range = touchedRange(tr);
  if (!range) return null;
  const size = tr.doc.content.size;
  const $from = tr.doc.resolve(Math.max(0, range.from - 1));
  const $to = tr.doc.resolve(Math.min(size, range.to + 1));
  return { from: $from.depth > 0 ? $from.before(1) : $from.pos, to: $to.depth > 0 ? $to.after(1) : $to.pos };
}

/** Marks that moved with the text, with those in what changed found anew by `find(from, to)`. */
export function remarked(marks, tr, find) {
  const moved = marks.map(tr.mapping, tr.doc);
  const range = touchedBlocks(tr);
  if (!range) return moved;
  // Those that only touch the stretch belong to the blocks beside it.
  const old = moved.find(range.from, range.to).filter(({ from, to }) => from >= range.from && to <= range.to);
  return moved.remove(old).add(tr.doc, find(range.from, range.to));
}
