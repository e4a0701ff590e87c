import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { occurrences } from '../src/find.js';
import { Labels } from '../src/labels.js';
import { Manuscript } from '../src/manuscript.js';
import { isLinkAllowed, mediaKind, recordingOf } from '../src/links.js';
import { matchesIn } from '../src/matches.js';
import { matching } from '../src/menu.js';
import { looksLikeMarkdown } from '../src/paste.js';
import { sourceCommand } from '../src/source-commands.js';
import { SourceHistory } from '../src/source-history.js';
import { applySplices } from '../src/splice.js';

describe('the insert menu', () => {
  const { items } = new Labels({
    texts: {
      items: [
        { id: 'h1', label: '一级标题', keys: ['yjbt'] },
        { id: 'quote', label: '引用', keys: 'yy, blockquote' },
        { id: 'bullet', label: 'Bulleted list' },
      ],
    },
  });
  const ids = (query) => matching(items, query).map((item) => item.id);
  it('is filtered by label, command and pinyin initials', () => {
    assert.deepEqual(ids(''), ['h1', 'quote', 'bullet']);
    assert.deepEqual(ids('标题'), ['h1']);
    assert.deepEqual(ids('Y'), ['h1', 'quote']);
    assert.deepEqual(ids('yy'), ['quote']);
    assert.deepEqual(ids('list'), ['bullet']);
    assert.deepEqual(ids('bl'), ['quote']);
    assert.deepEqual(ids('zz'), []);
  });
});

describe('pasted text', () => {
  const markdown = ['# 题', '- 一\n- 二', '1. 一', '> 引', '这是**重点**', '[a](https://b.c)', '```\nx\n```', '|a|b|\n|-|-|\n|1|2|', '<!-- paywall -->'];
  const plain = ['你好，世界。', '5*3*2', '- ', '#话题#', 'a [b] (c)', '价格：1.5 元', 'https://example.com/a_b_c'];
  for (const text of markdown) it(`${JSON.stringify(text)} is read as Markdown`, () => assert.equal(looksLikeMarkdown(text), true));
  for (const text of plain) it(`${JSON.stringify(text)} is plain`, () => assert.equal(looksLikeMarkdown(text), false));
});

describe('finding', () => {
  it('looks across marks, within blocks, letter case aside', () => {
    const doc = new Manuscript().open('社**群** Stoa\n\n- 社\n- 群 stoa');
    assert.deepEqual(
      occurrences(doc, { text: '社群' }).map(({ from, to }) => doc.textBetween(from, to)),
      ['社群']
    );
    assert.equal(occurrences(doc, { text: 'STOA' }).length, 2);
    assert.deepEqual(occurrences(doc, { text: '' }), []);
  });
});

describe('matches', () => {
  const cases = [
    ['Stoa stoa', { text: 'STOA' }, [0, 5]],
    ['Stoa stoa', { text: 'stoa', matchCase: true }, [5]],
    ['cat concat cat_', { text: 'cat', wholeWord: true }, [0]],
    ['看cat吧', { text: 'cat', wholeWord: true }, [1]],
    ['社群社群', { text: '社群', wholeWord: true }, [0, 2]],
    ['aaaa', { text: 'aa' }, [0, 2]],
    ['İx x', { text: 'X' }, [1, 3]],
    ['😀a', { text: 'a', wholeWord: true }, [2]],
    ['a.*', { text: '.*' }, [1]],
    ['abc', { text: '' }, []],
  ];
  for (const [text, query, expected] of cases) {
    it(`of ${JSON.stringify(query)} in ${JSON.stringify(text)}`, () => assert.deepEqual(matchesIn(text, query), expected));
  }
});

