// One paragraph, heading or cell as Markdown. The plainest spelling that reads back the same is
// taken: each attempt is read again and compared, and the next one escapes more.

import { readBlocks, readInline, build } from './build.js';
import { destination, quotedTitle } from './links.js';
import { runsOf, sameRuns } from './runs.js';

const ATTEMPTS = [
  { escape: 'none', em: '*' },
  { escape: 'active', em: '*' },
  { escape: 'active', em: '*', indent: true },
  { escape: 'all', em: '*', indent: true },
  { escape: 'all', em: '_' },
  { escape: 'all', em: '*', shield: true, indent: true },
  { escape: 'all', em: '_', shield: true, indent: true },
];

/** `env.references` are the link definitions of the whole text. */
export function paragraphText(node, env) {
  const runs = runsOf(node.content);
  return firstThatReadsBack(runs, (text) => {
    const { blocks } = readBlocks(text, env.references);
    if (blocks.length !== 1) return null;
    const read = build(blocks[0]);
    return read.type === node.type ? runsOf(read.content) : null;
  });
}

export function headingText(node, env) {
  const hashes = '#'.repeat(node.attrs.level);
  const runs = runsOf(node.content, 'space');
  const text = firstThatReadsBack(runs, (line) => {
    const { blocks } = readBlocks(`${hashes} ${line}`, env.references);
    const read = blocks.length === 1 ? build(blocks[0]) : null;
    return read?.type === node.type && read.attrs.level === node.attrs.level ? runsOf(read.content, 'space') : null;
  });
  return text ? `${hashes} ${text}` : hashes;
}

/** A cell; its paragraphs and lines are set apart by `<br>`. */
export function cellText(cell, env) {
  const parts = [];
  cell.forEach((paragraph) => parts.push(cellLines(paragraph, env)));
  return parts.filter(Boolean).join('<br>').replace(/\|/g, '\\|');
}

function cellLines(paragraph, env) {
  // Every line break of a cell is one that is asked for.
  const asked = (runs) => runs.map((run) => (run.soft === undefined ? run : { ...run, soft: false }));
  const runs = trimmed(asked(runsOf(paragraph.content)));
  return firstThatReadsBack(runs, (line) => trimmed(runsOf(readInline(line, env))), '<br>');
}

// The table reader strips every kind of space from a cell.
function trimmed(runs) {
  const out = runs.map((run) => ({ ...run }));
  const first = out[0];
  if (first && isPlain(first)) first.text = first.text.trimStart();
  const last = out[out.length - 1];
  if (last && isPlain(last)) last.text = last.text.trimEnd();
  return out.filter((run) => run.text !== '');
}

function firstThatReadsBack(runs, readBack, lineBreak = null, tries = 3) {
  if (runs.length === 0) return '';
  for (const attempt of ATTEMPTS) {
    const text = new Line(runs, { ...attempt, lineBreak }).write();
    const read = readBack(text);
    if (read && sameRuns(runs, read)) return text;
  }
  // Nothing says it exactly (emphases that overlap between marks of their own kind, say). The letters
  // all stay, and what is read from them next time is written the same again.
  const text = new Line(runs, { escape: 'all', em: '*', indent: true, lineBreak }).write();
  const read = readBack(text);
  return read && tries > 0 ? firstThatReadsBack(read, readBack, lineBreak, tries - 1) : text;
}

const OPENING = { strong: () => '**', em: (line) => line.em, strike: () => '~~', link: () => '[' };
const CLOSING = {
  ...OPENING,
  link: (_, { attrs }) => `](${destination(attrs.href)}${quotedTitle(attrs.title)})`,
};

class Line {
  constructor(runs, { escape, em, shield, indent, lineBreak }) {
    this.runs = runs;
    this.level = escape;
    this.em = em;
    this.shield = shield;
    // Indented by four, a line that goes on a paragraph begins nothing.
    this.lineStart = indent ? '    ' : '';
    this.lineBreak = lineBreak;
    this.parts = [];
    this.active = [];
    this.atLineStart = true;
    const plain = runs.map((run) => run.text ?? '').join('');
    // One tilde alone strikes nothing out; two may, in other readers, even apart from each other.
    this.hasTildes = plain.indexOf('~') !== plain.lastIndexOf('~');
  }

