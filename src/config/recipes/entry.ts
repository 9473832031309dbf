import type { NormalizeStep, Operand, Recipe } from 'reference-pixels/recipe';

/** Means and deviations of ImageNet on the scale 0..1, RGB. */
export const imagenetMean = [0.485, 0.456, 0.406] as const;
/** Standard deviations of ImageNet on the scale 0..1, RGB. */
export const imagenetStd = [0.229, 0.224, 0.225] as const;

/** A number of each channel. */
export type Triple = readonly [number, number, number];

/** ToTensor and Normalize of torchvision: /255, minus mean, /std. */
export function normalizeBy(mean: Operand, std: Operand): readonly NormalizeStep[] {
  return [
    { op: 'divide', by: 255 },
    { op: 'subtract', by: mean },
    { op: 'divide', by: std },
  ];
}

/** By the means and deviations of ImageNet. */
export const torchvisionNormalize = normalizeBy(imagenetMean, imagenetStd);

/** By mean and deviation 0.5, as Inception's and many vision transformers' weights ask. */
export const inceptionNormalize = normalizeBy(0.5, 0.5);

/** timm's scale size: floor(input size / crop_pct), in float64. */
export function timmScaleSize(inputSize: number, cropFraction: number): number {
  return Math.floor(inputSize / cropFraction);
}

/** What a recipe has unless its file says otherwise; spread first. */
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
