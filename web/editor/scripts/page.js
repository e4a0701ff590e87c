// The built editor in a real browser, behind the same content policy as the studio.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'";

const START = `
import * as editor from './editor.js';
window.editor = editor;
window.problems = [];
addEventListener('error', (event) => window.problems.push(String(event.message)));
addEventListener('unhandledrejection', (event) => window.problems.push(String(event.reason)));
addEventListener('securitypolicyviolation', (event) => window.problems.push('policy: ' + event.violatedDirective + ' ' + event.sample));
window.apply = (text, splices) => splices.reduce((t, s) => t.slice(0, s.at) + s.insert + t.slice(s.at + s.delete), text);
window.start = (options = {}) => {
  const log = { told: options.markdown ?? '', changes: [], states: [], refused: [], files: [], links: [], remarks: [], immediate: 0 };
  window.log = log;
  window.h = editor.create(document.getElementById('host'), {
    lang: 'zh-CN', label: '正文', placeholder: '开始写', markdown: '',
    texts: {
      menu: '插入',
      task: '完成',
      paywall: '以下仅会员可见',
      remoteImage: '未载入的图片',
      items: [
        { id: 'h1', label: '一级标题', keys: ['yjbt'] },
        { id: 'h2', label: '二级标题', keys: ['ejbt'] },
        { id: 'bullet', label: '无序列表', keys: ['wxlb'] },
        { id: 'quote', label: '引用', keys: ['yy'] },
        { id: 'paywall', label: '付费分界', keys: 'fffj' },
      ],
      source: { html: 'HTML', footnote: '脚注' },
      mentions: '提及', codeLanguage: '代码语言', embed: '链接卡片', footnote: '脚注', footnoteBack: '回到正文', calloutKind: '提示框类型',
      callouts: { note: '备注', tip: '提示', important: '重要', warning: '警告', caution: '小心' },
      media: { caption: '图注', alt: '替代文字', audio: '音频', video: '视频' },
    },
    onChange: (splices, length, words) => {
      log.changes.push({ splices, length, words, composing: window.composing === true });
      log.told = window.apply(log.told, splices);
    },
    onState: (state) => log.states.push(state),
    onImmediate: () => log.immediate++,
    onRefused: (refusal) => log.refused.push(refusal),
    onFiles: (files) => log.files.push(files.length),
    onLink: (href) => log.links.push(href),
    onRemark: (id) => log.remarks.push(id),
    ...options,
  });
  return window.h;
};
window.ready = true;
`;

const TOKENS = `:root{--bg:#F5F3EE;--surface:#FDFCFA;--raised:#FFF;--hover:#EFECE5;--sel:#DFE9EA;--line:#DFDAD0;--edge:#867F72;--ink:#1D1B17;--ink2:#514C43;--ink3:#696357;--accent:#1E5C68;--focus:#0B62C4;--warn:#7F5200;--warn-soft:#F8EDD4;--ok:#2C673A;--ok-soft:#E4F0E3;--danger:#A32F1D;--danger-soft:#F9E7E2;--accent-soft:#E1ECED;--font-read:serif;--font-ui:sans-serif;--font-mono:monospace;--t-xs:.75rem;--t-sm:.8125rem;--t-md:.875rem;--t-xl:1.25rem;--t-2xl:1.625rem;--lh-tight:1.3;--lh-ui:1.45;--lh-read:1.8;--w-reg:400;--w-med:500;--w-semi:600;--s1:.25rem;--s2:.5rem;--s3:.75rem;--s4:1rem;--s5:1.5rem;--s6:2rem;--r1:4px;--r2:6px;--hit:24px;--measure:38em}body{margin:0;background:var(--surface)}`;

const FILES = {
  '/': ['text/html', () => '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>editor</title><link rel="stylesheet" href="/tokens.css"><link rel="stylesheet" href="/editor.css"><button id="before">before</button><div id="host"></div><button id="after">after</button><script type="module" src="/start.js"></script></html>'],
  '/favicon.ico': ['image/x-icon', () => ''],
  '/start.js': ['text/javascript', () => START],
  '/tokens.css': ['text/css', () => TOKENS],
  '/editor.css': ['text/css', () => readFile(`${root}editor.css`)],
  '/editor.js': ['text/javascript', () => readFile(`${root}dist/editor.js`)],
};

/** A browser with the editor's page behind a loopback address; `open()` gives a fresh page. */
export async function openBrowser(args = []) {
  const server = createServer(async (request, response) => {
    const [type, body] = FILES[request.url] ?? [];
    response.writeHead(type ? 200 : 404, { 'content-type': `${type ?? 'text/plain'}; charset=utf-8`, 'content-security-policy': POLICY });
    response.end(type ? await body() : '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const browser = await chromium.launch({
    executablePath: process.env.STOA_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', ...args],
  });
  return {
    async open() {
      const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
      const page = await context.newPage();
      page.on('pageerror', (error) => process.stderr.write(`${error.stack}\n`));
      page.on('console', (message) => message.type() === 'error' && process.stderr.write(`${message.text()}\n`));
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      await page.waitForFunction(() => window.ready);
      return page;
    },
    async close() {
      await browser.close();
      await new Promise((done) => server.close(done));
    },
  };
}