  write() {
    this.runs.forEach((run, i) => this.run(run, i));
    this.close(0);
    return this.parts.join('');
  }

  put(part) {
    if (part === '') return;
    this.parts.push(part);
    this.atLineStart = false;
  }

  run(run, i) {
    const wanted = run.soft !== undefined ? this.kept(i) : run.marks.filter((mark) => mark.type.name in OPENING);
    let keep = 0;
    while (keep < this.active.length && wanted.some((mark) => mark.eq(this.active[keep]))) keep++;
    const closes = keep < this.active.length;
    this.close(keep);
    // Nothing begins with a run of blanks: marks wait for what can be seen.
    const isBlank = isPlain(run) && !/\S/.test(run.text);
    const missing = isBlank ? [] : wanted.filter((mark) => !this.active.some((active) => active.eq(mark)));
    const opens = this.byReach(missing, i);
    const link = opens.find((mark) => mark.type.name === 'link');
    if (link && this.isAutolink(run, link, i)) {
      this.open(opens.filter((mark) => mark !== link), '');
      this.put(`<${run.text}>`);
      this.endsPlain = false;
      return;
    }
    const blank = isPlain(run) ? this.open(opens, /^\s*/.exec(run.text)[0]) : this.open(opens, '');
    const rest = blank ? { ...run, text: run.text.slice(blank.length) } : run;
    this.piece(rest, i, closes || opens.length > 0);
  }

  /** A line break goes on with the marks of what follows it. */
  kept(i) {
    if (this.active.length === 0) return [];
    const next = this.runs[this.after(i)];
    return this.active.filter((mark) => next?.marks.some((other) => other.eq(mark)));
  }

  /** The next run that is no line break. */
  after(i) {
    let next = i + 1;
    while (next < this.runs.length && this.runs[next].soft !== undefined) next++;
    return next;
  }

  /** Opens marks; a blank goes before the emphasis, but stays in a link. Gives the blank written. */
  open(marks, blank) {
    const lastLink = marks.findLastIndex((mark) => mark.type.name === 'link');
    let written = '';
    marks.forEach((mark, i) => {
      if (i > lastLink && !written) {
        written = blank;
        this.put(blank);
      }
      this.put(OPENING[mark.type.name](this, mark));
      this.active.push(mark);
    });
    return written;
  }

  /** Emphases that overlap are cut in two, and may then end or begin beside a space. */
  close(keep) {
    if (this.active.length <= keep) return;
    let blank = '';
    if (this.endsPlain) {
      const last = this.parts.pop();
      const text = last.replace(/[ \t\u3000]+$/, '');
      blank = last.slice(text.length);
      this.put(text);
    }
    while (this.active.length > keep) {
      const mark = this.active.pop();
      if (mark.type.name === 'link') {
        this.put(blank);
        blank = '';
      }
      this.put(CLOSING[mark.type.name](this, mark));
    }
    this.put(blank);
    this.endsPlain = false;
  }

  /** What goes on longest is opened first. */
  byReach(marks, from) {
    if (marks.length < 2) return marks;
    const reach = (mark) => {
      let end = from;
      while (end < this.runs.length && (this.runs[end].soft !== undefined || mark.isInSet(this.runs[end].marks))) end++;
      return end;
    };
    return marks
      .map((mark, rank) => ({ mark, rank, reach: reach(mark) }))
      .sort((a, b) => b.reach - a.reach || a.rank - b.rank)
      .map(({ mark }) => mark);
  }

  /** A link whose text is its address. */
  isAutolink(run, link, i) {
    const { href, title } = link.attrs;
    const alone = !this.runs[i + 1] || !link.isInSet(this.runs[i + 1].marks);
    if (title || !alone || !isPlain(run) || /[<>\s]/.test(run.text)) return false;
    return href === run.text || href === `mailto:${run.text}`;
  }

