// HTML of other programs, made plain before the schema reads it: Word, WeChat articles, Lark (飞书),
// Google Docs, pages of the web. It stands in a document that is never shown: that runs nothing and
// loads nothing.

import { DOMParser } from 'prosemirror-model';

import { isLinkAllowed, mediaKind } from './links.js';

const UNSEEN = 'script, style, template, svg, nav, button, input:not([type=checkbox]), select, textarea, mp-style-type, [hidden]';
const BLOCKS = 'p, div, section, article, h1, h2, h3, h4, h5, h6, ul, ol, pre, table, blockquote, figure, hr';

/** Reads what was pasted; a copy from here comes back as it is. */
export function foreignParser(schema) {
  const parser = DOMParser.fromSchema(schema);
  return {
    parseSlice: (body, options) => {
      if (!body.querySelector('[data-pm-slice]')) makePlain(body);
      return parser.parseSlice(body, options);
    },
  };
}

function makePlain(body) {
  for (const step of [dropUnseen, formulas, code, wordFootnotes, wordHeadings, wordLists, larkParts, checklists, nestedLists, media, links, looseBreaks, boldHeadings, spaces]) {
    step(body);
  }
}

const all = (body, selector) => Array.from(body.querySelectorAll(selector));
const styleOf = (node) => node.getAttribute('style') ?? '';

/** Word writes the bullet of a list item into the text, between marks for those who know no lists. */
export function withoutIgnored(html) {
  const [first, ...rest] = html.split('<![if !supportLists]>');
  const end = '<![endif]>';
  const without = rest.map((part) => {
    const at = part.indexOf(end);
    if (at < 0) return part;
    const bullet = part.slice(0, at).replace(/<[^>]*>|&nbsp;|\s/g, '');
    return `<span data-bullet="${bullet.replace(/["&<>]/g, '')}"></span>${part.slice(at + end.length)}`;
  });
  return first + without.join('');
}

function dropUnseen(body) {
  for (const node of all(body, UNSEEN)) node.remove();
  for (const node of all(body, '[style*="display"]')) if (/(^|;)\s*display\s*:\s*none/i.test(styleOf(node))) node.remove();
  for (const node of all(body, 'img')) if (isPixel(node)) node.remove();
}

const isPixel = (image) => ['width', 'height'].every((name) => /^[01](px)?$/.test(image.getAttribute(name) ?? ''));

/** A formula is shown twice, once for eyes and once for readers; its source says it once. */
function formulas(body) {
  for (const node of all(body, '.katex, mjx-container, .MathJax')) {
    const source = node.querySelector('annotation[encoding="application/x-tex"]')?.textContent;
    if (source) node.replaceWith(`$${source.trim()}$`);
  }
}

