// The words of the editor. They come from the host and can change while somebody writes.

const SOURCE_KINDS = ['html', 'footnote', 'reference', 'math', 'frontmatter', 'table', 'unknown'];

export class Labels {
  constructor({ lang = 'en', texts = {}, label = '', placeholder = '' }) {
    this.lang = lang;
    this.label = label;
    this.placeholder = placeholder;
    this.items = (texts.items ?? []).map(({ id, label: name, keys = [], asks = false }) => ({
      id,
      label: name,
      // Carried out by the host, which has to ask for something first.
      asks: Boolean(asks),
      keys: (Array.isArray(keys) ? keys : `${keys}`.split(/[\s,]+/)).filter(Boolean).map((key) => key.toLowerCase()),
    }));
    this.menu = texts.menu ?? '';
    this.task = texts.task ?? '';
    this.remoteImage = texts.remoteImage ?? '';
    this.paywall = texts.paywall ?? '';
    this.source = texts.source ?? {};
    this.mentions = texts.mentions ?? '';
    this.embed = texts.embed ?? '';
    this.codeLanguage = texts.codeLanguage ?? '';
    this.footnote = texts.footnote ?? '';
    this.footnoteBack = texts.footnoteBack ?? '';
    this.calloutKind = texts.calloutKind ?? '';
    this.callouts = texts.callouts ?? {};
    this.media = { caption: '', alt: '', audio: '', video: '', chapters: '', transcript: '', ...texts.media };
  }

  /** Words that stand in the page as generated content: one property each, no node is touched. */
  applyTo(element) {
    const { style } = element;
    style.setProperty('--editor-placeholder', quoted(this.placeholder));
    style.setProperty('--editor-paywall', quoted(this.paywall));
    style.setProperty('--editor-remote-image', quoted(this.remoteImage));
    for (const kind of SOURCE_KINDS) style.setProperty(`--editor-source-${kind}`, quoted(this.source[kind] ?? ''));
  }
}

const quoted = (text) => `"${text.replace(/["\\\n]/g, (found) => (found === '\n' ? ' ' : `\\${found}`))}"`;
