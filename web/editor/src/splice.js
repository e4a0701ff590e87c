// The smallest single change between two texts, in UTF-16 offsets. A text is given as a list of
// pieces (one per block), so that equal blocks are compared as a whole and mostly by identity.

/** The splice that turns `before` into `after` (lists of strings), or null when they are equal. */
export function diff(before, after) {
  let first = 0;
  let at = 0;
  const shorter = Math.min(before.length, after.length);
  while (first < shorter && before[first] === after[first]) at += before[first++].length;
  let endBefore = before.length;
  let endAfter = after.length;
  while (endBefore > first && endAfter > first && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore--;
    endAfter--;
  }
  const old = before.slice(first, endBefore).join('');
  const now = after.slice(first, endAfter).join('');
  if (old === now) return null;
  const start = commonStart(old, now);
  const end = commonEnd(old, now, start);
  return {
    at: at + start,
    delete: old.length - start - end,
    insert: now.slice(start, now.length - end),
  };
}

/** Applies splices one after the other; each counts in the text the former left. */
export function applySplices(text, splices) {
  for (const { at, delete: removed, insert } of splices) {
    if (at < 0 || removed < 0 || at + removed > text.length) {
      throw new RangeError(`splice ${at}+${removed} is beyond a text of ${text.length}`);
    }
    text = text.slice(0, at) + insert + text.slice(at + removed);
  }
  return text;
}

function commonStart(a, b) {
  const max = Math.min(a.length, b.length);
  let n = 0;
  while (n < max && a.charCodeAt(n) === b.charCodeAt(n)) n++;
  // Never between the halves of one character.
  return n > 0 && isHigh(a.charCodeAt(n - 1)) ? n - 1 : n;
}

function commonEnd(a, b, start) {
  const max = Math.min(a.length, b.length) - start;
  let n = 0;
  while (n < max && a.charCodeAt(a.length - 1 - n) === b.charCodeAt(b.length - 1 - n)) n++;
  return n > 0 && isLow(a.charCodeAt(a.length - n)) ? n - 1 : n;
}

const isHigh = (unit) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit) => unit >= 0xdc00 && unit <= 0xdfff;
