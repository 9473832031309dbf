/**
 * Compiles every AssemblyScript kernel of this folder to `wasm/NAME.wasm` at the package's root.
 * Run by `npm run build`.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../', import.meta.url));
mkdirSync(`${root}wasm`, { recursive: true });

for (const file of readdirSync(here).filter((name) => name.endsWith('.ts'))) {
  const name = basename(file, '.ts');
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