  piece(run, i, turned) {
    this.endsPlain = isPlain(run) && run.text !== '';
    if (run.soft !== undefined) {
      this.put(this.lineBreak ?? (run.soft ? '\n' : '\\\n') + this.lineStart);
      this.atLineStart = true;
    } else if (run.image) this.put(imageText(run.image));
    else if (run.note !== undefined) this.put(`[^${run.note}]`);
    else if (isPlain(run)) this.put(this.text(run, i, turned));
    else this.put(carries(run, 'source') ? run.text : codeText(run.text));
  }

  text(run, i, turned) {
    let text = this.escaped(run.text, this.atLineStart, this.runs[i + 1]);
    if (!this.shield) return text;
    if (turned) text = shieldStart(text);
    const next = this.runs[this.after(i)];
    return next && !sameWrapping(run, next) ? shieldEnd(text) : text;
  }

  escaped(text, atLineStart, next) {
    // Formulas reach over blank lines, so they cannot be judged from one paragraph.
    let out = atLineStart ? text.replace(/^\$\$/, '\\$$$$') : text;
    if (this.level === 'none') return this.hasTildes ? out.replace(/~/g, '\\~') : out;
    out = text;
    if (this.level === 'active') out = escapeActive(out, this.hasTildes);
    else out = out.replace(/[\\`*_[\]<>&~!#|$]/g, '\\$&');
    if (this.level === 'all') out = out.replace(/^:/, '\\:');
    if (atLineStart) out = escapeLineStart(out);
    if (!next && /(^|\s)#+$/.test(out)) out = out.replace(/(#+)$/, '\\$1');
    return out;
  }
}

const carries = (run, name) => run.marks.some((mark) => mark.type.name === name);
const isPlain = (run) => run.text !== undefined && !carries(run, 'source') && !carries(run, 'code');

const sameWrapping = (a, b) =>
  a.marks.length === b.marks.length && a.marks.every((mark) => b.marks.some((other) => other.eq(mark)));

/** Escapes what could begin markup, and leaves what plainly cannot. */
function escapeActive(text, hasTildes) {
  let out = text
    .replace(/\\(?=[!-/:-@[-`{-~]|$)/g, '\\\\')
    .replace(/[`*[\]]/g, '\\$&')
    .replace(/<(?=[A-Za-z/!?])/g, '\\<')
    .replace(/&(?=#?[A-Za-z\d]+;)/g, '\\&')
    .replace(/(^|[^A-Za-z\d])_|_(?![A-Za-z\d])/g, (found) => `${found.slice(0, -1)}\\_`);
  if (hasTildes) out = out.replace(/~/g, '\\~');
  return out;
}

/** Escapes what would begin a block where a line begins. */
function escapeLineStart(line) {
  if (/^(#{1,6}|[-+])(\s|$)/.test(line)) return `\\${line}`;
  if (/^(>|=+\s*$|-+\s*$|\||\$\$|~~~)/.test(line)) return `\\${line}`;
  if (/^(-[ \t]*){3,}$|^(_[ \t]*){3,}$/.test(line)) return `\\${line}`;
  if (/^-{1,}\s*\|/.test(line)) return `\\${line}`;
  return line.replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

// A letter spelled as an entity counts as punctuation to the rules of emphasis, and lets the marks
// beside it open and close.
const spelled = (character) => `&#${character.codePointAt(0)};`;

function shieldStart(text) {
  const first = text ? String.fromCodePoint(text.codePointAt(0)) : '';
  return /[\p{L}\p{N}]/u.test(first) ? spelled(first) + text.slice(first.length) : text;
}

function shieldEnd(text) {
  const last = /[\p{L}\p{N}]$/u.exec(text)?.[0];
  return last && !text.endsWith(';') ? text.slice(0, -last.length) + spelled(last) : text;
}

export function imageText({ src, alt, title }) {
  const described = alt.replace(/\n/g, ' ').replace(/[\\`*_[\]<>&~!]/g, '\\$&');
  return `![${described}](${destination(src)}${quotedTitle(title)})`;
}

function codeText(text) {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padded = /^`|`$/.test(text) || (/^ .* $/.test(text) && text.trim() !== '');
  return padded ? `${fence} ${text} ${fence}` : fence + text + fence;
}
