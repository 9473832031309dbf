import { createHash } from 'node:crypto';
import type { CropRule, NormalizeStep, Operand, Recipe, ResizeRule } from 'reference-pixels/recipe';
import type { Sha256 } from '../domain/domain.js';
import { ConfigError } from '../domain/errors.js';
import type { RecipeConfig, SpelledRecipeConfig } from './recipe-schema.js';

function contradiction(what: string, remedy: string): ConfigError {
  return new ConfigError({ code: 'recipe-contradiction', what, where: null, remedy });
}

type Said<Key extends keyof SpelledRecipeConfig> = Exclude<SpelledRecipeConfig[Key], undefined>;

/** The spelled-out form with nothing left to assume. */
export interface FullRecipeConfig {
  decode: Said<'decode'>;
  central_fraction: Said<'central_fraction'>;
  range: Said<'range'>;
  resize: Said<'resize'>;
  /** Only with `resize.short_side`. */
  rounding?: Said<'rounding'>;
  filter: Said<'filter'>;
  crop: Said<'crop'>;
  channel_order: Said<'channel_order'>;
  normalize: Said<'normalize'>;
}

function resizeRule({ resize, rounding }: Pick<FullRecipeConfig, 'resize' | 'rounding'>): ResizeRule {
  if (resize !== 'none' && 'short_side' in resize) {
    return { kind: 'short-side', size: resize.short_side, rounding: rounding ?? 'torchvision' };
  }
  if (rounding !== undefined) {
    throw contradiction(
      `rounding: ${rounding} says how the long side follows from the short one, but resize has no short_side.`,
      'Remove rounding, or say resize: { short_side: N }.',
    );
  }
  if (resize === 'none') return { kind: 'none' };
  if ('central_square' in resize) {
    const { central_square: fraction, width, height } = resize;
    return { kind: 'central-square', fraction, width, height };
  }
  if ('cover' in resize) return { kind: 'cover', ...resize.cover };
  if ('contain' in resize) return { kind: 'contain', ...resize.contain };
  return { kind: 'exact', width: resize.width, height: resize.height };
}

function cropRule(said: Said<'crop'>): CropRule | null {
  if (said === 'none') return null;
  if (typeof said === 'number') return { width: said, height: said, offset: 'half-even' };
  const { width, height, offset, fill } = said;
  // Without a fill there is no such key: digests of recipes are older than it.
  return { width, height, offset, ...(fill === undefined ? {} : { fill }) };
}

type StepConfig = Exclude<Said<'normalize'>, 'none'>[number];

function step(said: StepConfig): NormalizeStep {
  if ('divide' in said) return { op: 'divide', by: said.divide };
  if ('multiply' in said) return { op: 'multiply', by: said.multiply };
  if ('subtract' in said) return { op: 'subtract', by: said.subtract };
  return { op: 'add', by: said.add };
}

/** `1/255` divides by 255; a number multiplies, 1 does nothing. */
function scaleSteps(scale: Said<'scale'>): readonly StepConfig[] {
  if (typeof scale === 'number') return scale === 1 ? [] : [{ multiply: scale }];
  return [{ divide: Number(scale.slice('1/'.length)) }];
}

/** The steps that are said, the shorthand written out; undefined where nothing is said of it. */
function normalizeConfig(said: SpelledRecipeConfig): Said<'normalize'> | undefined {
  const { scale, mean, std } = said;
  if (scale === undefined || mean === undefined || std === undefined) return said.normalize;
  return [...scaleSteps(scale), { subtract: mean }, { divide: std }];
}

/** The field as said, else the base's, else a fault: the schema lets nothing through that lacks both. */
function required<T>(value: T | undefined, key: string): T {
  if (value !== undefined) return value;
  throw new ConfigError({
    code: 'recipe-incomplete',
    what: `The recipe lacks ${key}.`,
    where: null,
    remedy: null,
  });
}

/** Every field: what is said over what the base says over the documented defaults. */
function complete(said: SpelledRecipeConfig, base: Partial<FullRecipeConfig>): FullRecipeConfig {
  // A new resize is a new rule: the base's rounding belonged to the old one.
  const rounding = said.rounding ?? (said.resize === undefined ? base.rounding : undefined);
  return {
    decode: required(said.decode ?? base.decode, 'decode'),
    central_fraction:
      said.central_fraction === undefined ? (base.central_fraction ?? null) : said.central_fraction,
    range: said.range ?? base.range ?? 'bytes',
    resize: required(said.resize ?? base.resize, 'resize'),
    ...(rounding === undefined ? {} : { rounding }),
    filter: required(said.filter ?? base.filter, 'filter'),
    crop: required(said.crop ?? base.crop, 'crop'),
    channel_order: required(said.channel_order ?? base.channel_order, 'channel_order'),
    normalize: required(normalizeConfig(said) ?? base.normalize, 'normalize'),
  };
}

