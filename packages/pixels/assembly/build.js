/**
 * Compiles every AssemblyScript kernel of this folder (`shared/` is what they have in common) to `wasm/NAME.wasm` at
 * the package's root, unless all of them are newer than what they are made from. Run by `npm run build`.
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../', import.meta.url));
mkdirSync(`${root}wasm`, { recursive: true });

const kernels = readdirSync(here)
  .filter((name) => name.endsWith('.ts'))
  .map((file) => ({ file, name: basename(file, '.ts') }));
const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newestSource = Math.max(
  ...readdirSync(here, { recursive: true }).map((file) => changed(`${here}${file}`)),
);
const isFresh = kernels.every(({ name }) => changed(`${root}wasm/${name}.wasm`) > newestSource);
if (isFresh) process.exit();

// What is no kernel any more would be packed with the others.
for (const name of readdirSync(`${root}wasm`)) {
  if (kernels.every((kernel) => `${kernel.name}.wasm` !== name)) rmSync(`${root}wasm/${name}`);
}

const { default: asc } = await import('assemblyscript/asc');
for (const { file, name } of kernels) {
  const { error, stderr } = await asc.main([
    `assembly/${file}`,
    ...['--baseDir', root],
    ...['--outFile', `wasm/${name}.wasm`],
    // Kernels work on memory that the host lays out: no garbage collector, no runtime.
    ...['--runtime', 'stub', '--noAssert', '--use', 'abort='],
    ...['--enable', 'simd', '-O3', '--converge'],
  ]);
  if (error !== null) {
    console.error(stderr.toString());
    throw error;
  }
}
