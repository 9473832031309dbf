import type { Recipe } from 'reference-pixels/recipe';

import type { Config, ModelConfig } from '../../config/config.js';
import { recipeDigest } from '../../config/recipe-form.js';
import { didYouMean } from '../../yaml/suggest.js';
import { ConfigError } from '../../domain/errors.js';
import { openConfiguredDataset } from '../run/evaluate.js';
import { openModel, type OpenModel } from '../run/open-models.js';
import { tool } from '../tool.js';
import type { SweepRecord } from '../../report/sweep.js';
import { bestOf, clearlyWorse, looksUpTo } from './elimination.js';
import { recipeOf, sensibleScalings, sensibleShapes } from './sweep-candidates.js';
import { rankRecipes } from './sweep-ranking.js';
import { SweepRunner, triedRecipe, type SweepEvents, type TriedRecipe } from './sweep-runner.js';

export interface SweepOptions {
  readonly config: Config;
  /** Name of the model; null: the config's first. */
  readonly model: string | null;
  /** null: the config's `sweep`, else the sensible ones. */
  readonly recipes: readonly Recipe[] | null;
  /** Images at most; null: `SWEEP_IMAGES` for the sensible ones, all for a list. */
  readonly limit: number | null;
  readonly seed: number;
  readonly workers: number | null;
  readonly batch: number | null;
  readonly command: string;
  readonly signal: AbortSignal;
  readonly events: SweepEvents & { readonly onLook: (recipes: number, images: number) => void };
}

/** Images at most where no list is given: enough to tell gross mistakes, and a few minutes' work. */
export const SWEEP_IMAGES = 500;
/** Images at most on which scalings are sorted out before shapes are tried: wrong ones are told by far fewer. */
const SCALING_IMAGES = 128;
/** Chance at most of dropping the recipe that is truly best; a third of it in each stage. */
const ERROR_RATE = 0.05;

/**
 * Which preprocessing made this number? Runs one model over a list of recipes and ranks them. Given a list, all see all
 * images; else the sensible recipes are tried, scalings first, then shapes with the best of these, and those clearly worse than the best
 * are dropped at doubling numbers of images.
 * @returns null where the signal stopped it
 */
export async function sweep(options: SweepOptions): Promise<SweepRecord | null> {
  const startedAt = new Date();
  const { config, seed } = options;
  const model = chosenModel(config, options.model);
  const listed = options.recipes ?? config.sweep;
  const { opened, population, dataset } = await look(config, model);
  const images = Math.min(population, options.limit ?? (listed === null ? SWEEP_IMAGES : population));
  const runner = new SweepRunner({ ...options, model });
  const raced =
    listed === null
      ? await race(runner, opened, images, options.events.onLook)
      : await showAll(runner, listed, images, options.events.onLook);
  if (raced === null) return null;
  const confidence = 1 - 0.05 / raced.looks;
  return {
    format: 'onnx-imagenet-eval/sweep',
    version: 1,
    tool,
    command: options.command,
    startedAt: startedAt.toISOString(),
    seconds: runner.seconds,
    dataset,
    population,
    images,
    seed,
    model: {
      name: model.name,
      file: opened.file,
      sha256: opened.sha256,
      documented: opened.documented,
    },
    eliminated: listed === null,
    errorRate: ERROR_RATE,
    confidence,
    recipes: rankRecipes(raced.trials, {
      images,
      confidence,
      documented: opened.documented,
      errorRate: ERROR_RATE,
    }),
  };
}

interface Raced {
  readonly trials: readonly TriedRecipe[];
  /** Looks at which a recipe could have been dropped. */
  readonly looks: number;
}

type OnLook = SweepOptions['events']['onLook'];

async function showAll(
  runner: SweepRunner,
  recipes: readonly Recipe[],
  images: number,
  onLook: OnLook,
): Promise<Raced | null> {
  const trials = [...new Map(recipes.map((recipe) => [recipeDigest(recipe), recipe])).values()].map(
    triedRecipe,
  );
  onLook(trials.length, images);
  return (await runner.show(trials, images)) ? { trials, looks: 1 } : null;
}

async function race(
  runner: SweepRunner,
  model: OpenModel,
  images: number,
  onLook: OnLook,
): Promise<Raced | null> {
  const shapes = sensibleShapes(model.facts);
  const scalings = sensibleScalings(model.facts);
  const first = scalings.map((scaling) => triedRecipe(recipeOf(scaling, shapes[0]!)));
  const firstLooks = looksUpTo(Math.min(images, SCALING_IMAGES));
  const kept = await eliminate(runner, first, firstLooks, onLook);
  if (kept === null) return null;
  const best = bestRecipe(kept);
  const others = kept.filter((trial) => trial !== best);
  const shaped = shapes.slice(1).map((shape) => triedRecipe(recipeOf(best.recipe, shape)));
  const looks = looksUpTo(images);
  const second = await eliminate(runner, [best, ...shaped, ...others], looks, onLook);
  if (second === null) return null;
  // Had another shape come out best, the other scalings are tried with that one too.
  const shape = shapes[shaped.indexOf(bestRecipe(second)) + 1]!;
  const rescaled =
    shape === shapes[0]
      ? []
      : others.filter((trial) => !trial.dropped).map((trial) => triedRecipe(recipeOf(trial.recipe, shape)));
  if (rescaled.length > 0 && (await eliminate(runner, [...second, ...rescaled], looks, onLook)) === null)
    return null;
  const trials = [best, ...shaped, ...rescaled, ...first.filter((trial) => trial !== best)];
  return { trials, looks: firstLooks.length + 2 * looks.length };
}

function bestRecipe(trials: readonly TriedRecipe[]): TriedRecipe {
  return trials[bestOf(trials.map((trial) => trial.top1))]!;
}

/** Shows more and more images until one trial is left or the images are. @returns those that were not dropped */
async function eliminate(
  runner: SweepRunner,
  all: readonly TriedRecipe[],
  looks: readonly number[],
  onLook: OnLook,
): Promise<TriedRecipe[] | null> {
  let left = [...all];
  for (const images of looks) {
    onLook(left.length, images);
    if (!(await runner.show(left, images))) return null;
    const worse = clearlyWorse(
      // Those of the stage before have seen more: all are judged on the same images.
      left.map((trial) => trial.top1.slice(0, images)),
      ERROR_RATE / 3,
      looks.length,
    );
    left.forEach((trial, place) => {
      trial.dropped = worse.has(place);
    });
    left = left.filter((trial) => !trial.dropped);
    if (left.length === 1) break;
  }
  return left;
}

function chosenModel({ models, file }: Config, name: string | null): ModelConfig {
  const [first] = models;
  const found = name === null ? first : models.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = models.map((model) => model.name);
  throw new ConfigError({
    code: 'model-unknown',
    what: `no model is called "${name ?? ''}".${didYouMean(name ?? '', names)}`,
    where: file,
    remedy: `The config has: ${names.join(', ')}.`,
  });
}

/** The model's facts, and how many images there are. */
async function look(
  config: Config,
  model: ModelConfig,
): Promise<{ readonly opened: OpenModel; readonly population: number; readonly dataset: string }> {
  const dataset = await openConfiguredDataset(config, null, 0);
  try {
    const opened = await openModel(model, dataset.classes.length);
    return { opened, population: dataset.samples.length, dataset: dataset.source.description };
  } finally {
    await dataset.close();
  }
}