/** Code whose lines are elements of their own, with or without numbers beside it. */
function code(body) {
  for (const node of all(body, '.code-snippet__line-index, .hljs-ln-numbers, .linenos, .line-numbers-rows')) node.remove();
  for (const pre of all(body, 'pre')) {
    const parts = all(pre, 'code');
    const holder = parts.length === 1 ? parts[0] : pre;
    const rows = parts.length > 1 ? parts : Array.from(holder.children).filter((row) => row.matches('div, p, li, tr'));
    const isByRows = rows.length > 1 || (parts.length <= 1 && rows.length === 1 && rows.length === holder.children.length);
    for (const br of all(pre, 'br')) br.replaceWith('\n');
    const text = isByRows ? rows.map((row) => row.textContent.replace(/\n$/, '')).join('\n') : pre.textContent;
    const language = pre.dataset.lang ?? parts[0]?.dataset.larkLanguage ?? /\blang(?:uage)?-([\w+#.-]+)/.exec(`${pre.className} ${parts[0]?.className}`)?.[1];
    const plain = pre.ownerDocument.createElement('pre');
    if (language) plain.dataset.language = language.toLowerCase();
    plain.textContent = text.replace(/[\u200b\ufeff]/g, '').replace(/\u00a0/g, ' ').replace(/^\n|\n$/g, '');
    pre.replaceWith(plain);
  }
}

function wordFootnotes(body) {
  for (const link of all(body, 'a[href*="#_ftn"]')) {
    const [, back, label] = /#_ftn(ref)?(\d+)$/.exec(link.getAttribute('href')) ?? [];
    if (!label) continue;
    const reference = body.ownerDocument.createElement('sup');
    reference.dataset.footnote = label;
    if (back) link.remove();
    else (link.closest('sup') ?? link).replaceWith(reference);
  }
  for (const note of all(body, 'div[id^="ftn"]')) if (/^ftn\d+$/.test(note.id)) note.dataset.footnote = note.id.slice(3);
  for (const node of all(body, 'div[style*="mso-element:footnote-list"] > hr')) node.remove();
}

function wordHeadings(body) {
  for (const line of all(body, 'p[class^="Mso"]')) {
    const level = line.className.startsWith('MsoTitle') ? 1 : Number(/^MsoHeading([1-6])/.exec(line.className)?.[1]);
    if (level) renamed(line, `h${level}`);
  }
}

/** Word's items are paragraphs that say which list and how deep; the bullet says of which kind. */
function wordLists(body) {
  let open = [];
  let last = null;
  for (const line of all(body, 'p[style*="mso-list"]')) {
    const found = /mso-list\s*:\s*l(\d+)\s+level(\d+)/i.exec(styleOf(line));
    if (!found) continue;
    const bullet = line.querySelector('[data-bullet]')?.dataset.bullet ?? '';
    const goesOn = last && (line.previousElementSibling === last || line.previousElementSibling?.contains(last)) && open[0].id === found[1];
    if (!goesOn) open = [];
    const depth = Math.min(Number(found[2]), open.length + 1);
    open.length = Math.min(open.length, depth);
    if (open.length < depth) open.push(beginList(line, open[open.length - 1]?.item, found[1], bullet));
    const item = body.ownerDocument.createElement('li');
    open[depth - 1].list.append(item);
    open[depth - 1].item = item;
    item.append(...line.childNodes);
    line.remove();
    last = open[0].list;
  }
}

function beginList(line, parent, id, bullet) {
  const number = /^[(（]?(\d+|[a-z]|[ivx]+|[一二三四五六七八九十]+)[.)）、．]/i.exec(bullet);
  const list = line.ownerDocument.createElement(number ? 'ol' : 'ul');
  if (number && Number(number[1]) > 1) list.setAttribute('start', number[1]);
  if (parent) parent.append(list);
  else line.before(list);
  return { list, item: null, id };
}

/** Lark's blocks are lines with names of their own. */
function larkParts(body) {
  for (const line of all(body, 'div.ace-line')) if (!line.closest('li') && !line.querySelector(BLOCKS)) renamed(line, 'p');
  for (const item of all(body, 'li[data-list="check"], li[data-list="done"], .list-check1 > li, .list-done1 > li')) {
    item.dataset.checked = `${item.dataset.list === 'done' || item.parentElement.className.includes('list-done')}`;
  }
  // What is done and what is not are lists of their own there.
  const isTasks = (list) => /(^|\s)list-(check|done)\d/.test(list?.className ?? '');
  for (const list of all(body, 'ul').filter(isTasks)) {
    const before = list.previousElementSibling;
    if (!isTasks(before)) continue;
    list.prepend(...before.childNodes);
    before.remove();
  }
  for (const box of all(body, '[class*="callout-block"]')) box.dataset.callout = 'note';
}

function checklists(body) {
  for (const item of all(body, 'li[role="checkbox"][aria-checked]')) item.dataset.checked = item.getAttribute('aria-checked');
  for (const box of all(body, 'li input[type=checkbox]')) box.closest('li').dataset.checked = `${box.hasAttribute('checked')}`;
  for (const box of all(body, 'input')) box.remove();
}

/** A list right inside a list belongs to the item before it. */
function nestedLists(body) {
  for (const list of all(body, ':is(ul, ol) > :is(ul, ol)')) {
    if (list.previousElementSibling?.localName === 'li') list.previousElementSibling.append(list);
  }
}

/** Pictures that are loaded later, and sounds and films as the images that stand for them. */
function media(body) {
  for (const image of all(body, 'img')) {
    const later = ['data-src', 'data-original', 'data-lazy-src', 'data-actualsrc'].map((name) => image.getAttribute(name)).find(Boolean);
    if (later) image.setAttribute('src', later.startsWith('//') ? `https:${later}` : later);
    image.removeAttribute('data-src');
  }
  for (const player of all(body, 'audio, video')) {
    const src = player.getAttribute('src') ?? player.querySelector('source')?.getAttribute('src') ?? '';
    const image = body.ownerDocument.createElement('img');
    image.setAttribute('src', src);
    if (/^https?:/i.test(src) && mediaKind({ src, alt: '' }) !== 'image') player.replaceWith(image);
    else player.remove();
  }
  for (const frame of all(body, 'iframe[data-src]')) {
    const src = frame.dataset.src;
    const line = body.ownerDocument.createElement('p');
    if (!/^https?:/i.test(src) || !isLinkAllowed(src)) continue;
    const link = line.appendChild(body.ownerDocument.createElement('a'));
    link.setAttribute('href', src);
    link.textContent = src;
    frame.replaceWith(line);
  }
}

/** A search engine's detour is left out, as are signs that only lead to where they stand. */
function links(body) {
  for (const link of all(body, 'a[href]')) {
    const href = link.getAttribute('href');
    if (href.startsWith('#') && /^[#¶§🔗\s]*$/u.test(link.textContent) && !link.querySelector('img')) link.remove();
    const [, inner] = /^https?:\/\/www\.google\.com\/url\?(?:[^#]*&)?q=([^&#]+)/.exec(href) ?? [];
    if (inner) link.setAttribute('href', decoded(inner));
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Breaks between blocks, and lines that hold nothing else. */
function looseBreaks(body) {
  const isBlock = (node) => node?.matches?.(BLOCKS);
  for (const br of all(body, 'br')) {
    const beside = [besides(br, 'previousSibling'), besides(br, 'nextSibling')];
    if (br.className === 'Apple-interchange-newline' || beside.some(isBlock)) br.remove();
  }
  for (const line of all(body, 'p, h1, h2, h3, h4, h5, h6')) {
    if (!/[^\s\u00a0\u200b\ufeff]/.test(line.textContent) && !line.querySelector('img, sup[data-footnote]')) line.remove();
  }
}

function besides(node, side) {
  let next = node[side];
  while (next?.nodeType === 3 && !next.data.trim()) next = next[side];
  return next;
}

/** A heading is bold by itself. */
function boldHeadings(body) {
  for (const heading of all(body, 'h1, h2, h3, h4, h5, h6')) {
    for (const node of all(heading, 'b, strong')) node.replaceWith(...node.childNodes);
    for (const node of all(heading, '[style*="font-weight"]')) node.setAttribute('style', styleOf(node).replace(/font-weight[^;]*;?/i, ''));
  }
}

/** No hard spaces, no invisible ones, and no indent made of spaces. */
function spaces(body) {
  const texts = body.ownerDocument.createTreeWalker(body, 4);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.parentElement.closest('pre')) text.data = text.data.replace(/[\u200b\ufeff]/g, '').replace(/\u00a0/g, ' ');
  }
  for (const line of all(body, 'p, section, div, li')) {
    const first = body.ownerDocument.createTreeWalker(line, 4).nextNode();
    if (first && !line.querySelector('pre')) first.data = first.data.replace(/^[\u3000 ]+/, '');
  }
}

function renamed(node, name) {
  const made = node.ownerDocument.createElement(name);
  made.append(...node.childNodes);
  node.replaceWith(made);
}
