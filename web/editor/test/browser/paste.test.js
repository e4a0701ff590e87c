import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { editorPage } from './page.js';

const own = editorPage();
const file = (name) => readFileSync(new URL(`../paste/${name}`, import.meta.url), 'utf8');

describe('what is pasted from', () => {
  for (const name of ['word', 'wechat', 'lark', 'google-docs', 'web']) {
    it(`${name} comes in as the Markdown it means, and loads nothing`, async () => {
      const fetched = [];
      own.page.on('request', (request) => fetched.push(request.url()));
      await own.start({ markdown: '' });
      await own.focusEnd();
      await own.paste({ 'text/plain': 'x', 'text/html': file(`${name}.html`) });
      assert.equal(`${await own.text()}\n`, file(`${name}.md`));
      assert.deepEqual(fetched, []);
      // That the styles of others are refused is as it should be.
      const problems = await own.page.evaluate(() => window.problems.filter((problem) => !problem.startsWith('policy: style-src')));
      assert.deepEqual(problems, []);
    });
  }
});
