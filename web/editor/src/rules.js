// What happens while typing: Markdown marks become what they mean, typed on a Latin keyboard or with
// a Chinese input method (full-width signs, the middle dot, book brackets). Backspace takes it back.

import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from 'prosemirror-inputrules';

import { linkFromTyping } from './links.js';
import { CALLOUTS, schema } from './schema.js';

const { nodes, marks } = schema;
const S = '[ \\u3000]';

const rule = (pattern, handler) => new InputRule(pattern, handler, { inCodeMark: false });
const digits = (text) => Number(text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)));

const headings = textblockTypeInputRule(new RegExp(`^([#＃]{1,4})${S}$`), nodes.heading, (match) => ({
  level: match[1].length,
}));

const quote = wrappingInputRule(new RegExp(`^\\s*[>》＞]${S}$`), nodes.blockquote);

const bullets = wrappingInputRule(new RegExp(`^\\s*[-+*－＊＋•·]${S}$`), nodes.bullet_list);

const numbers = wrappingInputRule(
  new RegExp(`^\\s*(\\d{1,9}|[０-９]{1,9})[.．。、)）]${S}$`),
  nodes.ordered_list,
  (match) => ({ order: digits(match[1]) }),
  (match, list) => list.childCount + list.attrs.order === digits(match[1])
);

const codeBlock = textblockTypeInputRule(new RegExp(`^(?:\`\`\`|···|｀｀｀)([\\w+#.-]*)${S}$`), nodes.code_block, (match) => ({
  language: match[1],
}));

const inParagraph = (state) => state.selection.$from.parent.type === nodes.paragraph;

/** `[ ] ` and `【】 ` at the start of an item, or of a paragraph that then becomes an item. */
const task = rule(new RegExp(`^\\s*[[【［]([ \\u3000xX]?)[\\]】］]${S}$`), (state, match, start, end) => {
  if (!inParagraph(state)) return null;
  const checked = /x/i.test(match[1]);
  const tr = state.tr.delete(start, end);
  const $from = tr.doc.resolve(start);
  if ($from.node(-1).type === nodes.list_item && $from.index(-1) === 0) {
    return tr.setNodeAttribute($from.before(-1), 'checked', checked);
  }
  const range = $from.blockRange();
  const wrapping = [
    { type: nodes.bullet_list, attrs: null },
    { type: nodes.list_item, attrs: { checked } },
  ];
  return range.parent.canReplaceWith(range.startIndex, range.endIndex, nodes.bullet_list) ? tr.wrap(range, wrapping) : null;
});

/** `[!NOTE] ` at the start of a block, in either width, makes a callout of it or of its quote. */
const callout = rule(new RegExp(`^\\s*[[【［][!！](${CALLOUTS.join('|')})[\\]】］]${S}$`, 'i'), (state, match, start, end) => {
  if (!inParagraph(state)) return null;
  const attrs = { kind: match[1].toLowerCase() };
  const tr = state.tr.delete(start, end);
  const $from = tr.doc.resolve(start);
  const isQuoted = $from.node(-1).type === nodes.blockquote && $from.index(-1) === 0;
  if (isQuoted) return tr.setNodeMarkup($from.before(-1), nodes.callout, attrs);
  const range = $from.blockRange();
  const fits = range.parent.canReplaceWith(range.startIndex, range.endIndex, nodes.callout);
  return fits ? tr.wrap(range, [{ type: nodes.callout, attrs }]) : null;
});

/** `[^1]` refers to a footnote. */
const reference = rule(/[[【［][\^＾]([^[\]【】［］\s]{1,40})[\]】］]$/, (state, [, label], start, end) =>
  state.tr.replaceWith(start, end, nodes.footnote_ref.create({ label }))
);

/** A line of three dashes (a long Chinese dash counts as two). */
const rule3 = rule(/^(?:---|\*\*\*|___|—-|－－－|———)$/, (state, _match, start) => replaceLine(state, start, nodes.horizontal_rule));

const paywall = rule(/^<!--\s*paywall\s*-->$/, (state, _match, start) => replaceLine(state, start, nodes.paywall));

function replaceLine(state, start, type) {
  const $start = state.doc.resolve(start);
  if ($start.parent.type !== nodes.paragraph) return null;
  // Nothing may follow on the line: the text up to here is all there is.
  if ($start.parent.content.size > state.selection.$from.parentOffset) return null;
  const holder = $start.node(-1);
  const index = $start.index(-1);
  if (!holder.canReplaceWith(index, index, type)) return null;
  const tr = state.tr.delete(start, state.selection.to);
  return tr.insert($start.before(), type.create());
}

/** An inline mark around the first group; what stands before the opening sign stays as it is. */
function marked(pattern, type, accepts = () => true) {
  return rule(pattern, (state, match, start, end) => {
    const [whole, before, text] = match;
    if (!text.trim() || text !== text.trim() || !accepts(before, text)) return null;
    const from = start + before.length;
    const sign = whole.slice(before.length).indexOf(text);
    if (!state.doc.resolve(from).parent.type.allowsMarkType(type)) return null;
    const tr = state.tr;
    const textFrom = from + sign;
    const textTo = textFrom + text.length;
    if (textTo < end) tr.delete(textTo, end);
    tr.delete(from, textFrom);
    return tr.addMark(from, from + text.length, type.create()).removeStoredMark(type);
  });
}

// A name such as 约翰·罗纳德·托尔金 has middle dots of its own.
const dotsMeanCode = (before, text) => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) || /^$|[\s，。：；！？、（）“”]$/.test(before);

const inline = [
  marked(/(^|[^*＊])(?:\*\*|＊＊)([^*＊]+)(?:\*\*|＊＊)$/, marks.strong),
  marked(/(^|[^_\w])__([^_]+)__$/, marks.strong),
  marked(/(^|[^＿])＿＿([^＿]+)＿＿$/, marks.strong),
  marked(/(^|[^*＊])[*＊]([^*＊]+)[*＊]$/, marks.em),
  marked(/(^|[^_\w])_([^_]+)_$/, marks.em),
  marked(/(^|[^~～])(?:~~|～～)([^~～]+)(?:~~|～～)$/, marks.strike),
  marked(/(^|[^`])`([^`]+)`$/, marks.code),
  marked(/(^|[^｀])｀([^｀]+)｀$/, marks.code),
  marked(/(^|[^·])·([^·]+)·$/, marks.code, dotsMeanCode),
];

/** `[text](address)`, also between 【】 and （）; `!` in front makes an image. */
const link = rule(/([!！]?)[[【［]([^[\]【】［］]*)[\]】］][(（]([^()（）\s]+)[)）]$/, (state, [, bang, text, address], start, end) => {
  const href = linkFromTyping(address);
  if (!href || href.startsWith('mailto:') !== address.includes('@')) return null;
  if (bang) return imageRule(state, text, href, start, end);
  if (!text.trim() || !state.doc.resolve(start).parent.type.allowsMarkType(marks.link)) return null;
  return state.tr
    .replaceWith(start, end, schema.text(text, [marks.link.create({ href })]))
    .removeStoredMark(marks.link);
});

function imageRule(state, alt, src, start, end) {
  if (!/^https?:/i.test(src)) return null;
  return state.tr.replaceWith(start, end, nodes.image.create({ src, alt }));
}

export const typingRules = () =>
  inputRules({ rules: [headings, quote, bullets, numbers, codeBlock, callout, task, rule3, paywall, reference, link, ...inline] });
