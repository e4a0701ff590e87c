import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { byteLength, clean, isClean } from '../src/clean.js';
import { destination, isLinkAllowed, linkFromTyping, quotedTitle } from '../src/links.js';
import { applySplices, diff } from '../src/splice.js';
import { countText } from '../src/words.js';
import { random } from './random.js';

describe('splices', () => {
  it('turn one text into the other, whatever the pieces', () => {
    const r = random(1);
    const cut = (text) => {
      const pieces = [];
      for (let at = 0; at < text.length; ) {
        const to = Math.min(text.length, at + 1 + r.below(5));
        pieces.push(text.slice(at, to));
        at = to;
      }
      return pieces;
    };
    const texts = ['', '社群', '社会群体', 'a😀b', 'a😁b', 'aaa', 'aaaa', '会员制\n社群', '😀😀', '😀'];
    for (const before of texts) {
      for (const after of texts) {
        const splice = diff(cut(before), cut(after));
        assert.equal(applySplices(before, splice ? [splice] : []), after);
        assert.equal(splice === null, before === after);
      }
    }
  });

  it('are small and never part a character', () => {
    assert.deepEqual(diff(['知识', '付费'], ['知识', '免费']), { at: 2, delete: 1, insert: '免' });
    assert.deepEqual(diff(['a😀b'], ['a😀xb']), { at: 3, delete: 0, insert: 'x' });
    assert.deepEqual(diff(['😀'], ['😁']), { at: 0, delete: 2, insert: '😁' });
    assert.deepEqual(diff(['\u{1F600}'], ['\u{1F1E6}\u{1F600}']), { at: 0, delete: 0, insert: '\u{1F1E6}' });
  });

  it('beyond the text are refused', () => {
    assert.throws(() => applySplices('ab', [{ at: 3, delete: 0, insert: 'x' }]), RangeError);
    assert.throws(() => applySplices('ab', [{ at: 1, delete: 2, insert: '' }]), RangeError);
  });
});

describe('counting', () => {
  const cases = [
    ['', 0],
    ['知识付费', 4],
    ['Rust 与 WASM 前端', 5],
    ["don't stop", 2],
    ['3.14 元', 3],
    ['你好，world！', 3],
    ['——……', 0],
    ['𠮷野家 ３', 4],
    ['日本の', 3],
  ];
  for (const [text, words] of cases) it(`${words} words in ${JSON.stringify(text)}`, () => assert.equal(countText(text).words, words));
});

describe('cleaning', () => {
  it('drops NUL, mends halves and normalises line breaks', () => {
    assert.equal(clean('a\0b\r\nc\rd\ne'), 'ab\nc\nd\ne');
    assert.equal(clean('\ud83d x \ude00 😀'), '\ufffd x \ufffd 😀');
    assert.equal(isClean('😀\n'), true);
    assert.equal(isClean('\ud83d'), false);
    assert.equal(isClean('\r\n'), false);
  });

  it('bytes are counted as UTF-8', () => {
    for (const text of ['', 'abc', 'é', '社群', '😀a']) assert.equal(byteLength(text), new TextEncoder().encode(text).length, text);
  });
});

describe('addresses', () => {
  it('only http, https and mail are links, with nothing hidden inside', () => {
    for (const good of ['https://example.com/路径?x=1', 'http://a.b', 'mailto:a@b.c', 'HTTPS://A.B']) assert.ok(isLinkAllowed(good), good);
    for (const bad of ['javascript:alert(1)', '\u00a0javascript:alert(1)', 'data:text/html,x', 'ftp://a.b', '/about', 'https://a.b/\u202etxt', 'https://', '']) {
      assert.ok(!isLinkAllowed(bad), bad);
    }
  });

  it('what is typed is completed only where it is plain', () => {
    assert.equal(linkFromTyping('www.example.com'), 'https://www.example.com');
    assert.equal(linkFromTyping(' a@example.com '), 'mailto:a@example.com');
    assert.equal(linkFromTyping('example'), null);
    assert.equal(linkFromTyping('javascript:1'), null);
  });

  it('stand in Markdown so that they are read back', () => {
    assert.equal(destination('https://a.b/c'), 'https://a.b/c');
    assert.equal(destination('https://a.b/(c)'), '<https://a.b/(c)>');
    assert.equal(destination('a b<'), '<a b\\<>');
    assert.equal(destination('?a&copy;'), '<?a\\&copy;>');
    assert.equal(quotedTitle('他说"好"'), ' "他说\\"好\\""');
    assert.equal(quotedTitle(''), '');
  });
});
