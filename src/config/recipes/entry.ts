import type { NormalizeStep, Recipe } from '../../image/recipe.js';

/** A recipe as its framework's file states it; the map in `index.ts` gives it its name. */
export interface RecipeEntry {
  readonly recipe: Omit<Recipe, 'name'>;
  /** Where the pipeline is written down: project, file and function. */
  readonly source: string;
  /** What sets it apart, and what it does not reproduce. One or two sentences for `imagenet-eval recipes`. */
  readonly note: string;
}

/** Means and deviations of ImageNet on the scale 0..1, RGB. */
export const imagenetMean = [0.485, 0.456, 0.406] as const;
export const imagenetStd = [0.229, 0.224, 0.225] as const;

/** ToTensor and Normalize of torchvision: /255, minus mean, /std. */
export const torchvisionNormalize: readonly NormalizeStep[] = [
  { op: 'divide', by: 255 },
  { op: 'subtract', by: imagenetMean },
  { op: 'divide', by: imagenetStd },
];

/** The same with mean and deviation 0.5, as Inception's and many vision transformers' weights ask. */
export const inceptionNormalize: readonly NormalizeStep[] = [
  { op: 'divide', by: 255 },
  { op: 'subtract', by: 0.5 },
  { op: 'divide', by: 0.5 },
];

/** What every entry below has unless it says otherwise; spread first. */
export const ordinary = {
  decode: 'pillow',
  centralFraction: null,
  range: 'bytes',
  channelOrder: 'rgb',
} as const;

/** A square centre crop at torchvision's offset. */
export function crop(size: number): Recipe['crop'] {
  return { width: size, height: size, offset: 'half-even' };
}

/** A square centre crop at the offset rounded down. */
export function cropDown(size: number): Recipe['crop'] {
  return { width: size, height: size, offset: 'floor' };
}

/** The short side to `size` as torchvision computes it. */
export function shortSide(size: number): Recipe['resize'] {
  return { kind: 'short-side', size, rounding: 'torchvision' };
}

/** Straight to a square. */
export function squash(size: number): Recipe['resize'] {
  return { kind: 'exact', width: size, height: size };
}
