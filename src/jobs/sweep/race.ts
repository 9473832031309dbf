import type { Criterion } from './criterion.js';
import { looksUpTo } from './elimination.js';
import { recipeOf, type Scaling, type Shape } from './sweep-candidates.js';
import { triedRecipe, type TriedRecipe } from './sweep-runner.js';

/** Shows recipes more images; false where a signal stopped it. */
export type Show = (recipes: readonly TriedRecipe[], images: number) => Promise<boolean>;

export interface RaceOptions {
  readonly scalings: readonly Scaling[];
  readonly shapes: readonly Shape[];
  readonly images: number;
  readonly criterion: Criterion;
  /** Chance at most of dropping the recipe that fits best, over all rounds. */
  readonly errorRate: number;
  readonly show: Show;
  readonly onLook: (recipes: number, images: number) => void;
}

export interface Raced {
  readonly trials: readonly TriedRecipe[];
  /** Numbers of images at which a recipe could have been dropped, over all rounds. */
  readonly looks: readonly number[];
}

/** Images at most on which scalings are sorted out before shapes are tried: wrong ones show on far fewer. */
const SCALING_IMAGES = 128;

/**
 * Sorts out scalings with the commonest shape on few images, then tries every scaling that is left with every shape; in
 * both rounds recipes that clearly don't fit are dropped at doubling numbers of images, and each may spend half of the
 * error rate. What it can't see is a scaling that fits with a rare shape only and clearly not with the commonest.
 *
 * @returns null where a signal stopped it
 */
export async function race(options: RaceOptions): Promise<Raced | null> {
  const { scalings, shapes, images } = options;
  const [commonest, ...others] = shapes;
  const first = scalings.map((scaling) => ({ scaling, tried: triedRecipe(recipeOf(scaling, commonest!)) }));
  const firstLooks = looksUpTo(Math.min(images, SCALING_IMAGES));
  const all = first.map(({ tried }) => tried);
  const left = await eliminate(options, all, firstLooks);
  if (left === null) return null;
  const shaped = first
    .filter(({ tried }) => !tried.dropped)
    .flatMap(({ scaling }) => others.map((shape) => triedRecipe(recipeOf(scaling, shape))));
  const looks = looksUpTo(images);
  if ((await eliminate(options, [...left, ...shaped], looks)) === null) return null;
  return { trials: [...all, ...shaped], looks: [...firstLooks, ...looks] };
}

/** Shows more and more images until one recipe is left or the images are. @returns those that were not dropped */
async function eliminate(
  { criterion, errorRate, show, onLook }: RaceOptions,
  recipes: readonly TriedRecipe[],
  looks: readonly number[],
): Promise<readonly TriedRecipe[] | null> {
  let left = recipes;
  for (const images of looks) {
    onLook(left.length, images);
    if (!(await show(left, images))) return null;
    const out = criterion.out(
      // Those of the round before have seen more: all are judged on the same images.
      left.map((tried) => tried.top1.slice(0, images)),
      errorRate / 2,
      looks.length,
    );
    left.forEach((tried, place) => {
      tried.dropped = out.has(place);
    });
    left = left.filter((tried) => !tried.dropped);
    if (left.length === 1) break;
  }
  return left;
}
