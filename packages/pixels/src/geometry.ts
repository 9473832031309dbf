import type { Box, CropRule, Recipe, ResizeRule, Size } from './recipe.js';
import { ImageError } from './errors.js';

/** Sizes and boxes of one image under one recipe. */
export interface Geometry {
  /** The part of the decoded image that is resized: all of it but for a central fraction. */
  readonly source: Box;
  /** The size that `source` is resized to. */
  readonly resized: Size;
  /** What is kept, in pixels of the resized image. Parts outside of it (`left` or `top` negative) are the crop's fill. */
  readonly crop: Box;
}

/** Rounded to the nearest integer, halves to even: Python's `round`, NumPy's `rint`. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Where one side's crop starts.
 * A crop that fits starts at the rule's rounding of (length - crop) / 2. A larger one is padded with
 * floor((crop - length) / 2) zeros before and the rest after it: torchvision's `center_crop` and
 * TensorFlow's `resize_with_crop_or_pad` alike.
 */
function cropOffset(length: number, crop: number, rounding: CropRule['offset']): number {
  if (crop > length) return -Math.floor((crop - length) / 2);
  const half = (length - crop) / 2;
  switch (rounding) {
    case 'half-even':
      return roundHalfEven(half);
    case 'floor':
      return Math.floor(half);
    case 'ceil':
      return Math.ceil(half);
  }
}

function resizedSize({ width, height }: Size, rule: ResizeRule): Size {
  switch (rule.kind) {
    case 'none':
      return { width, height };
    case 'exact':
    case 'central-square':
      return { width: rule.width, height: rule.height };
    case 'cover':
    case 'contain': {
      const ratios = [width / rule.width, height / rule.height];
      const ratio = rule.kind === 'cover' ? Math.min(...ratios) : Math.max(...ratios);
      return { width: roundHalfEven(width / ratio), height: roundHalfEven(height / ratio) };
    }
    case 'short-side':
      switch (rule.rounding) {
        case 'torchvision': {
          const long = Math.trunc((rule.size * Math.max(width, height)) / Math.min(width, height));
          return width <= height ? { width: rule.size, height: long } : { width: long, height: rule.size };
        }
        case 'nearest': {
          const ratio = rule.size / Math.min(width, height);
          const long = roundHalfEven(ratio * Math.max(width, height));
          return width <= height ? { width: rule.size, height: long } : { width: long, height: rule.size };
        }
        case 'tensorflow-float32': {
          const scale = Math.fround(rule.size / Math.min(width, height));
          return {
            width: Math.trunc(Math.fround(width * scale)),
            height: Math.trunc(Math.fround(height * scale)),
          };
        }
      }
  }
}

/** Slim's `central_crop`: trunc((n - n * fraction) / 2) pixels go on each side. */
function centralPart({ width, height }: Size, fraction: number | null): Box {
  if (fraction === null) return { left: 0, top: 0, width, height };
  const left = Math.trunc((width - width * fraction) / 2);
  const top = Math.trunc((height - height * fraction) / 2);
  return { left, top, width: width - 2 * left, height: height - 2 * top };
}

/** The TFLite evaluation tool's square crop: C's round, halves away from zero. */
function centralSquare({ width, height }: Size, fraction: number): Box {
  const side = Math.floor(Math.min(width, height) * fraction + 0.5);
  const start = (length: number): number => Math.floor((length - side) / 2 + 0.5);
  return { left: start(width), top: start(height), width: side, height: side };
}

/**
 * What a recipe does to an image of this size, in whole pixels.
 * Throws an ImageError where a side of the resized image would vanish.
 */
export function planGeometry(
  size: Size,
  recipe: Pick<Recipe, 'centralFraction' | 'resize' | 'crop'>,
): Geometry {
  const { resize } = recipe;
  const source =
    resize.kind === 'central-square'
      ? centralSquare(size, resize.fraction)
      : centralPart(size, recipe.centralFraction);
  const resized = resizedSize(source, recipe.resize);
  if (source.width < 1 || source.height < 1 || resized.width < 1 || resized.height < 1) {
    throw new ImageError({
      code: 'image-too-narrow',
      what: `an image of ${size.width}x${size.height} has no pixels left after the recipe's resize`,
      where: null,
      remedy: null,
    });
  }
  const { crop } = recipe;
  if (crop === null) return { source, resized, crop: { left: 0, top: 0, ...resized } };
  return {
    source,
    resized,
    crop: {
      left: cropOffset(resized.width, crop.width, crop.offset),
      top: cropOffset(resized.height, crop.height, crop.offset),
      width: crop.width,
      height: crop.height,
    },
  };
}
