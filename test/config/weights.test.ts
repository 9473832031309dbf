import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { findRecipe } from '../../src/config/recipes/index.js';
import { parseRecipeFile } from '../../src/config/recipes/recipe-file.js';
import {
  libraryNames,
  weightNames,
  weightVariants,
  type LibraryName,
} from '../../src/config/recipes/weights.js';
import { prepare } from 'reference-pixels/prepare';
import type { NormalizeStep, Recipe } from 'reference-pixels/recipe';
import { writeTensor } from 'reference-pixels/tensor';
import { sha256 } from '../../packages/pixels/test/fixtures.js';
import { madeImage } from '../../packages/pixels/test/frameworks-images.js';

interface Group {
  readonly words: string;
  readonly weights: number;
  readonly example: string;
  /** SHA-256 of the sorted names, one a line. */
  readonly names: string;
}

type Hashes = readonly [width: number, height: number, seed: number, crop: string | null, tensor: string];

interface Made {
  readonly groups: readonly Group[];
  readonly cases: readonly (readonly [name: string, ...Hashes])[];
  readonly spelled: readonly (readonly [config: Record<string, unknown>, ...Hashes])[];
}

function made(library: string): Made {
  const path = new URL(`../fixtures/weights/${library}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Made;
}

const f32 = (by: NormalizeStep['by']): string =>
  (typeof by === 'number' ? [by] : by).map((value) => String(Math.fround(value))).join(' ');

/** A recipe in the words of test/fixtures/weights/make.py. */
function words({ resize, filter, crop, normalize }: Recipe): string {
  const kernel = (filter ?? '').replace(/^[a-z]+-/, '').replace(/-antialias.*/, '');
  const to =
    resize.kind === 'short-side'
      ? `short ${resize.size}`
      : resize.kind === 'none'
        ? 'none'
        : `${resize.kind} ${resize.height} ${resize.width}`;
  const fill = crop?.fill === undefined ? '' : ` fill ${crop.fill.join(' ')}`;
  return [
    `${to} ${kernel}`,
    ...(crop === null ? [] : [`crop ${crop.height} ${crop.width}${fill}`]),
    ...normalize.map(({ op, by }) => `${op} ${f32(by)}`),
  ].join(', ');
}

/** Recipes by their words, in the form of the fixture. */
function grouped(recipes: Iterable<readonly [name: string, recipe: Recipe]>): Group[] {
  const groups = new Map<string, string[]>();
  for (const [name, recipe] of recipes) {
    const text = words(recipe);
    groups.set(text, [...(groups.get(text) ?? []), name]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, names]) => {
      const sorted = names.sort();
      const hash = createHash('sha256').update(sorted.join('\n')).digest('hex');
      return { words: text, weights: names.length, example: sorted[0]!, names: hash };
    });
}

function expectPixels(recipe: Recipe, [width, height, seed, crop, tensor]: Hashes, what: string): void {
  const block = prepare(madeImage(width, height, seed), recipe);
  if (crop !== null) expect(sha256(block.data), `${what}: crop`).toBe(crop);
  const values = new Float32Array(block.width * block.height * 3);
  const spec = { layout: 'NCHW', dtype: 'float32', quantization: null } as const;
  writeTensor(block, recipe, { ...spec, width: block.width, height: block.height }, values, 0);
  expect(sha256(values), `${what}: tensor`).toBe(tensor);
}

const variants = (library: LibraryName): string[] =>
  weightNames(library).flatMap((name) => weightVariants(library).map((variant) => `${name}@${variant}`));

describe('the recipe of a published weight', () => {
  it('of timm is what timm’s own transform is, for all 1826 at both of their sizes', () => {
    const all = variants('timm');
    expect(all).toHaveLength(2 * 1826);
    expect(grouped(all.map((name) => [name, findRecipe(name).recipe]))).toEqual(made('timm').groups);
  });

  it('of torchvision is what weights.transforms() is, for all 115, on PIL images and on tensors', () => {
    const all = weightNames('torchvision');
    expect(all).toHaveLength(115);
    for (const variant of ['', '@tensor']) {
      const recipes = all.map((name) => [name, findRecipe(`${name}${variant}`).recipe] as const);
      expect(grouped(recipes)).toEqual(made('torchvision').groups);
    }
  });

  it.each(['timm', 'torchvision'])('of %s makes the library’s pixels and tensors', (library) => {
    for (const [name, ...hashes] of made(library).cases)
      expectPixels(findRecipe(name).recipe, hashes, `${name} on ${hashes.slice(0, 2).join('x')}`);
  });

  it('of pycls makes what its script makes of OpenCV’s pixels, blue first', () => {
    for (const [name, ...hashes] of made('pycls').cases)
      expectPixels(findRecipe(name).recipe, hashes, `${name} on ${hashes.slice(0, 2).join('x')}`);
  });

  it('of the TFLite evaluation tool is what its steps and its reference kernel make', () => {
    for (const [name, ...hashes] of made('tflite').cases)
      expectPixels(findRecipe(name).recipe, hashes, `${name} on ${hashes.slice(0, 2).join('x')}`);
  });

  it('of Keras has its model’s own size and mode', () => {
    expect(weightNames('keras')).toHaveLength(40);
    const { recipe } = findRecipe('keras:EfficientNetV2M');
    expect(recipe).toMatchObject({ resize: { kind: 'exact', width: 480, height: 480 }, normalize: [] });
    const { name: _, ...resnet } = findRecipe('keras:ResNet50').recipe;
    expect(resnet).toEqual({ ...findRecipe('keras-caffe-224').recipe, name: undefined });
  });

  it('says its library’s version, and where its published figure was made at another size', () => {
    const { source, note, recipe } = findRecipe('timm:resnet50.a1_in1k');
    expect(source).toMatch(/^timm \d+\.\d+\.\d+: /);
    expect(note).toContain('timm:resnet50.a1_in1k@test');
    expect(note).toContain('288x288, crop_pct 1');
    expect(recipe.name).toBe('timm:resnet50.a1_in1k');
  });

  it('that is misspelt is told its neighbour; a variant that there isn’t, those that there are', () => {
    expect(() => findRecipe('timm:resnet50.a1_in1l')).toThrow(/Did you mean "timm:resnet50.a1_in1k"\?/);
    expect(() => findRecipe('timm:resnet50.a1_in1k@tset')).toThrow(
      /no variant "tset"; there are: train, test/,
    );
    for (const library of libraryNames)
      expect(() => findRecipe(`${library}:`)).toThrow(/No recipe is called/);
  });
});

describe('recipes read', () => {
  const table = readFileSync(new URL('../../recipes/weights/timm.tsv', import.meta.url), 'utf8');
  const rows = table
    .trimEnd()
    .split('\n')
    .slice(3)
    .map((line) => line.split('\t') as [string, string, string, string, string, string, string]);

  it('is right on every configuration of timm', () => {
    const numbers = (text: string): number[] => text.split(' ').map(Number);
    const read = rows.map(([weight, input, cropPct, cropMode, interpolation, mean, std]) => {
      const pretrained = {
        input_size: [3, ...numbers(input)],
        crop_pct: Number(cropPct),
        crop_mode: cropMode,
        interpolation,
        mean: numbers(mean),
        std: numbers(std),
      };
      const { recipe } = parseRecipeFile(JSON.stringify({ pretrained_cfg: pretrained }), 'timm');
      return [`timm:${weight}@train`, recipe] as const;
    });
    const named = weightNames('timm').map((name) => [`${name}@train`, findRecipe(name).recipe] as const);
    expect(grouped(read)).toEqual(grouped(named));
  });

  it('makes timm’s pixels where the input is not square, padded or squashed', () => {
    for (const [config, ...hashes] of made('timm').spelled) {
      const { recipe } = parseRecipeFile(JSON.stringify(config), 'timm');
      expectPixels(recipe, hashes, `${JSON.stringify(config)} on ${hashes.slice(0, 2).join('x')}`);
    }
  });
});
