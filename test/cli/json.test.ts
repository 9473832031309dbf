import { join } from 'node:path';

import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { commands } from '../../src/cli/command-list.js';
import { setOutput } from '../../src/cli/output-flags.js';
import { demoConfig, model } from '../e2e/demo-set.js';
import { projectDir } from '../e2e/program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();

beforeEach(() => {
  vi.stubEnv('IMAGENET_EVAL_CACHE', join(dir, 'cache'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  setOutput({ quiet: false, verbose: false, json: false });
});

/** All that a command prints on standard output, as the program itself calls it. */
async function printed(flag: 'json' | 'quiet', ...words: readonly string[]): Promise<string> {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  setOutput({ verbose: false, quiet: flag === 'quiet', json: flag === 'json' });
  const program = new Command();
  (await commands[words[0]!]!.load())(program, () => undefined);
  await program.parseAsync(words, { from: 'user' });
  return text;
}

async function json(...words: readonly string[]): Promise<unknown> {
  return JSON.parse(await printed('json', ...words));
}

const config = file(
  'demo.yaml',
  demoConfig({
    images: join(projectDir, 'demo/images.tar'),
    labels: join(projectDir, 'demo/val.txt'),
    models: [model('float', join(projectDir, 'demo/demo_float.onnx')), model('lost', '/nowhere.onnx')],
  }),
);

it('verify --json says of the data and of every model whether it is as stated; --quiet says the answer alone', async () => {
  expect(await json('verify', config)).toMatchObject({
    ok: false,
    data: { images: 400, faults: [], manifest: null },
    prepared: null,
    models: [
      { name: 'float', ok: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { name: 'lost', ok: false, code: expect.stringContaining('-') },
    ],
  });
  expect(await printed('quiet', 'verify', config)).toBe('Not as stated.\n');
});

it('recipes --json has those that are found as configs have them', async () => {
  expect(await json('recipes', 'timm', '256', 'bicubic')).toMatchObject({
    recipes: expect.arrayContaining([
      expect.objectContaining({
        name: 'timm-bicubic-256-224',
        recipe: expect.objectContaining({ filter: 'pillow-bicubic' }),
      }),
    ]),
  });
  expect(await json('recipes', 'show', 'crop-224')).toMatchObject({
    name: 'crop-224',
    recipe: { crop: { width: 224, height: 224 } },
  });
});

it('errors --json has the cause and the remedy of a code, and of all', async () => {
  const one = await json('errors', 'near-chance');
  expect(one).toMatchObject({ code: 'near-chance', cause: expect.any(String), remedy: expect.any(String) });
  expect(await json('errors')).toHaveProperty('near-chance.cause', (one as { cause: string }).cause);
});

it('cache and baseline --json list what there is, nothing included', async () => {
  expect(await json('cache', 'ls')).toEqual([]);
  expect(await json('cache', 'rm', '--all')).toEqual([]);
  expect(await json('baseline', 'ls')).toEqual([]);
});
