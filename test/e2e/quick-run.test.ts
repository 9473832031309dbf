import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { openRun } from '../../src/jobs/view/open-run.js';
import { expectNoStack, program, projectDir } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();

const models = ['demo_float.onnx', 'demo_qdq_int8.onnx'].map((name) => {
  file(name, '');
  copyFileSync(join(projectDir, 'demo', name), join(dir, name));
  return join(dir, name);
});
const images = join(projectDir, 'demo/images.tar');

interface Written {
  readonly models: readonly { name: string; top1: { correct: number }; recipeSha256: string }[];
  readonly run: { readonly warnings: readonly string[]; readonly command: string };
}

const summary = (out: string): Written =>
  JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Written;

it('run measures model files at once: labels and recipe are found and said; init writes the config that does it again', async () => {
  const out = join(dir, 'quick');
  const run = await program(['run', ...models, '--images', images, '--out', out, '--no-cache']);
  expect(run.code).toBe(0);
  expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain('val.txt lies beside the images (400 of 400)');
  const quick = summary(out);
  expect(quick.models.map(({ name }) => name)).toEqual(['demo_float', 'demo_qdq_int8']);
  expect(quick.run.command).toContain('imagenet-eval run');
  const told = quick.run.warnings.join(' ');
  expect(told).toMatch(/10 usual ones were tried on the first 48 images/);
  expect(told).toMatch(/The others: .* of 160/);

  const viewed = await openRun(out, null);
  expect(viewed.noPictures).toBeNull();
  await viewed.close();

  const config = join(dir, 'made.yaml');
  const init = await program(['init', '--from', out, '--out', config]);
  expect(init.code).toBe(0);
  expect(readFileSync(config, 'utf8')).toMatch(/^# yaml-language-server: \$schema=.*config\.schema\.json\n/);
  const again = join(dir, 'again');
  expect((await program(['run', config, '--out', again, '--no-cache'])).code).toBe(0);
  const figures = ({ models: all }: Written): unknown =>
    all.map(({ top1, recipeSha256 }) => [top1, recipeSha256]);
  expect(figures(summary(again))).toEqual(figures(quick));

  const refused = await program(['init', '--from', out, '--out', config]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('[file-exists]');
});

it.each([
  [[models[0]!], /\[images-missing\].*--images FOLDER/s],
  [[models[0]!, '--images', images, '--recipe', 'crop-225'], /Did you mean "crop-224"/],
  [[...models, '--images', images, '--compare-with', 'flaot'], /no model is called "flaot"/],
  [[...models, '--images', images, '--documented', '0.7438'], /Top-1 in percent/],
  [['x.yaml', 'y.yaml'], /\[several-configs\]/],
])('run %j is told what is missing or wrong', async (words, told) => {
  const run = await program(['run', ...words]);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(told);
  expectNoStack(run);
});
