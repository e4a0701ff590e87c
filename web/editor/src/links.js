// Which addresses a link or an image may have.

const LINK = /^(https?:\/\/|mailto:)[^\s]/i;
// Control, format and space characters hide what an address really is.
const HIDDEN = /[\u0000-\u0020\u007F-\u00A0\u00AD\u200B-\u200F\u2028-\u202F\u205F-\u206F\u3000\uFEFF]/;

/** http, https and mailto only, with nothing invisible inside. */
export function isLinkAllowed(href) {
  return LINK.test(href) && !HIDDEN.test(href);
}

/** What a person types as an address: `www.` gets its scheme, all else must be a whole address. */
export function linkFromTyping(typed) {
  const address = typed.trim().replace(/^www\./i, 'https://www.');
  const withMail = /^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(address) ? `mailto:${address}` : address;
  return isLinkAllowed(withMail) ? withMail : null;
}

/** Images that a paste may bring: addresses, not embedded or temporary data. */
export function isPastedImageAllowed(src) {
  return /^https?:\/\//i.test(src) || /^stoa-media:/i.test(src);
}

/** The part of an image's address a person recognises. */
export function hostOf(src) {
  if (/^attachment:/.test(src)) return '';
  const found = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(src);
  return found ? found[1].replace(/^[^@]*@/, '') : src.slice(0, 80);
}

/** An address as it stands inside `](…)`. */
export function destination(address) {
  const entity = /&(#\d+|#x[\da-f]+|[a-z][\da-z]*);/gi;
  if (/^[^\s<>()\\]+$/.test(address) && !entity.test(address)) return address;
  const escaped = address
    .replace(/\n/g, ' ')
    .replace(/[\\<>]/g, '\\$&')
    .replace(entity, '\\$&');
  return `<${escaped}>`;
}

/** A title with the space before it, or nothing. */
export function quotedTitle(title) {
  return title ? ` "${title.replace(/\n/g, ' ').replace(/[\\"&]/g, '\\$&')}"` : '';
}
