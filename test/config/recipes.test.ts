import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { planGeometry } from 'reference-pixels/geometry';
import { recipeDigest, recipeToConfig } from '../../src/config/recipe-form.js';
import { recipeSchema } from '../../src/config/recipe-schema.js';
import { findRecipe, listRecipes, resolveRecipe } from '../../src/config/recipes/index.js';

const named = listRecipes().map((entry) => [entry.name, entry] as const);

const spelled = {
  decode: 'pillow',
  resize: { short_side: 256 },
  filter: 'pillow-bicubic',
  crop: 224,
  channel_order: 'rgb',
  scale: '1/255',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** The messages of what is wrong with a recipe in YAML, each with its path. */
function faults(value: unknown): string[] {
  const { error } = recipeSchema.safeParse(value);
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

const read = (value: unknown) => resolveRecipe(recipeSchema.parse(value));

describe('a named recipe', () => {
  it.each(named)('%s, printed as YAML, reads back to itself', (_, { recipe }) => {
    const printed = stringify(recipeToConfig(recipe));
    expect(read(parse(printed))).toEqual({ ...recipe, name: null });
  });

  const squares = named.filter(([, { recipe }]) => recipe.crop !== null || recipe.resize.kind !== 'none');

  it.each(squares)('%s gives the same square from a landscape and a portrait', (_, { recipe }) => {
    const landscape = planGeometry({ width: 500, height: 375 }, recipe).crop;
    const portrait = planGeometry({ width: 333, height: 500 }, recipe).crop;
    expect(landscape.width).toBe(landscape.height);
    expect([portrait.width, portrait.height]).toEqual([landscape.width, landscape.height]);
  });

  it.each(named)('%s says where it comes from and what it is', (_, { source, note }) => {
    expect(source.length).toBeGreaterThan(10);
    expect(note).toMatch(/\.$/);
  });

  it('is the same to the last bit as when reports first named it', () => {
    // Journals, caches, baselines and reports hold these digests: a recipe that changes is a new recipe.
    const path = new URL('../fixtures/recipe-digests.json', import.meta.url);
    const digests = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    const now = Object.keys(digests).map((name) => [name, recipeDigest(findRecipe(name).recipe)]);
    expect(Object.fromEntries(now)).toEqual(digests);
  });

  it('is found by its name only, and a near miss is told the name', () => {
    expect(findRecipe('mlperf-resnet50').recipe.filter).toBe('opencv-area');
    expect(() => findRecipe('timm-bicubic-256-244')).toThrow(/Did you mean "timm-bicubic-256-224"/);
    expect(() => findRecipe('toString')).toThrow(/No recipe is called/);
  });

  it('that does the same as another is named in a note beside it', () => {
    const all = listRecipes();
    const silent = all.filter(({ recipe }) => {
      const same = all.filter((other) => recipeDigest(other.recipe) === recipeDigest(recipe));
      return same.length > 1 && !same.some(({ note }) => same.some((other) => note.includes(other.name)));
    });
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

describe('a recipe in YAML', () => {
  it('spelled out with scale, mean and std is the reference recipe', () => {
    const reference = findRecipe('timm-bicubic-256-224').recipe;
    expect(read(spelled)).toEqual({ ...reference, name: null });
    expect(recipeDigest(read(spelled))).toBe(recipeDigest(reference));
  });

  it('may be a name', () => {
    expect(read('crop-224').name).toBe('crop-224');
  });

  it('may start from a name and say some fields anew', () => {
    const { normalize, ...rest } = findRecipe('timm-bicubic-256-224').recipe;
    const recipe = read({
      base: 'timm-bicubic-256-224',
      resize: { width: 240, height: 240 },
      normalize: 'none',
    });
    expect(normalize).not.toEqual([]);
    expect(recipe).toEqual({
      ...rest,
      name: null,
      resize: { kind: 'exact', width: 240, height: 240 },
      normalize: [],
    });
  });

  it('keeps the rounding of its base unless it says another resize', () => {
    const official = 'tf-official-resnet-256-224';
    expect(read({ base: official, crop: 200 }).resize).toEqual({
      kind: 'short-side',
      size: 256,
      rounding: 'tensorflow-float32',
    });
    expect(read({ base: official, resize: { short_side: 240 } }).resize).toEqual({
      kind: 'short-side',
      size: 240,
      rounding: 'torchvision',
    });
  });

  it.each(['decode', 'resize', 'filter', 'crop', 'channel_order'])(
    'without %s is refused: it moves the figure',
    (key) => {
      const rest = Object.fromEntries(Object.entries(spelled).filter(([name]) => name !== key));
      expect(faults(rest)).toEqual([
        expect.stringMatching(new RegExp(`^${key}: Expected ${key}, for it has no default`)),
      ]);
    },
  );

  it('tells all that it lacks at once', () => {
    expect(faults({ decode: 'pillow' }).map((fault) => fault.split(':')[0])).toEqual([
      'resize',
      'filter',
      'crop',
      'channel_order',
      'normalize',
    ]);
  });

  it('says its normalisation once', () => {
    expect(faults({ ...spelled, normalize: 'none' })[0]).toMatch(
      /received both normalize and scale, mean, std/,
    );
    const incomplete = { ...spelled, std: undefined };
    expect(faults(incomplete)[0]).toMatch(/received only scale and mean/);
  });

  it.each([
    [{ ...spelled, filter: 'none' }, /its filter is none/],
    [{ ...spelled, resize: 'none' }, /has nothing to do/],
    [{ ...spelled, resize: { width: 224, height: 224 }, rounding: 'torchvision' }, /no short_side/],
    [{ ...spelled, range: 'unit' }, /does not take/],
  ])('that contradicts itself is refused', (value, message) => {
    expect(() => read(value)).toThrow(message);
  });

  it('is strict: an unknown key, an unknown filter and a divisor of 0 are faults', () => {
    expect(recipeSchema.safeParse({ ...spelled, filtr: 1 }).success).toBe(false);
    expect(recipeSchema.safeParse({ ...spelled, filter: 'bicubic' }).success).toBe(false);
    expect(recipeSchema.safeParse({ ...spelled, std: [0.2, 0, 0.2] }).success).toBe(false);
  });

  it('has an identity that its name does not touch, and every field does', () => {
    const digests = [
      spelled,
      { ...spelled, crop: { width: 224, height: 224, offset: 'floor' } },
      { ...spelled, decode: 'tensorflow-fast-dct' },
      { ...spelled, channel_order: 'bgr' },
      { ...spelled, central_fraction: 0.875 },
      { ...spelled, rounding: 'nearest' },
    ].map((value) => recipeDigest(read(value)));
    expect(new Set(digests).size).toBe(digests.length);
    const crop224 = findRecipe('crop-224').recipe;
    expect(recipeDigest({ ...crop224, name: null })).toBe(recipeDigest(crop224));
  });
});