describe('addresses', () => {
  const kind = (src, alt = '') => mediaKind({ src, alt });
  it('say by their ending what they are', () => {
    assert.equal(kind('https://a.b/c.MP3?x=1'), 'audio');
    assert.equal(kind('https://a.b/c.webm#t=1'), 'video');
    assert.equal(kind('https://a.b/c.png'), 'image');
    assert.equal(kind('attachment:00', '访谈.m4a'), 'audio');
    assert.equal(kind('https://a.b/c', '访谈.m4a'), 'image');
  });

  it('of recordings say what they are and what belongs to them, and nothing else is believed', () => {
    const file = (digit) => `attachment:${digit.repeat(64)}`;
    const src = `${file('a')}#video/mp4;ms=83000;peaks=0f3;poster=${file('b')};chapters=${file('c')};later=1`;
    assert.equal(kind(src, 'any words'), 'video');
    assert.deepEqual(recordingOf(src), { kind: 'video', peaks: [0, 15, 3], poster: file('b'), chapters: file('c'), transcript: null });
    const odd = recordingOf(`${file('a')}#audio/mpeg;peaks=xyz;poster=https://evil.example/;transcript=javascript:1`);
    assert.deepEqual(odd, { kind: 'audio', peaks: null, poster: null, chapters: null, transcript: null });
    for (const other of [file('a'), `${file('a')}#text/html`, 'attachment:12#video/mp4', 'https://x.example/#video/mp4']) {
      assert.equal(recordingOf(other), null, other);
    }
  });

  it('of the community are followed, and nothing else without a scheme of the web', () => {
    assert.equal(isLinkAllowed('stoa:post/0190b2f0-0000-7000'), true);
    for (const other of ['stoa:post/', 'stoa:post/a/../b', 'javascript:1', 'stoa:x y']) assert.equal(isLinkAllowed(other), false, other);
  });
});

describe('commands on Markdown itself', () => {
  const run = (marked, name, value) => {
    const from = marked.indexOf('|');
    const to = marked.lastIndexOf('|');
    const text = marked.replaceAll('|', '');
    const change = sourceCommand(text, from, to > from ? to - 1 : from, name, value);
    return change && applySplices(text, [change.splice]);
  };
  const cases = [
    ['这是|重点|', 'bold', '这是**重点**'],
    ['这是**|重点|**', 'bold', '这是重点'],
    ['一|\n二', 'h2', '## 一\n二'],
    ['## 一|', 'h2', '一'],
    ['## 一|', 'h3', '### 一'],
    ['|一\n二|', 'bullet', '- 一\n- 二'],
    ['|一\n二|', 'ordered', '1. 一\n2. 二'],
    ['- |一', 'task', '- [ ] 一'],
    ['> |一', 'paragraph', '一'],
    ['一|\n\n二', 'hr', '一\n\n---\n\n\n二'],
    ['|', 'paywall', '<!-- paywall -->\n\n'],
    ['|', 'callout', '> [!NOTE]\n> '],
    ['|一\n二|', 'callout-tip', '> [!TIP]\n> 一\n> 二'],
    ['> |一', 'callout-tip', '> [!TIP]\n> 一'],
    ['> [!NOTE]\n> 一|', 'callout-warning', '> [!WARNING]\n> 一'],
    ['一|\n\n[^3]: 三\n', 'footnote', '一[^4]\n\n[^3]: 三\n\n[^4]: '],
    ['一\n\n|二\n\n三|\n', 'move-up', '二\n\n三\n\n一\n'],
    ['一\n\n|二', 'move-down', null],
    ['|码|', 'codeblock', '```\n码\n```\n'],
  ];
  for (const [before, name, after] of cases) it(`${name} on ${JSON.stringify(before)}`, () => assert.equal(run(before, name), after));

  it('a link needs an address that may be followed', () => {
    assert.equal(run('看|这里|', 'link', 'https://a.b'), '看[这里](https://a.b)');
    assert.equal(run('看|这里|', 'link', 'javascript:1'), null);
    assert.equal(run('看|这里|', 'nothing'), null);
  });
});

describe('undo in the source field', () => {
  it('takes back typing in one go and does it again', () => {
    const history = new SourceHistory();
    history.record({ at: 0, removed: '', insert: '社' }, 0);
    history.record({ at: 1, removed: '', insert: '群' }, 100);
    history.record({ at: 2, removed: '', insert: '！' }, 5000);
    let text = applySplices('社群！', [history.undo()]);
    assert.equal(text, '社群');
    text = applySplices(text, [history.undo()]);
    assert.equal(text, '');
    assert.equal(history.undo(), null);
    assert.equal(applySplices(text, [history.redo()]), '社群');
  });

  it('moves along with what others change, and forgets where they overlap', () => {
    const history = new SourceHistory();
    history.record({ at: 2, removed: '', insert: '甲' }, 0);
    history.record({ at: 5, removed: '丙', insert: '乙' }, 9000);
    history.rebase({ at: 0, delete: 0, insert: '前' });
    assert.deepEqual(history.undo(), { at: 6, delete: 1, insert: '丙' });
    assert.deepEqual(history.undo(), { at: 3, delete: 1, insert: '' });
    history.record({ at: 2, removed: '', insert: '甲乙' }, 0);
    history.rebase({ at: 3, delete: 1, insert: '' });
    assert.equal(history.undo(), null);
  });
});
