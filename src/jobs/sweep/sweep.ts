import { stringify } from 'yaml';

import type { Recipe } from 'reference-pixels/recipe';

import { modelNamed, type Config, type ModelConfig } from '../../config/config.js';
import { recipeDigest } from '../../config/recipe-form.js';
import { ConfigError } from '../../domain/errors.js';
import { withDataset } from '../run/open-dataset.js';
import { openModel, type OpenModel } from '../run/open-models.js';
import { shortForm } from '../../config/recipes/short-form.js';
import { tool } from '../tool.js';
import type { SweepRecord } from '../../report/sweep.js';
import { explaining, mostAccurate, type Criterion } from './criterion.js';
import { race, type Raced } from './race.js';
import { sensibleScalings, sensibleShapes } from './sweep-candidates.js';
import { rankRecipes } from './sweep-ranking.js';
import { sweepFindings } from './sweep-findings.js';
import { SweepRunner, triedRecipe } from './sweep-runner.js';

export interface SweepOptions {
  readonly config: Config;
  /** Name of the model; null: the config's first. */
  readonly model: string | null;
  /** null: the config's `sweep`, else the sensible ones. */
  readonly recipes: readonly Recipe[] | null;
  /** Images at most; null: `SWEEP_IMAGES` for the sensible ones, all for a list. */
  readonly limit: number | null;
  /** Rank by accuracy, or by how well a recipe explains the documented figure. */
  readonly target: 'accuracy' | 'documented';
  readonly seed: number;
  readonly workers: number | null;
  readonly batch: number | null;
  readonly command: string;
  readonly signal: AbortSignal;
  readonly onWarning: (text: string) => void;
  /** So many recipes are about to be shown the first so many images. */
  readonly onLook: (recipes: number, images: number) => void;
}

/** Images at most where no list is given: enough to tell gross mistakes, and a few minutes' work. */
const SWEEP_IMAGES = 500;
/** Chance at most of dropping the recipe that truly fits best, and of any false finding. */
const ERROR_RATE = 0.05;

/**
 * Which preprocessing made this number? Runs one model over a list of recipes and ranks them. Given a list, all see all
 * images; else the sensible ones race (`race`).
 * @returns null where the signal stopped it
 */
export async function sweep(options: SweepOptions): Promise<SweepRecord | null> {
  const startedAt = new Date();
  const { config, seed } = options;
  const model =
    options.model === null ? config.models[0]! : modelNamed(options.model, config.models, config.file);
  const listed = options.recipes ?? config.sweep;
  const { opened, population, dataset } = await examine(config, model);
  const images = Math.min(population, options.limit ?? (listed === null ? SWEEP_IMAGES : population));
  const criterion = criterionOf(options.target, opened);
  const runner = new SweepRunner({ ...options, model });
  const raced =
    listed === null
      ? await race({
          scalings: sensibleScalings(opened.facts),
          shapes: sensibleShapes(opened.facts),
          images,
          criterion,
          errorRate: ERROR_RATE,
          show: (trials, upTo) => runner.show(trials, upTo),
          onLook: options.onLook,
        })
      : await showAll(runner, listed, images, options.onLook);
  if (raced === null) return null;
  const confidence = 1 - ERROR_RATE / raced.looks.length;
  const ranked = rankRecipes(raced.trials, {
    confidence,
    documented: opened.documented,
    errorRate: ERROR_RATE,
    criterion,
  });
  const best = raced.trials.find(({ recipe }) => recipe === ranked[0]!.recipe)!;
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
    target: options.target,
    findings:
      listed === null ? sweepFindings(best, raced.trials, opened.recipe, raced.looks, ERROR_RATE) : [],
    yaml: stringify({ recipe: shortForm(ranked[0]!.recipe) }, { lineWidth: 0 }).trimEnd(),
    recipes: ranked,
  };
}

function criterionOf(target: SweepOptions['target'], { documented, config }: OpenModel): Criterion {
  if (target === 'accuracy') return mostAccurate;
  const percent = documented?.top1 ?? null;
  if (percent !== null) return explaining(percent);
  throw new ConfigError({
    code: 'no-documented-figure',
    what: 'no Top-1 figure is documented for the model, so no recipe can explain it',
    where: config.name,
    remedy: 'Add `documented: { top1: ..., images: ..., source: ... }` to the model, or leave --target out.',
  });
}

async function showAll(
  runner: SweepRunner,
  recipes: readonly Recipe[],
  images: number,
  onLook: SweepOptions['onLook'],
): Promise<Raced | null> {
  const trials = [...new Map(recipes.map((recipe) => [recipeDigest(recipe), recipe])).values()].map(
    triedRecipe,
  );
  onLook(trials.length, images);
  return (await runner.show(trials, images)) ? { trials, looks: [images] } : null;
}

/** The model's facts, and how many images there are. */
function examine(
  config: Config,
  model: ModelConfig,
): Promise<{ readonly opened: OpenModel; readonly population: number; readonly dataset: string }> {
  return withDataset({ config }, async ({ classes, samples, source }) => ({
    opened: await openModel(model, classes.length),
    population: samples.length,
    dataset: source.description,
  }));
}
