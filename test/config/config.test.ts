import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { defaults, loadConfig, parseConfig } from '../../src/config/config.js';
import { listRecipes } from '../../src/config/recipes/index.js';
import { weightNames } from '../../src/config/recipes/weights.js';
import { configJsonSchema } from '../../src/config/reference.js';
import { shippedDatasets } from '../../src/dataset/manifest.js';
import { ConfigError } from '../../src/domain/errors.js';

const sound = `
dataset: { images: val.tar, labels: ilsvrc2012-val }
recipe: timm-bicubic-256-224
models:
  - { name: float, path: float.onnx }
  - { name: int8, path: int8.onnx, compare_with: float }
`;

function refusal(text: string, environment: Readonly<Record<string, string>> = {}): ConfigError {
  try {
    parseConfig(text, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

/** The lines that tell of faults. */
function faults(text: string, environment: Readonly<Record<string, string>> = {}): string[] {
  return refusal(text, environment)
    .what.split('\n')
    .filter((line) => line.startsWith('  - '))
    .map((line) => line.slice(4));
}

/** `sound` with a line of it replaced. */
function changed(from: string | RegExp, to: string): string {
  const text = sound.replace(from, to);
  expect(text).not.toBe(sound);
  return text;
}

describe('a config with many faults', () => {
  const text = [
    'titel: x',
    'dataset:',
    '  image: /data',
    '  labels: filename',
    'recipe: timm-bicubic-256-225',
    'models:',
    '  - { name: a, pth: x.onnx }',
    '  - { name: a, path: y.onnx, compare_with: b, tolerance: "0.1" }',
    'ties: lowest',
    'engine: { workers: 0, batch: 1000000 }',
  ].join('\n');

  it('has all of them told at once, each by path and line, in the order of the file', () => {
    expect(faults(text).map((line) => line.split(':')[0])).toEqual([
      'titel (line 1)',
      'dataset.images (line 2)',
      'dataset.image (line 3)',
      'dataset.labels (line 4)',
      'recipe (line 5)',
      'models[0].pth (line 7)',
      'models[0] (line 7)',
      'models[1].tolerance (line 8)',
      'models[1].name (line 8)',
      'models[1].compare_with (line 8)',
      'ties (line 9)',
      'engine.workers (line 10)',
      'engine.batch (line 10)',
    ]);
  });

  it('has the accepted values told, and what was likely meant', () => {
    const told = faults(text).join('\n');
    for (const guess of ['"title"', '"images"', '"filenames"', '"timm-bicubic-256-224"', '"path"'])
      expect(told).toContain(`Did you mean ${guess}?`);
    expect(told).toContain('missing: expected a string');
    expect(told).toContain('expected a number, got "0.1"');
    expect(told).toContain('expected "lowest-index" or "highest-index", got "lowest"');
    expect(told).toContain('expected a number of at least 1, got 0');
    expect(told).toContain('expected a number of at most 256, got 1000000');
  });
});

it.each([
  [
    'an unknown key far from any',
    changed('recipe:', 'xyzzy: 1\nrecipe:'),
    /unknown key "xyzzy"\. Accepted: title,/,
  ],
  [
    'no recipe anywhere',
    changed(/recipe: .*\n/, ''),
    /models\[0\]\.recipe .*preprocessing decides the figure/,
  ],
  ['a typo in compare_with', changed('compare_with: float', 'compare_with: flaot'), /Did you mean "float"\?/],
  ['a model compared with itself', changed('compare_with: float', 'compare_with: int8'), /with itself/],
  ['two models of one name', changed('name: int8', 'name: float'), /"float" is taken by models\[0\]/],
  ['no models', changed(/models:[\s\S]*/, 'models: []'), /models \(line 4\): expected at least 1 entry/],
  ['a model that is a word', changed(/models:[\s\S]*/, 'models: [x.onnx]'), /expected a map, got "x\.onnx"/],
  ['models that are a map', changed(/models:[\s\S]*/, 'models: { name: a }'), /expected a list, got a map/],
  [
    'nothing behind a key',
    changed(/dataset:.*/, 'dataset:'),
    /dataset \(line 2\): expected a map, got nothing/,
  ],
  [
    'neither path nor manifest',
    changed('path: float.onnx', 'class_offset: 0'),
    /expected manifest, path, runtime or scores/,
  ],
  [
    'an unknown manifest',
    changed('path: float.onnx', 'manifest: hardnet39'),
    /no shipped model .* There are: demo_float,/,
  ],
  [
    'labels that are no word of ours',
    changed('ilsvrc2012-val', 'ilsvrc2012'),
    /Did you mean "ilsvrc2012-val"\?/,
  ],
  ['a tolerance below zero', changed('recipe:', 'tolerance: -1\nrecipe:'), /of at least 0, got -1/],
  ['an empty path', changed('val.tar', '""'), /dataset\.images .*must not be empty/],
  [
    'a figure without its source',
    changed('path: float.onnx', 'path: x, documented: { top1: 74, images: 50000 }'),
    /documented\.source .*missing/,
  ],
  [
    'a figure of no kind',
    changed('path: float.onnx', 'path: x, documented: { images: 1, source: y }'),
    /documented .*expected top1 or top5/,
  ],
  ['a recipe that is a list', changed(/recipe: .*/, 'recipe: [a]'), /name of a recipe .* or a map/],
  [
    'a recipe without its filter',
    changed(
      /recipe: .*/,
      'recipe: { decode: pillow, resize: { short_side: 256 }, crop: 224, channel_order: rgb, normalize: none }',
    ),
    /recipe\.filter .*no default/,
  ],
  [
    'a filter of no library',
    changed(/recipe: .*/, 'recipe: { base: timm-bicubic-256-224, filter: bicubic }'),
    /expected one of none, pillow-nearest,.*"bicubic"/,
  ],
  [
    'a recipe based on none',
    changed(/recipe: .*/, 'recipe: { base: timm, crop: 64 }'),
    /No recipe is called "timm"/,
  ],
  [
    'a recipe that contradicts itself',
    changed(/recipe: .*/, 'recipe: { base: timm-bicubic-256-224, resize: none }'),
    /recipe \(line 3\): filter: pillow-bicubic has nothing to do/,
  ],
])('%s is told', (_, text, told) => {
  expect(faults(text).join('\n')).toMatch(told);
});

it('a variable that is not set is told wherever it stands, with what to do', () => {
  const text = changed('val.tar', '"${IMAGENET_VAL}"').replace('int8.onnx', '"${WEIGHTS}/int8.onnx"');
  expect(faults(text)).toEqual([
    'dataset.images (line 2): the environment variable IMAGENET_VAL is not set: export IMAGENET_VAL=/path/to/it, or write the path here',
    'models[1].path (line 6): the environment variable WEIGHTS is not set: export WEIGHTS=/path/to/it, or write the path here',
  ]);
  expect(parseConfig(text, { IMAGENET_VAL: '/data/val', WEIGHTS: '/w' }).dataset.images).toBe('/data/val');
});

it('a variable that breaks the braces around it is told with the cure', () => {
  const { code, remedy } = refusal(changed('val.tar', '${IMAGENET_VAL}'));
  expect(code).toBe('yaml-syntax');
  expect(remedy).toContain('quote a value that holds ${NAME}');
});

it('a long wrong value is shown in part', () => {
  const [fault] = faults(changed('timm-bicubic-256-224', `{ base: a, crop: ${'x'.repeat(5000)} }`));
  expect(fault!.length).toBeLessThan(300);
});

it('the remedy names the schema', () => {
  expect(refusal('title: x').remedy).toContain('imagenet-eval schema');
});

describe('a sound config', () => {
  it('has every default filled in', () => {
    const { models, ties, onBadImage, engine, dataset } = parseConfig(sound);
    expect([ties, onBadImage]).toEqual(['lowest-index', 'fail']);
    expect(
      models.map(({ tolerance, classOffset, compareWith }) => [tolerance, classOffset, compareWith]),
    ).toEqual([
      [defaults.tolerance, null, null],
      [defaults.tolerance, null, 'float'],
    ]);
    expect(engine).toMatchObject({ workers: null, batch: null });
    expect(dataset).toMatchObject({ labels: 'ilsvrc2012-val', subset: false, only: null, exclude: null });
  });

  it("gives a model its own recipe and tolerance before the config's", () => {
    const text = changed('path: int8.onnx', 'path: int8.onnx, recipe: crop-224, tolerance: 2');
    expect(parseConfig(text).models.map(({ recipe, tolerance }) => [recipe?.name, tolerance])).toEqual([
      ['timm-bicubic-256-224', 0.1],
      ['crop-224', 2],
    ]);
  });

  it.each(['demo', 'hardnet39ds'])('configs/%s.yaml is one', async (name) => {
    const file = new URL(`../../configs/${name}.yaml`, import.meta.url).pathname;
    const config = await loadConfig(file, { IMAGENET_VAL: '/data/val.tar' });
    expect(config.models).toHaveLength(2);
    expect(readFileSync(file, 'utf8')).toContain('title:');
  });
});

describe('the JSON Schema of the config', () => {
  const schema = configJsonSchema() as {
    $id: string;
    $defs: { recipeName: { anyOf: [{ enum: string[] }, { type: string }] } };
    properties: { dataset: { properties: { labels: { anyOf: [{ enum: string[] }, { type: string }] } } } };
  };

  it('names itself, so that editors and other schemas can refer to it', () => {
    expect(schema.$id).toBe('urn:onnx-imagenet-eval:config');
  });

  it('completes the names of recipes and published weights, and takes any other string', () => {
    const [known, other] = schema.$defs.recipeName.anyOf;
    for (const name of ['crop-224', 'timm:resnet50.a1_in1k', 'keras:ResNet50'])
      expect(known.enum).toContain(name);
    expect(known.enum.length).toBe(listRecipes().length + weightNames().length);
    expect(other.type).toBe('string');
  });

  it('completes the words for labels, and takes a path', () => {
    const [known, other] = schema.properties.dataset.properties.labels.anyOf;
    expect(known.enum).toEqual(['folders', 'filenames', ...shippedDatasets()]);
    expect(other.type).toBe('string');
  });
});

describe('Figures and gates of a config', () => {
  const documented = (top1: string): string =>
    changed(
      'compare_with: float }',
      `compare_with: float, documented: { top1: ${top1}, images: 50000, source: README } }`,
    );

  it('keep the zeros that a figure is printed with', () => {
    expect(parseConfig(documented('74.40')).models[1]!.documented).toMatchObject({
      top1: 74.4,
      top1Decimals: 2,
    });
    expect(parseConfig(documented('74.4')).models[1]!.documented).toMatchObject({
      top1: 74.4,
      top1Decimals: 1,
    });
  });

  it('refuse a share where percent are due, and a figure above 100', () => {
    expect(faults(documented('0.7438')).join()).toContain('write 74.38, not 0.7438');
    expect(faults(documented('174.3'))).toHaveLength(1);
  });

  it('refuse gates that limit nothing', () => {
    for (const gates of ['{}', '{ on_undecided: pass }', '{ population: these-images }'])
      expect(faults(`${sound}gates: ${gates}\n`).join()).toContain('expected at least one limit');
  });
});
