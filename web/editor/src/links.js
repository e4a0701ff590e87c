// Which addresses a link or an image may have.

const LINK = /^(https?:\/\/|mailto:)[^\s]/i;
// Something of the community, by its kind and id.
const OWN = /^stoa:[a-z]+\/[\w-]{1,80}$/;
// Control, format and space characters hide what an address really is.
const HIDDEN = /[\u0000-\u0020\u007F-\u00A0\u00AD\u200B-\u200F\u2028-\u202F\u205F-\u206F\u3000\uFEFF]/;

const FILE = /^attachment:[\da-f]{64}$/;

/** A file of the draft that readers keep, of which the address says nothing more. */
export const isFile = (href) => FILE.test(href);

/** http, https, mailto, files of the draft and what is of the community, with nothing invisible inside. */
export function isLinkAllowed(href) {
  return (LINK.test(href) || OWN.test(href) || isFile(href)) && !HIDDEN.test(href);
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

const SOUNDS = /\.(mp3|m4a|aac|oga|ogg|opus|wav|flac)$/i;
const FILMS = /\.(mp4|m4v|webm|mov|ogv)$/i;

const RECORDING = /^attachment:[\da-f]{64}#(audio|video)\/[a-z\d]+(;.*)?$/;

/** What the address of a recording says: { kind, peaks, poster, chapters, transcript }, or null. */
export function recordingOf(src) {
  const [, kind, parts = ''] = RECORDING.exec(src) ?? [];
  if (!kind) return null;
  const values = new Map(parts.split(';').map((part) => part.split('=', 2)));
  const file = (name) => (/^attachment:[\da-f]{64}$/.test(values.get(name)) ? values.get(name) : null);
  const peaks = values.get('peaks') ?? '';
  return {
    kind,
    peaks: /^[\da-f]{1,96}$/.test(peaks) ? Array.from(peaks, (digit) => parseInt(digit, 16)) : null,
    poster: file('poster'),
    chapters: file('chapters'),
    transcript: file('transcript'),
  };
}

/** 'image', 'audio' or 'video', by what the address says, or by the name of the file; that of an
    attachment is its description. */
export function mediaKind({ src, alt }) {
  const recording = recordingOf(src);
  if (recording) return recording.kind;
  const name = src.startsWith('attachment:') ? alt : src.replace(/[?#].*$/s, '');
  return SOUNDS.test(name) ? 'audio' : FILMS.test(name) ? 'video' : 'image';
}

/** The name of the file behind an address. */
export function fileOf(src) {
  return readable(src.replace(/[?#].*$/s, '').split('/').pop() ?? '');
}

/** The path of an address as people read it; nothing for the front page. */
export function pathOf(href) {
  const path = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(href)?.[1] ?? '';
  return path === '/' ? '' : readable(path);
}

function readable(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
