import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { demoConfig, demoRecipe, floatModel, model } from './demo-set.js';
import { program, projectDir } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const script = fileURLToPath(new URL('../runtime/adapter.mjs', import.meta.url));
// Any file stands for a network; this one is the test's own, so that its processes are known by it.
const network = file('network.bin', 'weights');

/** A model whose adapter answers two batches well and then does `what`. */
function faulty(what: string): string {
  const recipe = demoRecipe({ resize: '{ short_side: 8 }', crop: '8', normalize: 'none' });
  const command = [process.execPath, script, '{model}', what, '2']
    .map((part) => JSON.stringify(part))
    .join(', ');
  const timeout = what === 'stall' ? ', timeout_seconds: 2' : '';
  return model(what, network, `, recipe: ${recipe}, runtime: { command: [${command}]${timeout} }`);
}

it('adapters that die, stall or write nonsense in the middle of a run are faults by name; the others keep their figures, and no process is left', async () => {
  const config = file(
    'faulty.yaml',
    demoConfig({
      images: join(projectDir, 'demo/images.tar'),
      labels: join(projectDir, 'demo/val.txt'),
      models: [model('float', floatModel), ...['die', 'stall', 'garbage', 'few', 'nan'].map(faulty)],
    }),
  );
  const out = join(dir, 'out');
  const ran = await program([
    'run',
    config,
    '--out',
    out,
    '--limit',
    '20',
    '--workers',
    '1',
    '--no-cache',
    '--no-guard',
  ]);
  expect(ran.code, ran.stderr).toBe(2);
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as {
    models: { name: string; images: number }[];
    run: { fatal: { code: string; what: string; where: string }[] };
  };
  expect(summary.models.map(({ name, images }) => [name, images])).toEqual([['float', 20]]);
  const told = new Map(summary.run.fatal.map(({ where, ...fault }) => [where, fault]));
  expect([...told].map(([where, { code }]) => [where, code])).toEqual([
    ['die', 'adapter-died'],
    ['stall', 'adapter-stalled'],
    ['garbage', 'adapter-garbage'],
    ['few', 'adapter-rows'],
    ['nan', 'adapter-nan'],
  ]);
  for (const { what } of told.values()) expect(what).toMatch(/its last lines:\n +loading the network/);
  expect(told.get('die')?.what).toContain('out of memory');
  expect(ran.stderr).toContain('"die" is left out; the other models go on. Why: model "die" fails');
  const running = execFileSync('ps', ['-eo', 'stat,args'], { encoding: 'utf8' }).split('\n');
  expect(running.filter((line) => line.includes(network) && !line.startsWith('Z'))).toEqual([]);
});
