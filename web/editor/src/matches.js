// Where a text holds a query. Letter case counts only when asked for; every offset is one of the text.

const WORD = /[\p{L}\p{N}_]/u;
const HAN = /\p{Script=Han}/u;

/** Offsets of all matches, none over another. `query` is { text, matchCase, wholeWord }. */
export function matchesIn(text, { text: wanted, matchCase = false, wholeWord = false }) {
  const found = [];
  if (!wanted) return found;
  const [hay, needle] = matchCase ? [text, wanted] : [folded(text), folded(wanted)];
  for (let at = hay.indexOf(needle); at >= 0; ) {
    const fits = !wholeWord || standsAlone(text, at, at + needle.length);
    if (fits) found.push(at);
    at = hay.indexOf(needle, at + (fits ? needle.length : 1));
  }
  return found;
}

/** Small letters, of the same length: the small form of a few letters is longer than they are. */
function folded(text) {
  const small = text.toLowerCase();
  if (small.length === text.length) return small;
  return Array.from(text, (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join('');
}

/** No letter goes on at either end; Chinese has no spaces, so there every character may end a word. */
function standsAlone(text, from, to) {
  const joins = (a, b) => [a, b].every((letter) => WORD.test(letter) && !HAN.test(letter));
  return !joins(before(text, from), after(text, from)) && !joins(before(text, to), after(text, to));
}

function before(text, at) {
  const isPair = at > 1 && /[\uDC00-\uDFFF]/.test(text[at - 1]);
  return text.slice(Math.max(0, at - (isPair ? 2 : 1)), at);
}

const after = (text, at) => (at < text.length ? String.fromCodePoint(text.codePointAt(at)) : '');
