// Where a place in the document lies in its Markdown, and back. Within a block the letters of both
// are matched one by one, so markup in between costs a character or two of precision, no more.

/** The UTF-16 offset in the Markdown of a document position. */
export function offsetAt(parts, doc, pos) {
  const index = doc.resolve(pos).index(0);
  let start = 0;
  let last = 0;
  for (const part of parts) {
    start += part.lead.length;
    if (part.index === index) return start + sourceOffset(part, pos - blockStart(doc, index));
    if (part.index > index) return start;
    start += part.text.length;
    last = start;
  }
  return last;
}

/** The document position nearest to an offset in the Markdown. */
export function positionAt(parts, doc, offset) {
  let start = 0;
  let nearest = null;
  for (const part of parts) {
    start += part.lead.length;
    if (nearest && offset < start) break;
    nearest = { part, within: offset - start };
    if (offset <= start + part.text.length) break;
    start += part.text.length;
  }
  if (!nearest) return 0;
  const { part, within } = nearest;
  return blockStart(doc, part.index) + nodeOffset(part, within);
}

function blockStart(doc, index) {
  let pos = 0;
  for (let i = 0; i < index; i++) pos += doc.child(i).nodeSize;
  return pos;
}

function sourceOffset(part, within) {
  const { places, offsets } = matched(part);
  return across(places, offsets, within) ?? 0;
}

function nodeOffset(part, within) {
  const { places, offsets } = matched(part);
  return across(offsets, places, within) ?? Math.min(1, part.node.nodeSize - 1);
}

/** From a place on one side to the other: behind the letter before it, or in front of the one that
 * begins right here when the one before is further off. */
function across(from, to, place) {
  let next = 0;
  while (next < from.length && from[next] < place) next++;
  const touchesBefore = next > 0 && from[next - 1] === place - 1;
  if (!touchesBefore && (from[next] === place || next === 0)) return to[next];
  return next > 0 ? to[next - 1] + 1 : undefined;
}

/** Each letter of a block: its place relative to the block's start and its offset in the source. */
function matched({ node, text }) {
  const places = [];
  const offsets = [];
  let from = 0;
  const match = (letter, place) => {
    const found = text.indexOf(letter, from);
    if (found < 0) return;
    places.push(place);
    offsets.push(found);
    from = found + 1;
  };
  const walk = (child, place) => {
    if (child.isText) for (let i = 0; i < child.text.length; i++) match(child.text[i], place + i);
    else if (child.type.name === 'hard_break') match('\n', place);
    else if (child.type.name === 'footnote_ref') match('^', place);
    else child.forEach((inner, offset) => walk(inner, place + 1 + offset));
  };
  walk(node, 0);
  return { places, offsets };
}
