// Counting: each Han character is a word, each run of other letters or digits is a word. The same
// rule as `word_count` in the domain crate.

const LETTER = /[\p{Alphabetic}\p{N}]/u;
const counted = new WeakMap();

/** Words of a whole document; unchanged blocks are not counted again. */
export function wordsOf(doc) {
  let words = 0;
  doc.forEach((block) => (words += wordsOfBlock(block)));
  return words;
}

function wordsOfBlock(block) {
  let words = counted.get(block);
  if (words === undefined) {
    words = 0;
    if (block.isTextblock) words = block.type.name === 'source_block' ? 0 : wordCount(block.textContent);
    else block.forEach((child) => (words += wordsOfBlock(child)));
    counted.set(block, words);
  }
  return words;
}

/** Words of a plain text. */
export function wordCount(text) {
  let words = 0;
  let insideWord = false;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff) code = text.codePointAt(i++);
    if (isHan(code)) {
      words++;
      insideWord = false;
    } else if (isLetter(code)) {
      if (!insideWord) words++;
      insideWord = true;
    } else if (code !== 0x27 && code !== 0x2019) {
      insideWord = false;
    }
  }
  return words;
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
