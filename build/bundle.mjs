/**
 * Bundles the command and its threads: to find, read and compile some hundreds of small modules took a third of a
 * second before every run. Modules of the API stay as the compiler wrote them. What a command loads later stays a file of
 * its own in dist/chunks. Licences of the packages inside go into dist/third-party-licences.txt.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

const entryPoints = [
  'src/cli/main.ts',
  'src/engine/worker.ts',
  'src/engine/reader.ts',
  'src/jobs/diagnose/pool/worker.ts',
  'src/runtime/onnxruntime/placement-process.ts',
];
/** Packages with files beside their code. */
const external = ['onnxruntime-node', 'reference-pixels', '@litertjs/core'];

rmSync('dist/chunks', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints,
  external,
  outdir: 'dist',
  outbase: 'src',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // CommonJS packages ask for Node's modules by `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});

const packages = new Set(
  Object.keys(metafile.inputs).flatMap((file) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
);
const licences = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
});
writeFileSync('dist/third-party-licences.txt', `${licences.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
