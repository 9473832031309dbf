import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/** The files that are loaded before the first line of `entry` runs, and the packages of which they hold code. */
function loadedBefore(entry: string): { readonly bytes: number; readonly packages: ReadonlySet<string> } {
  const texts = new Map<string, string>();
  const visit = (file: string): void => {
    if (texts.has(file)) return;
    const text = readFileSync(file, 'utf8');
    texts.set(file, text);
    for (const [, path] of text.matchAll(/^(?:import|export)\s(?:[^;'"]*?from\s*)?"(\.[^"]+)"/gm))
      visit(resolve(dirname(file), path!));
  };
  visit(resolve(dist, entry));
  const packages = [...texts.values()].flatMap((text) =>
    [...text.matchAll(/^\/\/ .*?node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name]) => name!),
  );
  return {
    bytes: [...texts.values()].reduce((sum, text) => sum + text.length, 0),
    packages: new Set(packages),
  };
}

/** The file that the command `run` is loaded from. */
function runChunk(): string {
  const name = readdirSync(resolve(dist, 'chunks')).find((file) => {
    if (!file.startsWith('run-')) return false;
    return readFileSync(resolve(dist, 'chunks', file), 'utf8').includes('addRun');
  });
  return `chunks/${name!}`;
}

test('a worker thread loads little: each core pays for it', () => {
  const { bytes, packages } = loadedBefore('engine/worker.js');
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(100_000);
  expect([...packages].sort()).toEqual(['p-limit', 'yocto-queue']);
});

test('before the first image `run` loads neither charts nor Parquet nor CSV, and zod without its languages', () => {
  const { bytes, packages } = loadedBefore(runChunk());
  expect(packages).toContain('zod');
  for (const name of [
    'vega',
    'vega-lite',
    'hyparquet',
    'hyparquet-writer',
    'csv-parse',
    'csv-stringify',
    'preact',
  ])
    expect(packages, name).not.toContain(name);
  expect(bytes).toBeLessThan(1_400_000);
});

test('what is bundled ships with its licences', () => {
  const licences = readFileSync(resolve(dist, 'third-party-licences.txt'), 'utf8');
  for (const name of loadedBefore(runChunk()).packages) expect(licences).toContain(`${name} `);
});
