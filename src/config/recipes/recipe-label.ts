import type { NormalizeStep, Recipe } from 'reference-pixels/recipe';
import { recipeDigest } from '../recipe-form.js';
import { inceptionNormalize, torchvisionNormalize } from './entry.js';
import { listRecipes } from './index.js';

/** Names by digest; of several that do the same the first listed. */
let names: ReadonlyMap<string, string> | null = null;

function nameOf(recipe: Recipe): string | null {
  names ??= new Map(
    listRecipes()
      .map((named) => [recipeDigest(named.recipe), named.name] as const)
      .reverse(),
  );
  return names.get(recipeDigest(recipe)) ?? null;
}

/** The name of a recipe that does the same, null if none is listed. */
export function recipeName(recipe: Recipe): string | null {
  return recipe.name ?? nameOf(recipe);
}

/** What sets a recipe apart, in a line: `short side 256 pillow-bicubic, crop 224, rgb, mean/std of ImageNet`. */
export function recipeLabel(recipe: Recipe): string {
  return [geometryLabel(recipe), recipe.channelOrder, normalization(recipe.normalize)].join(', ');
}

/** How a recipe makes a crop: `short side 256 pillow-bicubic, crop 224`. */
export function geometryLabel({ resize, crop, filter, centralFraction }: Recipe): string {
  const parts = [
    centralFraction === null ? null : `central ${centralFraction}`,
    resize.kind === 'none'
      ? 'no resize'
      : resize.kind === 'exact'
        ? `squash ${resize.width}x${resize.height} ${filter ?? ''}`
        : resize.kind === 'short-side'
          ? `short side ${resize.size} ${filter ?? ''}`
          : `${resize.kind} ${resize.width}x${resize.height} ${filter ?? ''}`,
    crop === null ? null : `crop ${crop.width === crop.height ? crop.width : `${crop.width}x${crop.height}`}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** How a recipe scales values, whichever way its channels go: `mean/std of ImageNet`. */
export function scalingLabel({ normalize, channelOrder }: Recipe): string {
  return normalization(channelOrder === 'rgb' ? normalize : turned(normalize));
}

/** Steps of a normalisation with their channels the other way round. */
export function turned(steps: readonly NormalizeStep[]): readonly NormalizeStep[] {
  return steps.map((step) =>
    typeof step.by === 'number' ? step : { ...step, by: [step.by[2], step.by[1], step.by[0]] },
  );
}

function normalization(steps: readonly NormalizeStep[]): string {
  if (steps.length === 0) return '0..255';
  const text = JSON.stringify(steps);
  if (text === JSON.stringify(torchvisionNormalize)) return 'mean/std of ImageNet';
  if (text === JSON.stringify(inceptionNormalize)) return '-1..1';
  if (text === JSON.stringify([{ op: 'divide', by: 255 }])) return '0..1';
  return steps
    .map(
      ({ op, by }) =>
        `${op} ${typeof by === 'number' ? by : by.map((value) => Number(value.toFixed(4))).join(' ')}`,
    )
    .join(', ');
}
