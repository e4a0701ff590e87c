// How Markdown is read: CommonMark, tables and strikethrough, Chinese-friendly emphasis, and rules
// of ours that turn what the editor has no picture for into tokens that keep their source.

import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';

// Deeper quotes and lists stay plain text; the reader itself would drop them without a word.
const DEEPEST = 40;

export const markdown = new MarkdownIt({ html: true }).use(cjkFriendly);

// Addresses stay as they are written; which ones become links is decided when the text is built.
markdown.validateLink = () => true;
markdown.normalizeLink = (address) => address;
markdown.normalizeLinkText = (address) => address;

const { ruler } = markdown.block;
const ruleNamed = (name) => ruler.__rules__.find((rule) => rule.name === name).fn;

for (const [name, alt] of [
  ['blockquote', ['paragraph', 'reference', 'blockquote', 'list']],
  ['list', ['paragraph', 'reference', 'blockquote']],
]) {
  const rule = ruleNamed(name);
  ruler.at(name, (state, start, end, silent) => state.level < DEEPEST && rule(state, start, end, silent), { alt });
}

// A definition leaves no trace in the reader's tokens; ours carries its source.
const reference = ruleNamed('reference');
ruler.at('reference', (state, start, end, silent) => {
  const found = reference(state, start, end, silent);
  if (found && !silent) {
    state.tokens[state.tokens.length - 1].content = state.getLines(start, state.line, state.blkIndent, false);
  }
  return found;
});

// Cells beyond the header's are dropped by the reader, so such a table is kept as source.
const table = ruleNamed('table');
ruler.at('table', readTable, { alt: ['paragraph', 'reference'] });

function readTable(state, start, end, silent) {
  const before = state.tokens.length;
  if (!table(state, start, end, silent)) return false;
  if (silent) return true;
  const columns = state.tokens.slice(before).filter((token) => token.type === 'th_open').length;
  for (let line = start + 2; line < state.line; line++) {
    if (cellCount(state.getLines(line, line + 1, state.blkIndent, false)) > columns) {
      state.tokens.length = before;
      pushSource(state, 'table', start, state.line);
      return true;
    }
  }
  return true;
}

function cellCount(line) {
  const bars = line.trim().replace(/^\|/, '').replace(/([^\\]|^)\|$/, '$1');
  let count = 1;
  for (let i = 0; i < bars.length; i++) if (bars[i] === '|' && bars[i - 1] !== '\\') count++;
  return count;
}

function pushSource(state, kind, start, end) {
  const token = state.push('source', '', 0);
  token.info = kind;
  token.map = [start, end];
  token.content = state.getLines(start, end, state.blkIndent, false).replace(/\n+$/, '');
  state.line = end;
}

ruler.before('fence', 'front_matter', (state, start, end, silent) => {
  if (silent || start !== 0 || state.level !== 0 || lineAt(state, 0) !== '---') return false;
  if (!/^[\w-]+:/.test(lineAt(state, 1))) return false;
  for (let line = 2; line < end; line++) {
    const text = lineAt(state, line);
    if (text.trim() === '') return false;
    if (text === '---') {
      pushSource(state, 'frontmatter', 0, line + 1);
      return true;
    }
  }
  return false;
});

ruler.before('fence', 'math', (state, start, end, silent) => {
  if (silent || state.sCount[start] - state.blkIndent >= 4) return false;
  if (!textOfLine(state, start).startsWith('$$')) return false;
  for (let line = start + 1; line < end && state.sCount[line] >= 0; line++) {
    if (!state.isEmpty(line) && state.sCount[line] < state.blkIndent) return false;
    if (textOfLine(state, line).trimEnd().endsWith('$$')) {
      pushSource(state, 'math', start, line + 1);
      return true;
    }
  }
  return false;
});

ruler.before(
  'reference',
  'footnote',
  (state, start, end, silent) => {
    if (state.sCount[start] - state.blkIndent >= 4) return false;
    if (!/^\[\^[^\]\s]+\]:/.test(textOfLine(state, start))) return false;
    if (silent) return true;
    pushSource(state, 'footnote', start, endOfFootnote(state, start, end));
    return true;
  },
  { alt: ['paragraph', 'reference'] }
);

/** Its paragraph, then whatever is indented by four behind blank lines. */
function endOfFootnote(state, start, end) {
  const interrupting = ruler.getRules('paragraph');
  let line = start + 1;
  // A lazy line would turn into something else once it is indented with the rest.
  const goesOn = () =>
    state.sCount[line] >= state.blkIndent &&
    (state.sCount[line] - state.blkIndent >= 4 || !interrupting.some((rule) => rule(state, line, end, true)));
  while (line < end && !state.isEmpty(line) && goesOn()) line++;
  for (;;) {
    const next = state.skipEmptyLines(line);
    if (next >= end || next === line || state.sCount[next] - state.blkIndent < 4) return line;
    line = next;
    while (line < end && !state.isEmpty(line) && state.sCount[line] - state.blkIndent >= 4) line++;
  }
}

const lineAt = (state, line) => state.src.slice(state.bMarks[line], state.eMarks[line]);
const textOfLine = (state, line) => state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);

markdown.inline.ruler.before('link', 'footnote_reference', (state, silent) => {
  if (state.src.charCodeAt(state.pos) !== 0x5b || state.src.charCodeAt(state.pos + 1) !== 0x5e) return false;
  const found = /^\[\^[^\]\s]+\]/.exec(state.src.slice(state.pos, Math.min(state.posMax, state.pos + 200)));
  if (!found) return false;
  if (!silent) state.push('footnote_ref', '', 0).content = found[0];
  state.pos += found[0].length;
  return true;
});
