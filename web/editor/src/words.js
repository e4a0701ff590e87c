// Counting: each Han character is a word, each run of other letters or digits is a word. The same
// rule as `word_count` in the domain crate.

const LETTER = /[\p{Alphabetic}\p{N}]/u;
const counted = new WeakMap();

const NONE = { words: 0, han: 0 };
const sum = (a, b) => ({ words: a.words + b.words, han: a.han + b.han });

/** { words, han } of a whole document; unchanged blocks are not counted again. */
export function countOf(doc) {
  let count = NONE;
  doc.forEach((block) => (count = sum(count, countOfBlock(block))));
  return count;
}

function countOfBlock(block) {
  let count = counted.get(block);
  if (count === undefined) {
    count = NONE;
    if (block.isTextblock) count = block.type.name === 'source_block' ? NONE : countText(block.textContent);
    else block.forEach((child) => (count = sum(count, countOfBlock(child))));
    counted.set(block, count);
  }
  return count;
}

/** Words between two places of a document; blocks that lie wholly between are not counted again. */
export function wordsBetween(doc, from, to) {
  let words = 0;
  doc.nodesBetween(from, to, (node, pos) => {
    const isWhole = from <= pos && pos + node.nodeSize <= to;
    if (isWhole && node.isBlock) words += countOfBlock(node).words;
    else if (node.isTextblock && node.type.name !== 'source_block') {
      const start = pos + 1;
      words += countText(node.textBetween(Math.max(0, from - start), Math.min(node.content.size, to - start))).words;
    } else return true;
    return false;
  });
  return words;
}

/** { words, han } of a plain text: all that is counted, and how much of it is Han. */
export function countText(text) {
  let words = 0;
  let han = 0;
  let insideWord = false;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff) code = text.codePointAt(i++);
    if (isHan(code)) {
      words++;
      han++;
      insideWord = false;
    } else if (isLetter(code)) {
      if (!insideWord) words++;
      insideWord = true;
    } else if (code !== 0x27 && code !== 0x2019) {
      insideWord = false;
    }
  }
  return { words, han };
}

function isHan(code) {
  return (
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0x20000 && code <= 0x323af) ||
    code === 0x3007
  );
}

function isLetter(code) {
  if (code < 0x80) {
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
  }
  return LETTER.test(String.fromCodePoint(code));
}
