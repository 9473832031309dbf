import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { resolveRecipe } from '../../src/config/recipes/index.js';
import { parseConfig } from '../../src/config/config.js';
import { recipeDigest } from '../../src/config/recipe-form.js';
import { findLabels } from '../../src/dataset/find-labels.js';
import { configText, type QuickModel } from '../../src/jobs/quick/config-text.js';
import { findStatedRecipe } from '../../src/jobs/quick/find-recipe.js';
import { readInputs, type ModelInput } from '../../src/jobs/quick/model-input.js';
import { usualRecipes } from '../../src/jobs/quick/try-recipes.js';
import { scratch } from '../scratch.js';

const demo = fileURLToPath(new URL('../../demo/', import.meta.url));
const { dir } = scratch();

let folders = 0;

/** A folder with these files, all of them with some bytes. */
function folder(files: Readonly<Record<string, string>>): string {
  const path = join(dir, String(folders++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

describe('labels that nobody named', () => {
  it.each([
    ['WNID folders', { 'n01440764/a.JPEG': 'x', 'n01443537/b.JPEG': 'x' }, 'folders'],
    ['names that begin with a WNID', { 'n01440764_a.JPEG': 'x', 'n01443537_b.JPEG': 'x' }, 'filenames'],
    ['names of the validation set', { 'ILSVRC2012_val_00000001.JPEG': 'x' }, 'ilsvrc2012-val'],
  ])('are found by %s', async (_, files, labels) => {
    expect(await findLabels(folder(files), null)).toMatchObject({ labels, synsets: null });
  });

  it('are found in a val.txt beside the images, before the shipped list', async () => {
    const path = folder({
      'images/ILSVRC2012_val_00000001.JPEG': 'x',
      'val.txt': 'ILSVRC2012_val_00000001.JPEG 7\n',
    });
    const found = await findLabels(join(path, 'images'), null);
    expect(found).toMatchObject({ labels: join(path, 'val.txt'), subset: false, labelled: 1 });
  });

  it('come with the class list beside the images where that is another than ImageNet’s', async () => {
    const found = await findLabels(join(demo, 'images.tar'), null);
    expect(found).toMatchObject({ labels: join(demo, 'val.txt'), synsets: join(demo, 'synset_words.txt') });
  });

  it('of fewer images than the validation set are called a subset', async () => {
    const found = await findLabels(folder({ 'ILSVRC2012_val_00000001.JPEG': 'x' }), null);
    expect(found.subset).toBe(true);
  });

  it('that are nowhere are asked for, with the words that there are', async () => {
    await expect(findLabels(folder({ 'cat.jpg': 'x', 'dog.jpg': 'x' }), null)).rejects.toMatchObject({
      code: 'labels-unknown',
      remedy: expect.stringContaining('--labels folders, filenames, ilsvrc2012-val'),
    });
  });
});

describe('a recipe that nobody named', () => {
  const input = (file: string, change: Partial<ModelInput> = {}): ModelInput => ({
    name: 'net',
    file,
    sha256: '0'.repeat(64),
    dtype: 'float32',
    size: { width: 224, height: 224 },
    port: 'input: float32 [N, 3, 224, 224]',
    scheme: 'float32',
    ...change,
  });
  const timm = (side: number): string =>
    JSON.stringify({
      pretrained_cfg: {
        input_size: [3, side, side],
        crop_pct: 0.95,
        crop_mode: 'center',
        interpolation: 'bicubic',
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
      },
    });

  it("is read from timm's config.json beside the model", async () => {
    const path = folder({ 'config.json': timm(224) });
    const { stated } = await findStatedRecipe(input(join(path, 'net.onnx')));
    expect(stated?.recipe.resize).toEqual({ kind: 'short-side', size: 235, rounding: 'torchvision' });
    expect(stated?.why).toContain('config.json beside the model');
  });

  it("is read from ST's YAML that bears the model's name, for its quantized form too", async () => {
    const path = folder({
      'hardnet39_config.yaml':
        'model: { framework: torch, input_shape: [3, 224, 224] }\ngeneral: { no_prefetcher: true }\npreprocessing: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }\n',
      'other.yaml': 'a: 1\n',
    });
    const { stated } = await findStatedRecipe(input(join(path, 'hardnet39_qdq_int8.onnx')));
    expect(recipeDigest(stated!.recipe)).toBe(recipeDigest(resolveRecipe('st-pytorch-224')));
  });

  it('of a size that the network does not take is passed over, and that is said', async () => {
    const path = folder({ 'config.json': timm(288) });
    const { stated, notes } = await findStatedRecipe(input(join(path, 'net.onnx')));
    expect(stated).toBeNull();
    expect(notes.join(' ')).toContain('its size is not that of input: float32 [N, 3, 224, 224]; passed over');
  });

  it.each([
    [224, 'timm:resnet50.a1_in1k'],
    [288, 'timm:resnet50.a1_in1k@test'],
  ])('is that of the weight whose name the file has, at the size that it takes: %i', async (side, name) => {
    const file = join(dir, 'resnet50.a1_in1k.onnx');
    const { stated } = await findStatedRecipe(input(file, { size: { width: side, height: side } }));
    expect(stated?.recipe.name).toBe(name);
  });

  it('is one of the usual ones for its dtype and size', () => {
    const floats = usualRecipes(input('net.onnx', { size: { width: 160, height: 160 } }));
    expect(floats).toHaveLength(10);
    for (const { crop } of floats) expect(crop).toMatchObject({ width: 160, height: 160 });
    const bytes = usualRecipes(input('net.onnx', { dtype: 'uint8' }));
    expect(bytes.map(({ channelOrder, normalize }) => [channelOrder, normalize])).toEqual([
      ['rgb', []],
      ['bgr', []],
    ]);
    expect(() => usualRecipes(input('net.onnx', { dtype: 'float16' }))).toThrow(/is float16/);
  });
});

describe('the config of a run that had none', () => {
  it('reads back to what was planned, whatever the names are', () => {
    const recipe = resolveRecipe({ base: 'timm-bicubic-256-224', resize: { short_side: 73 }, crop: 64 });
    const model = (name: string): QuickModel => ({
      name,
      file: `${name}.onnx`,
      sha256: '',
      dtype: 'float32',
      size: null,
      port: '',
      scheme: '',
      recipe,
      why: 'Because: "so" # it is.',
      manifest: null,
      documented: 74.38,
    });
    const labels = { labels: 'filenames', synsets: null, subset: false, why: 'y', images: 2, labelled: 2 };
    const names = ['a: b', '#c', "it's", 'yes'];
    const text = configText({
      images: '/x y/#z',
      labels,
      models: names.map(model),
      compareWith: 'a: b',
    });
    const config = parseConfig(text);
    expect(config.models.map(({ name, compareWith }) => [name, compareWith])).toEqual([
      ['a: b', null],
      ['#c', 'a: b'],
      ["it's", 'a: b'],
      ['yes', 'a: b'],
    ]);
    expect(config.dataset).toMatchObject({ images: '/x y/#z', labels: 'filenames' });
    for (const { recipe: read, documented } of config.models) {
      expect(recipeDigest(read!)).toBe(recipeDigest(recipe));
      expect(documented).toMatchObject({ top1: 74.38, images: 50000, dataset: 'ilsvrc2012-val' });
    }
    expect(text).toContain('base: timm-bicubic-256-224');
  });
});

it('models are called by their files, with the folder where two are alike', async () => {
  const [a, b] = [folder({ 'net.onnx': '' }), folder({ 'net.onnx': '' })];
  for (const path of [a, b]) copyFileSync(join(demo, 'demo_float.onnx'), join(path, 'net.onnx'));
  const inputs = await readInputs([join(a, 'net.onnx'), join(b, 'net.onnx'), join(demo, 'demo_float.onnx')]);
  expect(new Set(inputs.map(({ name }) => name)).size).toBe(3);
  expect(inputs[2]).toMatchObject({ name: 'demo_float', dtype: 'float32', size: { width: 64, height: 64 } });
});
