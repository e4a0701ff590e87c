import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { editorPage } from './page.js';

const own = editorPage();
const { start, text, command, run, settled, noProblems } = own;

const TABLE = '| 甲 | 乙 |\n| --- | --- |\n| 一 | 二 |\n| 三 | 四 |';

/** The caret goes into the cell that holds a word. */
const into = async (word) => {
  await own.page.getByText(word, { exact: true }).click();
  await settled();
};
const can = async () => (await run('state')).table;

describe('a table', () => {
  const cases = [
    ['甲', 'row-after', '| 甲 | 乙 |\n| --- | --- |\n|  |  |\n| 一 | 二 |\n| 三 | 四 |'],
    ['一', 'row-before', '| 甲 | 乙 |\n| --- | --- |\n|  |  |\n| 一 | 二 |\n| 三 | 四 |'],
    ['一', 'row-delete', '| 甲 | 乙 |\n| --- | --- |\n| 三 | 四 |'],
    ['甲', 'column-before', '|  | 甲 | 乙 |\n| --- | --- | --- |\n|  | 一 | 二 |\n|  | 三 | 四 |'],
    ['乙', 'column-after', '| 甲 | 乙 |  |\n| --- | --- | --- |\n| 一 | 二 |  |\n| 三 | 四 |  |'],
    ['二', 'column-delete', '| 甲 |\n| --- |\n| 一 |\n| 三 |'],
    ['四', 'align-right', '| 甲 | 乙 |\n| --- | ---: |\n| 一 | 二 |\n| 三 | 四 |'],
    ['四', 'table-delete', ''],
  ];
  for (const [word, name, expected] of cases) {
    it(`${name} at ${word}, and undo takes it back`, async () => {
      await start({ markdown: TABLE });
      await into(word);
      assert.ok((await can()).includes(name));
      assert.equal(await command(name), true);
      assert.equal(await text(), expected);
      await command('undo');
      assert.equal(await text(), TABLE);
      await noProblems();
    });
  }

  it('nothing goes above the heads, and where they go the row below becomes the heads', async () => {
    await start({ markdown: TABLE });
    await into('甲');
    assert.equal((await can()).includes('row-before'), false);
    assert.equal(await command('row-before'), false);
    await command('row-delete');
    assert.equal(await text(), '| 一 | 二 |\n| --- | --- |\n| 三 | 四 |');
    assert.deepEqual(await own.page.locator('.editor-rich th').allTextContents(), ['一', '二']);
  });

  it('what is last of its kind cannot be taken away alone', async () => {
    await start({ markdown: '| 甲 |\n| --- |' });
    await into('甲');
    const left = await can();
    for (const name of ['row-delete', 'column-delete']) {
      assert.equal(left.includes(name), false, name);
      assert.equal(await command(name), false, name);
    }
    assert.ok(left.includes('table-delete'));
  });

  it('the caret stays in the table while rows and columns go', async () => {
    await start({ markdown: `${TABLE}\n\n下文` });
    await into('四');
    await command('row-delete');
    await command('column-delete');
    await command('focus');
    await run('focus', 'keep');
    await own.page.keyboard.type('x');
    assert.equal(await text(), '| 甲 |\n| --- |\n| x一 |\n\n下文');
  });

  it('says how the column stands, and nothing outside', async () => {
    await start({ markdown: '| 甲 | 乙 |\n| :---: | --- |\n| 一 | 二 |\n\n下文' });
    await into('一');
    assert.ok((await run('state')).active.includes('align-center'));
    await into('二');
    const { active } = await run('state');
    assert.ok(active.includes('table') && !active.some((name) => name.startsWith('align-')));
    await into('下文');
    assert.equal(await can(), null);
  });
});
