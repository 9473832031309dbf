import type { Recipe } from 'reference-pixels/recipe';
import type { Config, ModelConfig } from '../../config/config.js';
import { measure } from '../run/evaluate.js';
import { silent, unkept } from '../run/options.js';
import { permutation } from '../../metrics/permutation.js';
import { isCorrect } from '../../metrics/top-k.js';

/** A recipe on trial, with what it got right by the images' place in the random order. */
export interface TriedRecipe {
  readonly recipe: Recipe;
  readonly top1: (boolean | null)[];
  readonly top5: (boolean | null)[];
  /** Images from the start of the order that it was shown, bad ones included. */
  shown: number;
  /** Found clearly worse before all images were shown. */
  dropped: boolean;
}

export interface RunnerOptions {
  readonly config: Config;
  readonly model: ModelConfig;
  readonly seed: number;
  readonly workers: number | null;
  readonly batch: number | null;
  readonly signal: AbortSignal;
  readonly onWarning: (text: string) => void;
}

export function triedRecipe(recipe: Recipe): TriedRecipe {
  return { recipe, top1: [], top5: [], shown: 0, dropped: false };
}

/** Shows recipes of one model more images, always the next ones of one random order of the whole list. */
export class SweepRunner {
  seconds = 0;

  constructor(private readonly options: RunnerOptions) {}

  /** Until each trial was shown the first `images` of the order. @returns false where the signal stopped it */
  async show(trials: readonly TriedRecipe[], images: number): Promise<boolean> {
    const from = new Set(trials.map((trial) => trial.shown).filter((shown) => shown < images));
    for (const start of from) {
      const group = trials.filter((trial) => trial.shown === start);
      if (!(await this.run(group, start, images))) return false;
    }
    return true;
  }

  private async run(trials: readonly TriedRecipe[], from: number, to: number): Promise<boolean> {
    const { config, model, seed, workers, batch, signal, onWarning } = this.options;
    const models = trials.map(({ recipe }, place): ModelConfig => ({
      ...model,
      name: `recipe ${place + 1}`,
      recipe,
      compareWith: null,
    }));
    const placeOf = new Map<string, number>();
    const { record, stopped } = await measure({
      config: { ...config, models },
      // Unguarded: a wrong recipe is near chance, and that is what is to be found out.
      ...unkept,
      workers,
      batch,
      signal,
      events: { ...silent, onWarning },
      sampling: ({ samples }) => {
        const order = [...permutation(samples.length, seed)].slice(from, to);
        order.forEach((sample, at) => placeOf.set(samples[sample]!.id, from + at));
        return { order, part: null };
      },
    });
    this.seconds += record.run.seconds;
    if (stopped) return false;
    trials.forEach((trial, index) => {
      for (let place = from; place < to; place++) trial.top1[place] = trial.top5[place] = null;
      record.samples.forEach(({ id, label }, at) => {
        const place = placeOf.get(id)!;
        const { classes } = record.models[index]!.predictions.at(at)!;
        trial.top1[place] = isCorrect(classes, label, 1);
        trial.top5[place] = isCorrect(classes, label, 5);
      });
      trial.shown = to;
    });
    return true;
  }
}
