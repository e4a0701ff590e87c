// How long a key takes until it is painted in a text of 10,000 Han characters, how long a text of
// 200,000 takes to open, and what a report costs. Frames are not held back for a screen.

import { openBrowser } from './page.js';

const KEYS = 200;

const browser = await openBrowser(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
const page = await browser.open();

await page.evaluate(() => {
  const sentence = '知识付费的会员制社群，需要把内容、活动与服务安排得清楚。';
  // About 400 characters a block, some with marks, headings and lists, as people write.
  window.written = (characters) => {
    const blocks = [];
    for (let size = 0, i = 0; size < characters; i++) {
      const body = sentence.repeat(14);
      const block =
        i % 8 === 0 ? `## 第 ${i} 节` : i % 5 === 0 ? `- ${sentence}\n- **${sentence}**\n- [链接](https://example.com/${i})` : `${body}**重点。**后面`;
      blocks.push(block);
      size += block.length;
    }
    return blocks.join('\n\n');
  };
});

const percentile = (times, share) => [...times].sort((a, b) => a - b)[Math.floor(times.length * share)];
const ms = (time) => `${time.toFixed(1)} ms`;
const print = (line) => process.stdout.write(`${line}\n`);

await page.evaluate(() => {
  window.start({ markdown: window.written(10_000) });
  window.times = [];
  window.handled = [];
  addEventListener(
    'keydown',
    (event) => {
      const pressed = event.timeStamp;
      const began = performance.now();
      requestAnimationFrame(() => {
        window.handled.push(performance.now() - began);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.times.push(performance.now() - pressed);
        port2.postMessage(null);
      });
    },
    true
  );
  window.editor.focus(window.h, 'end');
  window.editor.reveal(window.h, 5000);
});

async function echo(what) {
  await page.evaluate(() => (window.times = []));
  for (let i = 0; i < KEYS; i++) {
    await page.keyboard.press('abcdefgh '[i % 9]);
    await page.waitForTimeout(20 + (i % 5) * 20);
  }
  await page.waitForTimeout(400);
  const times = await page.evaluate(() => window.times);
  print(`key echo, ${what}, ${times.length} keys: p50 ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}, longest ${ms(Math.max(...times))}`);
}

await echo('10,000 characters');
await page.evaluate(() => {
  const { editor, h } = window;
  editor.setWriting(h, { typewriter: true, focus: true });
  editor.find(h, '社群');
  editor.reveal(h, 5000);
});
await echo('the same with typewriter, focus and matches shown');
const problems = await page.evaluate(() => window.problems);
if (problems.length > 0) print(`problems: ${problems.join('; ')}`);

for (const size of [10_000, 200_000]) {
  const opened = await page.evaluate((characters) => {
    window.editor.destroy(window.h);
    const markdown = window.written(characters);
    const began = performance.now();
    window.start({ markdown });
    const built = performance.now() - began;
    document.getElementById('host').getBoundingClientRect();
    void document.body.offsetHeight;
    return { length: markdown.length, built, laidOut: performance.now() - began };
  }, size);
  print(`open ${opened.length.toLocaleString('en')} characters: ${ms(opened.built)} to build, ${ms(opened.laidOut)} with layout`);
}

const report = await page.evaluate(() => {
  const { editor, h } = window;
  const costs = [];
  editor.reveal(h, 100_000);
  for (let i = 0; i < 30; i++) {
    editor.insert(h, '字');
    const began = performance.now();
    editor.flush(h);
    costs.push(performance.now() - began);
  }
  const patches = [];
  for (let i = 0; i < 20; i++) {
    const began = performance.now();
    editor.patch(h, [{ at: 50_000, delete: 0, insert: '补' }]);
    patches.push(performance.now() - began);
  }
  return { costs, patches };
});
print(`report in 200,000 characters: p50 ${ms(percentile(report.costs, 0.5))}, longest ${ms(Math.max(...report.costs))}`);
print(`patch in 200,000 characters: p50 ${ms(percentile(report.patches, 0.5))}, longest ${ms(Math.max(...report.patches))}`);

await browser.close();
