// One minified module without any style or eval: dist/editor.js.

import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const outfile = `${root}dist/editor.js`;

await build({
  absWorkingDir: root,
  entryPoints: ['src/editor.js'],
  outfile,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome110', 'safari16'],
  legalComments: 'none',
  logLevel: 'warning',
});

const code = readFileSync(outfile);
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`;
process.stdout.write(`dist/editor.js ${kilobytes(code.length)}, ${kilobytes(gzipSync(code).length)} gzipped\n`);
