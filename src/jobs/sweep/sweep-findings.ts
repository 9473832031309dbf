import type { Recipe } from 'reference-pixels/recipe';
import { recipeDigest } from '../../config/recipe-form.js';
import { mcNemarMidP } from '../../metrics/mcnemar.js';
import type { SweepFinding } from '../../report/sweep.js';
import { pairHits } from './elimination.js';
import { geometryLabel, scalingLabel, turned } from '../../config/recipes/recipe-label.js';
import type { TriedRecipe } from './sweep-runner.js';

/** A side of a recipe that can be right or wrong on its own. */
interface Axis {
  readonly name: SweepFinding['axis'];
  readonly label: (recipe: Recipe) => string;
  /** `recipe` with this side of `own`. */
  readonly swap: (recipe: Recipe, own: Recipe) => Recipe;
}

const axes: readonly Axis[] = [
  {
    name: 'channel order',
    label: ({ channelOrder }) => channelOrder.toUpperCase(),
    swap: (recipe, { channelOrder }) =>
      channelOrder === recipe.channelOrder
        ? recipe
        : { ...recipe, channelOrder, normalize: turned(recipe.normalize) },
  },
  {
    name: 'scaling',
    label: scalingLabel,
    swap: (recipe, own) => ({
      ...recipe,
      normalize: own.channelOrder === recipe.channelOrder ? own.normalize : turned(own.normalize),
    }),
  },
  {
    name: 'resize and crop',
    label: geometryLabel,
    swap: (recipe, { decode, centralFraction, range, resize, filter, crop }) => ({
      ...recipe,
      ...{ decode, centralFraction, range, resize, filter, crop },
    }),
  },
];

/**
 * Where the recipe that fits best differs from the config's own in a way that is beyond chance: one comparison a side of
 * the recipe, all else equal, so that few images make it certain. The error rate is shared among the
 * sides and the looks; the number of images is that of the first look at which it was certain.
 *
 * @param own the recipe that the config or the manifest names; null: none, and nothing to find
 */
export function sweepFindings(
  best: TriedRecipe,
  trials: readonly TriedRecipe[],
  own: Recipe | null,
  looks: readonly number[],
  errorRate: number,
): SweepFinding[] {
  if (own === null) return [];
  const different = [...new Set(looks)].sort((a, b) => a - b);
  const level = errorRate / (axes.length * different.length);
  return axes.flatMap((axis): SweepFinding[] => {
    const [ours, theirs] = [axis.label(best.recipe), axis.label(own)];
    if (ours === theirs) return [];
    const pairs = trials
      .filter(({ recipe }) => axis.label(recipe) === ours)
      .flatMap((fitting) => {
        const digest = recipeDigest(axis.swap(fitting.recipe, own));
        const without = trials.find(({ recipe }) => recipeDigest(recipe) === digest);
        return without === undefined || without === fitting ? [] : [{ with: fitting, without }];
      });
    // With all else as in the best where that was tried, else in the pair that was shown most.
    const pair =
      pairs.find((one) => one.with === best) ?? pairs.sort((x, y) => sharedImages(y) - sharedImages(x))[0];
    if (pair === undefined) return [];
    const at = (images: number) =>
      pairHits(pair.with.top1.slice(0, images), pair.without.top1.slice(0, images));
    const certain = different.find((images) => {
      const { first, second, images: both } = at(images);
      return both > 0 && first > second && mcNemarMidP(first, second) <= level;
    });
    if (certain === undefined) return [];
    const { images, first, second } = at(Infinity);
    return [
      {
        axis: axis.name,
        best: ours,
        config: theirs,
        images,
        gained: first,
        lost: second,
        mcnemarMidP: mcNemarMidP(first, second),
        certainAt: certain,
      },
    ];
  });
}

function sharedImages(pair: { readonly with: TriedRecipe; readonly without: TriedRecipe }): number {
  return pairHits(pair.with.top1, pair.without.top1).images;
}
