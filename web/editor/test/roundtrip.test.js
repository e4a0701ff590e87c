import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

import { Manuscript } from '../src/manuscript.js';
import { KEPT, random, randomDocument, randomMarkdown } from './random.js';

const here = (path) => new URL(path, import.meta.url);
const written = (doc) => new Manuscript().pieces(doc).join('');
const read = (text) => new Manuscript().open(text);

/** Every text in zh and en here, and the manuals of the libraries used. */
function corpus() {
  const texts = readdirSync(here('corpus')).map((name) => [name, readFileSync(here(`corpus/${name}`), 'utf8')]);
  for (const name of readdirSync(here('../node_modules'))) {
    const folder = here(`../node_modules/${name}/`);
    const manual = name.startsWith('.') ? undefined : readdirSync(folder).find((file) => /^readme\.md$/i.test(file));
    if (manual) texts.push([`${name}/${manual}`, readFileSync(new URL(manual, folder), 'utf8').replace(/\r\n/g, '\n')]);
  }
  return texts;
}

function checkStable(text, what) {
  const doc = read(text);
  doc.check();
  const once = written(doc);
  const again = written(read(once));
  assert.equal(again, once, `${what}: ${JSON.stringify(text)} is written differently the second time`);
  return once;
}

describe('a text that is opened', () => {
  for (const [name, text] of corpus()) {
    it(`${name} keeps every character until it is changed`, () => {
      const manuscript = new Manuscript();
      assert.equal(manuscript.pieces(manuscript.open(text)).join(''), text);
    });
    it(`${name} is written the same twice`, () => checkStable(text, name));
  }

  it('keeps every character of random Markdown', () => {
    const r = random(11);
    for (let i = 0; i < 4000; i++) {
      const text = randomMarkdown(r, 24);
      const manuscript = new Manuscript();
      const back = manuscript.pieces(manuscript.open(text)).join('');
      if (/[^ \t\n]/.test(text)) assert.equal(back, text);
      else assert.equal(back, '');
    }
  });

  it('is written the same twice, and nothing in it is dropped, for random Markdown', () => {
    const r = random(12);
    const count = (text, word) => text.replace(/\\/g, '').split(word).length;
    for (let i = 0; i < 4000; i++) {
      const text = randomMarkdown(r, 24);
      const once = checkStable(text, i);
      for (const word of KEPT) {
        assert.ok(count(once, word) >= count(text, word), `${word} is gone from ${JSON.stringify(text)}: ${JSON.stringify(once)}`);
      }
    }
  });
});

describe('a document that was edited', () => {
  it('is read back with every letter, and then written the same', () => {
    const r = random(13);
    const letters = (doc) => doc.textContent.replace(/[^\p{L}\p{N}]/gu, '');
    for (let i = 0; i < 4000; i++) {
      const doc = randomDocument(r);
      doc.check();
      const text = written(doc);
      const back = read(text);
      assert.equal(letters(back), letters(doc), `${doc}\n${text}`);
      assert.equal(written(back), text, `${doc}\n${back}`);
    }
  });
});
