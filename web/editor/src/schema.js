// The kinds of content a document is made of, and how each stands in the page. No style attributes
// and no foreign HTML: what is not a kind of ours is kept as source text.

import { Schema } from 'prosemirror-model';

import { isLinkAllowed, isPastedImageAllowed } from './links.js';

const cellAttrs = {
  align: { default: null },
  colspan: { default: 1 },
  rowspan: { default: 1 },
  colwidth: { default: null },
};

/** One property of a style attribute. The content policy keeps the browser from reading it for us. */
function styleOf(dom, property) {
  const style = dom.getAttribute('style') ?? '';
  return new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([^;]+)`, 'i').exec(style)?.[1].trim().toLowerCase() ?? '';
}

/** A mark that foreign HTML may ask for by style on any element. */
const styledAs = (property, pattern) => ({
  tag: `[style*="${property}"]`,
  consuming: false,
  getAttrs: (dom) => pattern.test(styleOf(dom, property)) && null,
});

function cell(tag, role) {
  return {
    content: 'paragraph+',
    attrs: cellAttrs,
    tableRole: role,
    isolating: true,
    parseDOM: [{ tag, getAttrs: (dom) => ({ align: alignmentOf(dom) }) }],
    toDOM: (node) => [tag, node.attrs.align ? { 'data-align': node.attrs.align } : {}, 0],
  };
}

function alignmentOf(dom) {
  const align = dom.getAttribute('data-align') || dom.getAttribute('align') || styleOf(dom, 'text-align');
  return ['left', 'center', 'right'].includes(align) ? align : null;
}

function imageAttrs(dom) {
  // Articles copied from some sites carry the address in data-src and load it later.
  const src = dom.getAttribute('data-src') || dom.getAttribute('src') || '';
  if (!isPastedImageAllowed(src)) return false;
  return { src, alt: dom.getAttribute('alt') || '', title: dom.getAttribute('title') || '' };
}

function figureAttrs(dom) {
  const image = dom.querySelector('img');
  const attrs = image && imageAttrs(image);
  if (!attrs) return false;
  const caption = dom.querySelector('figcaption');
  return { ...attrs, title: attrs.title || (caption ? caption.textContent.trim() : '') };
}

const imageFields = { src: {}, alt: { default: '' }, title: { default: '' } };
const imageDOM = ({ src, alt, title }) => ['img', { src, alt, ...(title ? { title } : {}) }];

/** What a callout can be. */
export const CALLOUTS = ['note', 'tip', 'important', 'warning', 'caution'];

const nodes = {
  doc: { content: '(block | footnote)+' },

  paragraph: {
    content: 'inline*',
    group: 'block',
    parseDOM: [{ tag: 'p' }],
    toDOM: () => ['p', 0],
  },

  heading: {
    attrs: { level: { default: 1 } },
    content: '(text | image | footnote_ref)*',
    group: 'block',
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level } })),
    toDOM: (node) => [`h${node.attrs.level}`, 0],
  },

  blockquote: {
    content: 'block+',
    group: 'block',
    defining: true,
    parseDOM: [{ tag: 'blockquote' }],
    toDOM: () => ['blockquote', 0],
  },

  callout: {
    attrs: { kind: { default: 'note' } },
    content: 'block+',
    group: 'block',
    defining: true,
    parseDOM: [{ tag: '[data-callout]', priority: 60, getAttrs: calloutAttrs }],
    toDOM: ({ attrs }) => ['aside', { class: 'editor-callout', 'data-callout': attrs.kind }, 0],
  },

  // What a reference in the text leads to; it stands at the top of the document, mostly at its end.
  footnote: {
    attrs: { label: {} },
    content: 'block+',
    defining: true,
    isolating: true,
    parseDOM: [{ tag: 'section[data-footnote], div[data-footnote]', priority: 60, getAttrs: footnoteAttrs }],
    toDOM: ({ attrs }) => ['section', { class: 'editor-footnote', 'data-footnote': attrs.label }, 0],
  },

  bullet_list: {
    attrs: { bullet: { default: '-' }, tight: { default: true } },
    content: 'list_item+',
    group: 'block',
    parseDOM: [{ tag: 'ul' }],
    toDOM: () => ['ul', 0],
  },

  ordered_list: {
    attrs: { order: { default: 1 }, delimiter: { default: '.' }, tight: { default: true } },
    content: 'list_item+',
    group: 'block',
    parseDOM: [{ tag: 'ol', getAttrs: (dom) => ({ order: startOf(dom) }) }],
    toDOM: (node) => ['ol', node.attrs.order === 1 ? {} : { start: node.attrs.order }, 0],
  },

  list_item: {
    // checked: null is an ordinary item, true or false a task.
    attrs: { checked: { default: null } },
    content: 'block+',
    defining: true,
    parseDOM: [
      { tag: 'li[data-checked]', getAttrs: (dom) => ({ checked: dom.dataset.checked === 'true' }) },
      { tag: 'li' },
    ],
    toDOM: ({ attrs }) => ['li', attrs.checked === null ? {} : { 'data-checked': `${attrs.checked}` }, 0],
  },

  code_block: {
    attrs: { language: { default: '' } },
    content: 'text*',
    marks: '',
    group: 'block',
    code: true,
    defining: true,
    parseDOM: [{ tag: 'pre', preserveWhitespace: 'full', getAttrs: (dom) => ({ language: languageOf(dom) }) }],
    toDOM: (node) => [
      'pre',
      { class: 'editor-code', spellcheck: 'false', ...(node.attrs.language ? { 'data-language': node.attrs.language } : {}) },
      ['code', 0],
    ],
  },

  // Markdown of a kind the editor has no picture for, kept and edited as it is written.
  source_block: {
    attrs: { kind: { default: 'unknown' } },
    content: 'text*',
    marks: '',
    group: 'block',
    code: true,
    defining: true,
    parseDOM: [
      {
        tag: 'pre[data-source]',
        preserveWhitespace: 'full',
        priority: 60,
        getAttrs: (dom) => ({ kind: dom.dataset.source }),
      },
    ],
    toDOM: (node) => [
      'pre',
      { class: 'editor-source-block', 'data-source': node.attrs.kind, spellcheck: 'false' },
      ['code', 0],
    ],
  },

  horizontal_rule: {
    group: 'block',
    parseDOM: [{ tag: 'hr' }],
    toDOM: () => ['hr'],
  },

  // What stands below it is for those who paid.
  paywall: {
    group: 'block',
    parseDOM: [{ tag: 'div[data-paywall]' }],
    toDOM: () => ['div', { class: 'editor-paywall', 'data-paywall': '' }],
  },

  figure: {
    attrs: imageFields,
    group: 'block',
    draggable: true,
    parseDOM: [{ tag: 'figure', priority: 60, getAttrs: figureAttrs }],
    toDOM: (node) => ['figure', imageDOM(node.attrs)],
  },

  table: {
    content: 'table_row+',
    group: 'block',
    tableRole: 'table',
    isolating: true,
    parseDOM: [{ tag: 'table' }],
    toDOM: () => ['table', ['tbody', 0]],
  },

  table_row: {
    content: '(table_cell | table_header)*',
    tableRole: 'row',
    parseDOM: [{ tag: 'tr' }],
    toDOM: () => ['tr', 0],
  },

  table_cell: cell('td', 'cell'),
  table_header: cell('th', 'header_cell'),

  text: { group: 'inline' },

  image: {
    attrs: imageFields,
    inline: true,
    group: 'inline',
    draggable: true,
    leafText: (node) => node.attrs.alt,
    parseDOM: [{ tag: 'img[src], img[data-src]', getAttrs: imageAttrs }],
    toDOM: (node) => imageDOM(node.attrs),
  },

  footnote_ref: {
    attrs: { label: {} },
    inline: true,
    group: 'inline',
    parseDOM: [{ tag: 'sup[data-footnote]', priority: 60, getAttrs: footnoteAttrs }],
    toDOM: ({ attrs }) => ['sup', { class: 'editor-note-ref', 'data-footnote': attrs.label }, attrs.label],
  },

  hard_break: {
    // soft: a plain line break of the Markdown, as against one that is asked for.
    attrs: { soft: { default: false } },
    inline: true,
    group: 'inline',
    selectable: false,
    linebreakReplacement: true,
    leafText: () => '\n',
    parseDOM: [{ tag: 'br' }],
    toDOM: () => ['br'],
  },
};

function calloutAttrs(dom) {
  const { callout } = dom.dataset;
  return CALLOUTS.includes(callout) ? { kind: callout } : false;
}

function footnoteAttrs(dom) {
  const label = dom.dataset.footnote;
  return /^[^\]\s]{1,190}$/.test(label) ? { label } : false;
}

function startOf(dom) {
  const start = Number.parseInt(dom.getAttribute('start') ?? '1', 10);
  return start >= 0 && start <= 999_999_999 ? start : 1;
}

function languageOf(dom) {
  const named = dom.getAttribute('data-language');
  if (named) return named;
  const found = /\blang(?:uage)?-([\w+#.-]+)/.exec(dom.querySelector('code')?.className ?? dom.className);
  return found ? found[1] : '';
}

// From the outermost to the innermost.
const marks = {
  link: {
    attrs: { href: {}, title: { default: '' } },
    inclusive: false,
    parseDOM: [
      {
        tag: 'a[href]',
        getAttrs: (dom) => {
          const href = dom.getAttribute('href').trim();
          return isLinkAllowed(href) ? { href, title: dom.getAttribute('title') || '' } : false;
        },
      },
    ],
    toDOM: ({ attrs: { href, title } }) => [
      'a',
      { href, rel: 'noopener noreferrer nofollow', ...(title ? { title } : {}) },
      0,
    ],
  },

  strong: {
    parseDOM: [
      { tag: 'strong' },
      // Some word processors wrap a whole paste in a <b> that is not bold.
      { tag: 'b', getAttrs: (dom) => !/^(normal|[1-5]00)$/.test(styleOf(dom, 'font-weight')) && null },
      styledAs('font-weight', /^(bold(er)?|[6-9]\d{2})$/),
    ],
    toDOM: () => ['strong', 0],
  },

  em: {
    parseDOM: [{ tag: 'em' }, { tag: 'i' }, styledAs('font-style', /^italic$/)],
    toDOM: () => ['em', 0],
  },

  strike: {
    parseDOM: [{ tag: 's' }, { tag: 'del' }, { tag: 'strike' }, styledAs('text-decoration', /line-through/)],
    toDOM: () => ['s', 0],
  },

  code: {
    code: true,
    parseDOM: [{ tag: 'code' }],
    toDOM: () => ['code', { spellcheck: 'false' }, 0],
  },

  // Markdown within a line that is kept as written: raw HTML, footnote references, odd links.
  source: {
    inclusive: false,
    code: true,
    parseDOM: [{ tag: 'span[data-source]' }],
    toDOM: () => ['span', { class: 'editor-source-mark', 'data-source': '', spellcheck: 'false' }, 0],
  },
};

export const schema = new Schema({ nodes, marks });
