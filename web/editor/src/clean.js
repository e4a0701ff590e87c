// What may enter the text: no NUL, no half characters, one kind of line break.

/** Lone surrogates become U+FFFD; NUL goes; every line break becomes \n. */
export function clean(text) {
  return wellFormed(text.replace(/\r\n?/g, '\n').replace(/\0/g, ''));
}

/** True when `clean` would change nothing. */
export function isClean(text) {
  return !/[\0\r]/.test(text) && wellFormed(text) === text;
}

function wellFormed(text) {
  if (!/[\uD800-\uDFFF]/.test(text)) return text;
  return text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, (found) =>
    found.length === 2 ? found : '\uFFFD'
  );
}

/** Length in UTF-8 bytes, without building the bytes. */
export function byteLength(text) {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
