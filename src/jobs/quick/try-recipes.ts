import type { Recipe, TensorSpec } from 'reference-pixels/recipe';

import type { Config } from '../../config/config.js';
import { imagenetMean, imagenetStd } from '../../config/recipes/entry.js';
import { timmEval } from '../../config/recipes/timm-eval.js';
import { ModelError } from '../../domain/errors.js';
import type { SweepRecord, SweptRecipe } from '../../report/sweep.js';
import { recipeOf, sensibleScalings } from '../sweep/sweep-candidates.js';
import { sweep } from '../sweep/sweep.js';
import type { ModelInput } from './model-input.js';

/** Images on which the usual recipes are tried, and those on which the ones that are left are told apart. */
const FIRST_LOOK = 48;
const SECOND_LOOK = 160;

/** The recipe that fits a model best of a few usual ones, with what the others gave. */
export interface TriedOut {
  readonly recipe: Recipe;
  readonly why: string;
  /** What each other one gave, best first. */
  readonly others: string;
}

export interface TryOptions {
  /** A config of this model alone, with any recipe that fits it. */
  readonly config: Config;
  readonly model: ModelInput;
  readonly workers: number | null;
  readonly signal: AbortSignal;
  readonly onLook: (recipes: number, images: number) => void;
}

/** Usual recipes for an input: the commonest crop under each scaling that such an input can have been trained with. */
export function usualRecipes({ dtype, size, port, name }: ModelInput): Recipe[] {
  if (dtype !== 'float32' && dtype !== 'uint8' && dtype !== 'int8') {
    throw new ModelError({
      code: 'input-dtype',
      what: `the input ${port} is ${dtype}; images are fed as float32, uint8 or int8`,
      where: name,
      remedy: 'Export the model with a float32, uint8 or int8 input.',
    });
  }
  const tensor: TensorSpec = {
    layout: 'NCHW',
    dtype,
    width: size?.width ?? 224,
    height: size?.height ?? 224,
    quantization: null,
  };
  const shape = timmEval({
    input: { width: tensor.width, height: tensor.height },
    cropPct: 0.875,
    cropMode: 'center',
    filter: 'pillow-bicubic',
    mean: imagenetMean,
    std: imagenetStd,
  });
  return sensibleScalings({ tensor }).map((scaling) => recipeOf(scaling, shape));
}

/**
 * Tries the usual recipes on the first images of a random order, then those that are not told apart on more of them.
 * @returns null where the signal stopped it
 */
export async function tryRecipes(options: TryOptions): Promise<TriedOut | null> {
  const { model } = options;
  const usual = usualRecipes(model);
  const first = await look(options, usual, FIRST_LOOK);
  if (first === null) return null;
  const left = first.recipes.filter(({ status }) => status === 'best' || status === 'tied');
  const second =
    left.length === 1 || first.population <= first.images
      ? first
      : await look(
          options,
          left.map(({ recipe }) => recipe),
          SECOND_LOOK,
        );
  if (second === null) return null;
  const [best, ...rest] = second.recipes;
  const tied = rest.filter(({ status }) => status === 'tied').length;
  const others = [
    ...rest,
    ...(second === first ? [] : first.recipes.filter(({ sha256 }) => !left.some((l) => l.sha256 === sha256))),
  ];
  return {
    recipe: { ...best!.recipe, name: best!.name },
    why:
      `nothing beside the model states it, so ${usual.length} usual ones were tried on the first ${first.images} images` +
      `${second === first ? '' : `, and the ${left.length} best on ${second.images}`}: ${share(best!)} right with this one` +
      (tied === 0
        ? ''
        : `; ${tied === 1 ? 'one other is' : `${tied} others are`} not told apart from it, \`imagenet-eval sweep\` tells more`),
    others: others.map((other) => `${scalingOf(other)} ${share(other)}`).join('; '),
  };
}

/** The usual recipes differ in order and scaling only, which a label names behind resize and crop. */
function scalingOf({ label }: SweptRecipe): string {
  return label.split(', ').slice(2).join(', ');
}

function share({ top1, images }: SweptRecipe): string {
  return `${top1} of ${images}`;
}

async function look(
  { config, model, workers, signal, onLook }: TryOptions,
  recipes: readonly Recipe[],
  limit: number,
): Promise<SweepRecord | null> {
  return sweep({
    config,
    model: model.name,
    recipes,
    target: 'accuracy',
    limit,
    seed: 0,
    workers,
    batch: null,
    command: '',
    signal,
    onWarning: () => undefined,
    onLook,
  });
}
