import { roundHalfEven } from 'reference-pixels/geometry';
import type { CropRule, FilterName, Recipe, ResizeRule, Size } from 'reference-pixels/recipe';
import { normalizeBy, ordinary, shortSide, timmScaleSize, type Triple } from './entry.js';

/** timm's crop modes: keep the aspect ratio and cut, lose it, or keep all and pad. */
export const timmCropModes = ['center', 'squash', 'border'] as const;

/** What timm states of a weight's preprocessing, its defaults filled in. */
export interface TimmFacts {
  readonly input: Size;
  /** Side of the crop as a share of the side that is resized to. */
  readonly cropPct: number;
  readonly cropMode: (typeof timmCropModes)[number];
  readonly filter: FilterName;
  readonly mean: Triple;
  readonly std: Triple;
}

/**
 * timm's evaluation transform on PIL images (timm/data/transforms_factory.py, transforms_imagenet_eval, without the
 * prefetcher). `center` keeps the aspect ratio and cuts, `squash` loses it, `border` keeps all and pads with the mean.
 */
export function timmEval({ input, cropPct, cropMode, filter, mean, std }: TimmFacts): Recipe {
  const scaled = {
    width: timmScaleSize(input.width, cropPct),
    height: timmScaleSize(input.height, cropPct),
  };
  const fill: CropRule['fill'] = cropMode === 'border' ? byte(mean) : undefined;
  return {
    name: null,
    ...ordinary,
    resize: resizeTo(scaled, cropMode),
    filter,
    crop: { ...input, offset: 'half-even', ...(fill === undefined ? {} : { fill }) },
    normalize: normalizeBy(mean, std),
  };
}

function resizeTo(scaled: Size, mode: TimmFacts['cropMode']): ResizeRule {
  switch (mode) {
    case 'squash':
      return { kind: 'exact', ...scaled };
    case 'border':
      return { kind: 'contain', ...scaled };
    case 'center':
      return scaled.width === scaled.height ? shortSide(scaled.width) : { kind: 'cover', ...scaled };
  }
}

/** round(255 * v) of each, as Python rounds. */
function byte([red, green, blue]: Triple): Triple {
  return [roundHalfEven(255 * red), roundHalfEven(255 * green), roundHalfEven(255 * blue)];
}
