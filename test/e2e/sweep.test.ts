import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { SweepRecord } from '../../src/report/sweep.js';
import { sensibleScalings, sensibleShapes, recipeOf } from '../../src/jobs/sweep/sweep-candidates.js';
import { recipeDigest } from '../../src/config/recipe-form.js';
import { findRecipe } from '../../src/config/recipes/index.js';
import { describeWithShared } from '../shared.js';
import { networks, networksConfig } from './networks.js';
import { expectNoStack, program } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
let sweeps = 0;

async function sweep(config: string, ...more: readonly string[]): Promise<SweepRecord> {
  const out = join(dir, `sweep${++sweeps}`);
  const finished = await program(['sweep', file(`sweep${sweeps}.yaml`, config), '--out', out, ...more]);
  expectNoStack(finished);
  expect(finished.code).toBe(0);
  return JSON.parse(readFileSync(join(out, 'sweep.json'), 'utf8')) as SweepRecord;
}

describeWithShared('Which preprocessing made this number?', (shared) => {
  // An input of floating point has many more candidates: test/jobs/sweep-race.test.ts has their race.
  it('finds the recipe first or tied, with no list given', async () => {
    const { recipes, eliminated } = await sweep(networksConfig(shared, ['v1']), '--limit', '48');
    expect(eliminated).toBe(true);
    const own = recipes.find((recipe) => recipe.name === networks.v1.recipe)!;
    expect(['best', 'tied']).toContain(own.status);
    // Something must have been told apart, else being tied says nothing.
    expect(recipes.some(({ status }) => status === 'dropped' || status === 'worse')).toBe(true);
    const dropped = recipes.filter(({ status }) => status === 'dropped');
    for (const recipe of dropped) expect(recipe.percent).toBeLessThan(own.percent!);
  });

  it('ranks the recipes of the config, on the same images all, with the distance from the documented figure', async () => {
    const config = [
      `dataset: { images: "${shared}imagenet/images", labels: filenames }`,
      'recipe: timm-bicubic-256-224',
      'models:',
      `  - { name: float, path: "${shared}models/hardnet39ds.onnx", documented: { top1: 86.8, images: 500, source: test } }`,
      'sweep: [scale-0-1, timm-bicubic-256-224, { base: timm-bicubic-256-224, channel_order: bgr }]',
    ].join('\n');
    const { recipes, eliminated } = await sweep(config, '--limit', '80', '--seed', '3');
    expect(eliminated).toBe(false);
    expect(recipes.map(({ images }) => images)).toEqual([80, 80, 80]);
    expect(recipes.map(({ name }) => name)).toEqual(['timm-bicubic-256-224', 'scale-0-1', null]);
    const [best, second] = recipes;
    expect(best!.fromDocumented).toBeCloseTo((100 * best!.top1) / 80 - 86.8, 9);
    const { images, lost, gained } = second!.difference!;
    expect([images, lost - gained]).toEqual([80, best!.top1 - second!.top1]);
  });

  it('names the models that it has where one is asked for that it has not', async () => {
    const path = file('unknown.yaml', networksConfig(shared, ['float']));
    const { code, stderr } = await program(['sweep', path, '--model', 'flaot']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "float"?');
  });
});

describe('The sensible recipes', () => {
  const tensor = { layout: 'NCHW', dtype: 'float32', width: 224, height: 224, quantization: null } as const;

  it('hold the commonest ones that are listed', () => {
    const digests = new Set(
      sensibleScalings({ tensor }).flatMap((scaling) =>
        sensibleShapes({ tensor }).map((shape) => recipeDigest(recipeOf(scaling, shape))),
      ),
    );
    for (const name of [
      'timm-bicubic-256-224',
      'timm-bilinear-256-224',
      'timm-bicubic-248-224',
      'timm-bicubic-256-224-inception',
      'scale-0-1',
      'bicubic-256-224-raw',
      'crop-224',
    ])
      expect([name, digests.has(recipeDigest(findRecipe(name).recipe))]).toEqual([name, true]);
  });

  it('give bytes only to an input of whole numbers', () => {
    const bytes = { tensor: { ...tensor, dtype: 'uint8' } } as const;
    expect(sensibleScalings(bytes).map(({ normalize }) => normalize.length)).toEqual([0, 0]);
    expect(sensibleShapes(bytes).filter(({ filter }) => filter?.startsWith('tensorflow') === true)).toEqual(
      [],
    );
  });
});
