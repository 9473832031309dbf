import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { demoConfig, floatModel, int8Model, model } from './demo-set.js';
import { program, projectDir, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const labels = join(projectDir, 'demo/val.txt');
const models = [model('float', floatModel), model('int8', int8Model)];

function config(name: string, images: string, more = ''): string {
  return file(name, demoConfig({ images, labels, models, more }));
}

function run(path: string, out: string): Promise<Finished> {
  return program(['run', path, '--out', join(dir, out), '--no-cache', '--limit', '60', '--no-guard']);
}

function predictions(out: string): string {
  return ['float', 'int8']
    .map((name) => readFileSync(join(dir, out, `predictions/${name}.csv`), 'utf8'))
    .join();
}

/** Files of a folder of prepared images of one geometry that end so. */
function parts(folder: string, ending: string): string[] {
  const [geometry] = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const inside = join(folder, geometry!.name);
  return readdirSync(inside)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(inside, name));
}

const tar = join(projectDir, 'demo/images.tar');
const kept = join(dir, 'kept');

it('a run fills a folder, the next one uses it, and a damaged part is named and made again: the predictions stay', async () => {
  await run(config('plain.yaml', tar), 'plain');
  const filling = config('filling.yaml', tar, `engine: { prepared: ${JSON.stringify(kept)} }`);
  const first = await run(filling, 'first');
  expect(first.code, first.stderr).toBe(0);
  expect(predictions('first')).toBe(predictions('plain'));
  const before = parts(kept, '.npy');
  expect((await run(filling, 'second')).code).toBe(0);
  expect(predictions('second')).toBe(predictions('plain'));
  // Nothing is made twice.
  expect(parts(kept, '.npy')).toEqual(before);
  const bytes = readFileSync(before[0]!);
  bytes[5000]! ^= 255;
  writeFileSync(before[0]!, bytes);
  const verified = await program(['verify', filling]);
  expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining(`damaged: ${before[0]!}`) });
  const third = await run(filling, 'third');
  expect(third.stderr + third.stdout).toContain(before[0]);
  expect(predictions('third')).toBe(predictions('plain'));
  await run(filling, 'fourth');
  expect((await program(['verify', filling])).stdout).toMatch(/prepared .*: 60 images/);
  expect(predictions('fourth')).toBe(predictions('plain'));
});

it('`prepare` makes a data set that needs no image files, and goes on where it stopped', async () => {
  const set = join(dir, 'set');
  const prepare = (limit: string): Promise<Finished> =>
    program(['prepare', config('plain.yaml', tar), '--out', set, '--limit', limit]);
  expect((await prepare('40')).stdout).toContain('40 made now');
  expect((await prepare('60')).stdout).toMatch(/60 images, 1 geometry: 20 made now/);
  const path = file('from-set.yaml', demoConfig({ images: set, labels, models }));
  const from = await program(['run', path, '--out', join(dir, 'from-set'), '--no-cache', '--no-guard']);
  expect(from.code, from.stderr).toBe(0);
  expect(predictions('from-set')).toBe(predictions('plain'));
  const other = file('other.yaml', demoConfig({ images: set, labels, models, recipe: 'torchvision-v1-224' }));
  expect((await program(['run', other, '--out', join(dir, 'other'), '--no-cache'])).code).toBe(2);
});
