import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Summary } from '../../src/report/summary-schema.js';
import { describeWithShared } from '../shared.js';
import {
  demoConfig,
  demoRecipe,
  firstNames,
  floatModel,
  folderWith,
  int8Model,
  labelOf,
  labelsText,
  model,
  type DemoConfig,
} from './demo-set.js';
import { expectNoStack, program, projectDir, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const images = join(projectDir, 'demo/images.tar');
const right = file('val.txt', labelsText(labelOf.keys()));
const synsets = readFileSync(join(projectDir, 'demo/synset_words.txt'), 'utf8').trim().split('\n');

let runs = 0;

async function run(
  config: Partial<DemoConfig>,
  ...more: readonly string[]
): Promise<Finished & { out: string }> {
  const name = `guard${++runs}`;
  const out = join(dir, name);
  const path = file(`${name}.yaml`, demoConfig({ images, labels: right, ...config }));
  const finished = await program(['run', path, '--out', out, '--no-cache', ...more]);
  expectNoStack(finished);
  return { ...finished, out };
}

/** Runs with other labels than the right ones, which the guard must stop. */
async function stopped(config: Partial<DemoConfig>): Promise<string> {
  const { code, stdout, stderr, out } = await run(config);
  expect(code, stderr).toBe(2);
  expect(stderr).toContain('[near-chance]');
  expect(stdout).toBe('');
  expect(existsSync(join(out, 'summary.json'))).toBe(false);
  return stderr;
}

function relabelled(label: (index: number, name: string) => number): Partial<DemoConfig> {
  const labels = file(
    `labels${++runs}.txt`,
    labelsText(labelOf.keys(), (name) => label(labelOf.get(name)!, name)),
  );
  return { labels };
}

/** The percentage in the line of advice that holds `text`. */
function wouldBe(told: string, text: string): number {
  const line = told.split('\n').find((candidate) => candidate.includes(text)) ?? '';
  return Number(/: (\d+\.\d) %/.exec(line)?.[1] ?? NaN);
}

describe('a set-up near chance is told, not measured', () => {
  it('labels counted from 1', async () => {
    const told = await stopped(relabelled((index) => index + 1));
    expect(wouldBe(told, 'with the labels one lower')).toBeGreaterThan(80);
    expect(told).toContain('the labels count from 1');
  });

  it('labels one too low', async () => {
    const told = await stopped(relabelled((index) => index - 1));
    expect(wouldBe(told, 'labels are one too low')).toBeGreaterThan(80);
  });

  it('labels counted over folders called by class names', async () => {
    const byName = synsets
      .map((line, index) => ({ index, name: line.slice(line.indexOf(' ') + 1).toLowerCase() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ index }) => index);
    const told = await stopped(relabelled((index) => byName.indexOf(index)));
    expect(wouldBe(told, 'with the labels in alphabetical order of the class names')).toBeGreaterThan(80);
  });

  it('classes in some other fixed order', async () => {
    const told = await stopped(relabelled((index) => (index * 7 + 3) % 20));
    expect(wouldBe(told, 'the class that it mostly goes with')).toBeGreaterThan(80);
  });

  it('labels by the order of a flat folder, which no reading of the outputs explains', async () => {
    const told = await stopped(relabelled((_, name) => Math.floor((Number(name.slice(9, 17)) - 1) / 20)));
    expect(told).toContain('labels taken from the order of a flat folder');
    expect(told).not.toContain('with the');
  });

  it('a background class that is not taken off', async () => {
    // The demo's first class is made a background class: 19 classes, 20 outputs.
    const nineteen = file('nineteen.txt', `${synsets.slice(1).join('\n')}\n`);
    const names = [...labelOf].filter(([, label]) => label > 0).map(([name]) => name);
    const labels = file(
      'nineteen.labels',
      labelsText(names, (name) => labelOf.get(name)! - 1),
    );
    const config = {
      images: folderWith(join(dir, 'nineteen'), names),
      labels,
      synsets: nineteen,
    };
    const told = await stopped({ ...config, models: [model('net', floatModel, ', class_offset: 0')] });
    expect(wouldBe(told, 'with the background class taken off')).toBeGreaterThan(75);
    expect(told).toContain('Leave `class_offset` out, or set it to 1');
    const inferred = await run({ ...config, models: [model('net', floatModel)] });
    expect(inferred.code).toBe(0);
    expect(inferred.stderr).toContain('output 0 (background) taken off');
  });

  it('a recipe that breaks one of two models: the other one is named as proof that the labels are right', async () => {
    const broken = `, recipe: ${demoRecipe({ channel_order: 'bgr', normalize: 'none' })}`;
    const told = await stopped({ models: [model('good', floatModel), model('bad', int8Model, broken)] });
    expect(told).toContain('error [near-chance] bad:');
    expect(told).toMatch(/"good" has 8\d\.\d %.*look at this model's recipe/);
    expect(told).toMatch(/names class \d+ for \d\d\.\d %.*of the images: the input's scaling/);
  });
});

describe('the guard', () => {
  it('with --no-guard measures on, and --fresh starts over with the set-up mended', async () => {
    const { code, out } = await run(
      relabelled((index) => (index + 1) % 20),
      '--no-guard',
    );
    expect(code).toBe(0);
    const { models } = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
    expect(models[0]!.images).toBe(400);
    expect(models[0]!.top1.percent).toBeLessThan(10);
    const path = file('mended.yaml', demoConfig({ images, labels: right }));
    const mended = await program(['run', path, '--out', out, '--no-cache', '--fresh']);
    expect(mended.code, mended.stderr).toBe(0);
  });

  it('stops no run of a few images or a few classes', async () => {
    const twenty = firstNames(20);
    const three = [...labelOf].filter(([, label]) => label < 3).map(([name]) => name);
    const healthy = await Promise.all([
      run({ images: folderWith(join(dir, 'twenty'), twenty) }),
      run({ images: folderWith(join(dir, 'three'), three) }),
      run({}, '--limit', '60'),
    ]);
    for (const { code, stderr } of healthy) expect(code, stderr).toBe(0);
    expect(three.length).toBeGreaterThan(50);
  });
});

it("the first tensor's shape, type, minimum, mean and maximum are printed for every model", async () => {
  const { stderr, out } = await run(
    { models: [model('float', floatModel), model('int8', int8Model)] },
    '--limit',
    '8',
  );
  const lines = stderr.split('\n').filter((line) => line.startsWith('tensor'));
  expect(lines).toHaveLength(2);
  const { models } = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
  for (const [i, { name, firstTensor }] of models.entries()) {
    const { shape, dtype, min, mean, max, image } = firstTensor!;
    expect([shape, dtype]).toEqual([[1, 3, 64, 64], 'float32']);
    // (0 - 0.485) / 0.229 to (1 - 0.406) / 0.225
    expect(min).toBeGreaterThan(-2.12);
    expect(max).toBeLessThan(2.65);
    expect(mean).toBeGreaterThan(min);
    expect(lines[i]).toBe(
      `tensor   ${name}: float32 [1, 3, 64, 64], min ${min.toFixed(3)}, mean ${mean.toFixed(3)}, max ${max.toFixed(3)} (${image})`,
    );
  }
});

describeWithShared('a real network of 1001 outputs', (shared) => {
  const config = (more: string): string =>
    [
      `dataset: { images: "${shared}imagenet/val227", labels: ilsvrc2012-val, subset: true }`,
      'recipe: crop-224-raw',
      `models: [ { name: mobilenet, path: "${shared}models/mobilenet_v1_0.75_uint8.onnx"${more} } ]`,
    ].join('\n');

  it('whose background class is left on is told what Top-1 would be without it', async () => {
    const path = file('background.yaml', config(', class_offset: 0'));
    const told = await program([
      'run',
      path,
      '--out',
      join(dir, 'background'),
      '--no-cache',
      '--limit',
      '150',
    ]);
    expectNoStack(told);
    expect(told.code).toBe(2);
    expect(wouldBe(told.stderr, 'with the background class taken off')).toBeGreaterThan(65);
  });
});