/** @throws ConfigError `recipe-contradiction` where two fields exclude each other. */
function assertConsistent(recipe: Recipe): void {
  if (recipe.filter === null && recipe.resize.kind !== 'none') {
    throw contradiction(
      'The recipe resizes but its filter is none.',
      'Name the filter, e.g. filter: pillow-bicubic.',
    );
  }
  if (recipe.filter !== null && recipe.resize.kind === 'none') {
    throw contradiction(
      `filter: ${recipe.filter} has nothing to do, for resize is none.`,
      'Say filter: none, or a resize such as { short_side: 256 }.',
    );
  }
  if (recipe.range === 'unit' && recipe.filter !== null && !recipe.filter.startsWith('tensorflow-')) {
    throw contradiction(
      `range: unit gives the resampler float32 values, which ${recipe.filter} does not take.`,
      'Say range: bytes, or a TensorFlow filter.',
    );
  }
}

/**
 * The recipe that the YAML form means; its name is null unless the form is a name.
 * @param named gives the recipe of a name
 * @throws ConfigError `recipe-contradiction`, or what `named` throws; `where` is null, the caller knows the path.
 */
export function recipeFrom(said: RecipeConfig, named: (name: string) => Recipe): Recipe {
  if (typeof said === 'string') return named(said);
  const full = complete(said, said.base === undefined ? {} : recipeToConfig(named(said.base)));
  const recipe: Recipe = {
    name: null,
    decode: full.decode,
    centralFraction: full.central_fraction,
    range: full.range,
    resize: resizeRule(full),
    filter: full.filter === 'none' ? null : full.filter,
    crop: cropRule(full.crop),
    channelOrder: full.channel_order,
    normalize: full.normalize === 'none' ? [] : full.normalize.map(step),
  };
  assertConsistent(recipe);
  return recipe;
}

function resizeToConfig(rule: ResizeRule): Pick<FullRecipeConfig, 'resize' | 'rounding'> {
  switch (rule.kind) {
    case 'none':
      return { resize: 'none' };
    case 'exact':
      return { resize: { width: rule.width, height: rule.height } };
    case 'central-square':
      return {
        resize: { central_square: rule.fraction, width: rule.width, height: rule.height },
      };
    case 'cover':
      return { resize: { cover: { width: rule.width, height: rule.height } } };
    case 'contain':
      return { resize: { contain: { width: rule.width, height: rule.height } } };
    case 'short-side':
      return { resize: { short_side: rule.size }, rounding: rule.rounding };
  }
}

function cropToConfig({ width, height, offset, fill }: CropRule): Exclude<Said<'crop'>, 'none' | number> {
  return { width, height, offset, ...(fill === undefined ? {} : { fill: [...fill] }) };
}

function operandToConfig(operand: Operand): number | [number, number, number] {
  return typeof operand === 'number' ? operand : [...operand];
}

function stepToConfig({ op, by }: NormalizeStep): StepConfig {
  const value = operandToConfig(by);
  switch (op) {
    case 'divide':
      return { divide: value };
    case 'multiply':
      return { multiply: value };
    case 'subtract':
      return { subtract: value };
    case 'add':
      return { add: value };
  }
}

/** The recipe with every field spelled out, defaults included; reads back to the same recipe, its name apart. */
export function recipeToConfig(recipe: Recipe): FullRecipeConfig {
  return {
    decode: recipe.decode,
    central_fraction: recipe.centralFraction,
    range: recipe.range,
    ...resizeToConfig(recipe.resize),
    filter: recipe.filter ?? 'none',
    crop: recipe.crop === null ? 'none' : cropToConfig(recipe.crop),
    channel_order: recipe.channelOrder,
    normalize: recipe.normalize.length === 0 ? 'none' : recipe.normalize.map(stepToConfig),
  };
}

/** Identity of what the recipe does: SHA-256 of its spelled-out form as JSON in fixed key order. The name does not count. */
export function recipeDigest(recipe: Recipe): Sha256 {
  return createHash('sha256')
    .update(JSON.stringify(recipeToConfig(recipe)))
    .digest('hex');
}
