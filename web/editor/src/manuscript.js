// The Markdown behind a document. A block that nobody has changed keeps the very characters it was
// read from; a changed one is written anew. Both are remembered per node, which never changes, so a
// report costs what has changed since the last one.

import { Fragment } from 'prosemirror-model';
import { ReplaceStep } from 'prosemirror-transform';

import { blockText, listMarker } from './blocks.js';
import { build, PAYWALL, readBlocks } from './build.js';
import { clean } from './clean.js';
import { schema } from './schema.js';

const isList = (node) => node !== null && (node.type.name === 'bullet_list' || node.type.name === 'ordered_list');

export class Manuscript {
  constructor() {
    /** node → what it was read from: { source, lead, before, key } */
    this.origins = new WeakMap();
    /** node → what it was written as: { text, key, avoid } */
    this.written = new WeakMap();
    this.tail = '';
    this.env = { references: {}, key: '' };
  }

  /** The document of a text. */
  open(text) {
    const { blocks, tail } = readBlocks(text);
    const nodes = blocks.map(build);
    const doc = schema.node('doc', null, nodes.length > 0 ? nodes : [schema.node('paragraph')]);
    this.#remember(doc, blocks, tail);
    return doc;
  }

  /** The pieces whose concatenation is the document's Markdown. */
  pieces(doc) {
    const out = [];
    for (const { lead, text } of this.parts(doc)) out.push(lead, text);
    if (out.length > 0) out.push(this.tail);
    return out;
  }

  /** Every block with Markdown: { node, index, lead, text }. */
  parts(doc) {
    this.#followDefinitions(doc);
    const out = [];
    let before = { node: null, text: '', kept: true };
    doc.forEach((node, _offset, index) => {
      const { text, kept } = this.#textOf(node, before, index === doc.childCount - 1);
      if (text === '') return;
      out.push({ node, index, text, lead: this.#lead(node, before, kept) });
      before = { node, text, kept };
    });
    return out;
  }

  #textOf(node, before, isLast) {
    const avoid = isList(node) && isList(before.node) ? listMarker(before.text) : null;
    const origin = this.origins.get(node);
    // A fence that nobody closed would swallow what follows it.
    const closed = isLast || node.type.name !== 'code_block' || !isOpenFence(origin?.source ?? '');
    const holds = origin && closed && this.#stillHolds(origin, before, avoid);
    if (holds) return { text: origin.source, kept: true };
    const known = this.written.get(node);
    const same = known && known.avoid === avoid && (known.key === this.env.key || !known.text.includes('['));
    if (same) return { text: known.text, kept: false };
    const text = clean(blockText(node, this.env, avoid));
    this.written.set(node, { text, avoid, key: this.env.key });
    return { text, kept: false };
  }

  /** Whether a source means the same where it stands now as where it was read. */
  #stillHolds(origin, before, avoid) {
    if (origin.key !== this.env.key && origin.source.includes('[')) return false;
    if (before.node === origin.before && before.kept) return true;
    if (avoid !== null && listMarker(origin.source) === avoid) return false;
    // Indented, it could become part of the list or definition that now stands above it.
    return !/^[ \t]/.test(origin.source);
  }

