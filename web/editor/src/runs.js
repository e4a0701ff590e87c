// The content of one line of text as Markdown can say it: pieces with their marks, no emphasis that
// begins or ends with a space, no spaces at the ends of a line. Two contents that Markdown cannot
// tell apart give the same runs.

import { clean } from './clean.js';

const SPACED = ['strong', 'em', 'strike'];
// What does not show on a space.
const UNSEEN = [...SPACED, 'link'];
const BLANK_START = /^\s+/;
const BLANK_END = /\s+$/;

/**
 * `lines`: 'keep' for paragraphs, 'space' where a line break cannot stand (headings). A run is
 * `{ text }`, `{ image }`, `{ note }` (a footnote's label) or `{ soft }` (a line break), each with `marks`.
 */
export function runsOf(content, lines = 'keep') {
  let runs = [];
  content.forEach((node) => runs.push(runOf(node, lines)));
  for (const name of SPACED) runs = withoutBlankEdges(runs, name);
  return tidyLines(joined(withoutBlankLinks(runs)));
}

function runOf(node, lines) {
  const { marks } = node;
  if (node.isText) return { text: clean(node.text).replace(/\n/g, ' '), marks };
  if (node.type.name === 'image') return { image: node.attrs, marks };
  // A link cannot hold a reference.
  if (node.type.name === 'footnote_ref') return { note: node.attrs.label, marks: without(marks, 'link') };
  return lines === 'space' ? { text: ' ', marks } : { soft: node.attrs.soft, marks };
}

const has = (run, name) => run.marks.some((mark) => mark.type.name === name);
const without = (marks, name) => marks.filter((mark) => mark.type.name !== name);
const isCode = (run) => has(run, 'code') || has(run, 'source');

/** A link that shows nothing cannot be told from no link. */
function withoutBlankLinks(runs) {
  const linkOf = (run) => run.marks.find((mark) => mark.type.name === 'link');
  const shows = (run) => run.image !== undefined || /\S/.test(run.text ?? '');
  return runs.map((run, i) => {
    const link = linkOf(run);
    if (!link || shows(run)) return run;
    let [from, to] = [i, i];
    while (from > 0 && linkOf(runs[from - 1])?.eq(link)) from--;
    while (to < runs.length - 1 && linkOf(runs[to + 1])?.eq(link)) to++;
    return runs.slice(from, to + 1).some(shows) ? run : { ...run, marks: without(run.marks, 'link') };
  });
}

/** Takes a mark off the blanks at both ends of every stretch that carries it. */
function withoutBlankEdges(runs, name) {
  const out = [];
  for (let i = 0; i < runs.length; ) {
    if (!has(runs[i], name)) {
      out.push(runs[i++]);
      continue;
    }
    let end = i;
    while (end < runs.length && has(runs[end], name)) end++;
    out.push(...trimmedStretch(runs.slice(i, end), name));
    i = end;
  }
  return out;
}

function trimmedStretch(runs, name) {
  const before = [];
  const after = [];
  while (runs.length > 0) {
    const [edge, rest] = splitBlank(runs[0], BLANK_START);
    if (!edge) break;
    before.push({ ...edge, marks: without(edge.marks, name) });
    if (rest) {
      runs[0] = rest;
      break;
    }
    runs.shift();
  }
  while (runs.length > 0) {
    const [edge, rest] = splitBlank(runs[runs.length - 1], BLANK_END);
    if (!edge) break;
    after.unshift({ ...edge, marks: without(edge.marks, name) });
    if (rest) {
      runs[runs.length - 1] = rest;
      break;
    }
    runs.pop();
  }
  return [...before, ...runs, ...after];
}

/** The blank part of a run at one end and what is left of it. */
function splitBlank(run, blank) {
  if (run.soft !== undefined) return [run, null];
  if (run.text === undefined || isCode(run)) return [null, run];
  const found = blank.exec(run.text);
  if (!found) return [null, run];
  const left = run.text.replace(blank, '');
  return [{ ...run, text: found[0] }, left ? { ...run, text: left } : null];
}

function joined(runs) {
  const out = [];
  for (const run of runs) {
    const last = out[out.length - 1];
    if (run.text === '') continue;
    if (last && last.text !== undefined && run.text !== undefined && sameMarks(last.marks, run.marks)) {
      out[out.length - 1] = { ...last, text: last.text + run.text };
    } else out.push(run);
  }
  return out;
}

/**
 * No spaces around line breaks, no line break at the end, none but an asked-for one at the start, no
 * two soft ones together: two line ends with nothing between would end the paragraph.
 */
function tidyLines(runs) {
  const lines = [[]];
  const breaks = [];
  for (const run of runs) {
    if (run.soft === undefined) lines[lines.length - 1].push(run);
    else {
      breaks.push(run);
      lines.push([]);
    }
  }
  const tidy = lines.map(trimmedLine);
  while (tidy.length > 1 && tidy[tidy.length - 1].length === 0) {
    tidy.pop();
    breaks.pop();
  }
  while (tidy.length > 1 && tidy[0].length === 0 && breaks[0].soft) {
    tidy.shift();
    breaks.shift();
  }
  return tidy.flatMap((line, i) => {
    if (i === 0) return line;
    const beside = line.length === 0 || tidy[i - 1].length === 0;
    return [{ ...breaks[i - 1], soft: breaks[i - 1].soft && !beside }, ...line];
  });
}

function trimmedLine(runs) {
  const line = [...runs];
  const isText = (run) => run?.text !== undefined && !isCode(run);
  while (isText(line[0])) {
    const text = line[0].text.replace(/^[ \t]+/, '');
    line[0] = { ...line[0], text };
    if (text) break;
    line.shift();
  }
  while (isText(line[line.length - 1])) {
    const last = line.pop();
    const text = last.text.replace(/[ \t]+$/, '');
    if (!text) continue;
    line.push({ ...last, text });
    break;
  }
  return line;
}

function sameMarks(a, b) {
  return a.length === b.length && a.every((mark, i) => mark.eq(b[i]));
}

/** Whether two lists of runs look the same: the weight of a space, or of a line break, does not show. */
export function sameRuns(a, b) {
  const [left, right] = [visible(a), visible(b)];
  return (
    left.length === right.length &&
    left.every((run, i) => {
      const other = right[i];
      if (run.soft !== undefined || other.soft !== undefined) return run.soft === other.soft;
      if (!sameMarks(run.marks, other.marks)) return false;
      if (run.text !== undefined || run.note !== undefined) return run.text === other.text && run.note === other.note;
      return other.image !== undefined && ['src', 'alt', 'title'].every((key) => run.image[key] === other.image[key]);
    })
  );
}

function visible(runs) {
  if (!runs.some((run) => UNSEEN.some((name) => has(run, name)))) return runs;
  const out = [];
  for (const run of runs) {
    if (run.text === undefined || isCode(run)) out.push(run);
    else for (const text of run.text.split(/(\s+)/)) out.push(/^\s/.test(text) ? weightless(text, run.marks) : { ...run, text });
  }
  return joined(out);
}

const weightless = (text, marks) => ({ text, marks: marks.filter((mark) => !UNSEEN.includes(mark.type.name)) });