  #lead(node, before, kept) {
    const origin = this.origins.get(node);
    if (kept && before.kept && origin.before === before.node) return origin.lead;
    return before.node === null ? '' : '\n\n';
  }

  /** Links by reference change their meaning when the definitions do. */
  #followDefinitions(doc) {
    let key = '';
    doc.forEach((node) => (key += definitionsIn(node)));
    if (key === this.env.key) return;
    this.env = { key, references: readBlocks(key).env.references ?? {} };
  }

  /** Notes where each top-level node came from; `blocks` has null for a node without Markdown. */
  #remember(doc, blocks, tail) {
    this.tail = tail;
    this.#followDefinitions(doc);
    let before = null;
    blocks.forEach((block, index) => {
      if (block === null) return;
      const node = doc.child(index);
      this.origins.set(node, { source: block.source, lead: block.lead, before, key: this.env.key });
      before = node;
    });
  }

  /**
   * A transaction that makes the document say `text`, touching as little as one step can, or null
   * when the text cannot be told from the present one. Unchanged blocks keep their nodes.
   */
  revise(state, text) {
    const { blocks, env, tail } = readBlocks(text);
    const { children, origins } = this.#target(state.doc, blocks, env);
    const target = state.doc.copy(Fragment.from(children));
    const { tr } = state;
    const start = state.doc.content.findDiffStart(target.content);
    if (start !== null) replaceDifference(tr, target, start);
    this.#remember(tr.doc, origins, tail);
    return tr;
  }

  /** The nodes a text asks for, old ones where they say the same, and the block behind each. */
  #target(doc, blocks, env) {
    const parts = this.parts(doc);
    const { first, endOld, endNew } = this.#unchanged(parts, blocks, env.references ?? {});
    const keepTo = first === parts.length ? doc.childCount : first === 0 ? 0 : parts[first - 1].index + 1;
    const keepFrom = Math.max(keepTo, endOld < parts.length ? parts[endOld].index : doc.childCount);
    const children = [];
    const origins = [];
    const written = new Set(parts.map((part) => part.index));
    const keep = (from, to, nextBlock) => {
      for (let i = from; i < to; i++) {
        children.push(doc.child(i));
        origins.push(written.has(i) ? blocks[nextBlock++] : null);
      }
    };
    keep(0, keepTo, 0);
    for (const block of blocks.slice(first, endNew)) {
      children.push(build(block));
      origins.push(block);
    }
    keep(keepFrom, doc.childCount, endNew);
    return children.length > 0 ? { children, origins } : { children: [schema.node('paragraph')], origins: [null] };
  }

  /** How many blocks at the start and at the end are what they were. */
  #unchanged(parts, blocks, links) {
    const sameLinks = JSON.stringify(links) === JSON.stringify(this.env.references);
    const same = ({ text, node }, block) =>
      text === block.source && (sameLinks || !text.includes('[')) && staysOfItsKind(node, block);
    let first = 0;
    while (first < parts.length && first < blocks.length && same(parts[first], blocks[first])) first++;
    let endOld = parts.length;
    let endNew = blocks.length;
    while (endOld > first && endNew > first && same(parts[endOld - 1], blocks[endNew - 1])) {
      endOld--;
      endNew--;
    }
    return { first, endOld, endNew };
  }
}

const definitions = new WeakMap();

/** The link definitions inside a block, each on lines of its own. */
function definitionsIn(node) {
  if (node.isTextblock) {
    const isDefinition = node.type.name === 'source_block' && /^\s*\[[^^]/.test(node.textContent);
    return isDefinition ? `${node.textContent}\n\n` : '';
  }
  // The definitions inside a footnote are its own.
  if (node.type.name === 'footnote') return '';
  let found = definitions.get(node);
  if (found === undefined) {
    found = '';
    node.forEach((child) => (found += definitionsIn(child)));
    definitions.set(node, found);
  }
  return found;
}

/** The text of a source block may have become ordinary Markdown under its writer's hands. */
function staysOfItsKind(node, block) {
  const first = block.tokens?.[0];
  const isSource = node.type.name === 'source_block';
  if (first?.type === 'source' && first.info === 'footnote') {
    return node.type.name === 'footnote' || (isSource && node.attrs.kind === 'footnote');
  }
  return isSource === isSourceToBe(block);
}

function isSourceToBe({ tokens }) {
  const type = tokens?.[0].type ?? 'source';
  if (type === 'html_block') return !PAYWALL.test(tokens[0].content.trimEnd());
  return type === 'source' || type === 'reference_definition';
}

function isOpenFence(source) {
  const opening = /^ {0,3}(?:(`{3,})[^`\n]*|(~{3,})[^\n]*)(?:\n|$)/.exec(source);
  if (!opening) return false;
  const last = source.slice(source.lastIndexOf('\n') + 1).trim();
  const fence = opening[1] ?? opening[2];
  return !source.includes('\n') || !last.startsWith(fence) || !/^(`+|~+)$/.test(last);
}

function replaceDifference(tr, target, start) {
  const { doc } = tr;
  let { a: endOld, b: endNew } = doc.content.findDiffEnd(target.content);
  const overlap = start - Math.min(endOld, endNew);
  if (overlap > 0) {
    endOld += overlap;
    endNew += overlap;
  }
  const step = new ReplaceStep(start, endOld, target.slice(start, endNew));
  if (reaches(step, doc, target)) tr.step(step);
  else replaceBlocks(tr, target, start, endOld, endNew);
}

function reaches(step, doc, target) {
  try {
    return step.apply(doc).doc?.eq(target) ?? false;
  } catch (error) {
    // The two ends lie at depths that no one slice can join.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Whole top-level blocks, which fit whatever is inside them. */
function replaceBlocks(tr, target, start, endOld, endNew) {
  const from = blockStart(tr.doc, start);
  const toOld = blockEnd(tr.doc, endOld);
  const toNew = blockEnd(target, endNew);
  tr.step(new ReplaceStep(from, toOld, target.slice(from, toNew)));
}

function blockStart(doc, pos) {
  const $pos = doc.resolve(pos);
  return $pos.depth === 0 ? pos : $pos.before(1);
}

function blockEnd(doc, pos) {
  const $pos = doc.resolve(pos);
  return $pos.depth === 0 ? pos : $pos.after(1);
}
