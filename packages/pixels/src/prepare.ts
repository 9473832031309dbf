import type { Box, CropRule, PixelBlock, Recipe, RgbImage, Size } from './recipe.js';
import { planGeometry } from './geometry.js';
import { resamplerFor } from './resample/filters.js';
import { cut, sameSize } from './resample/window.js';

/** float32(byte * float32(1/255)): TensorFlow's `convert_image_dtype`. */
function toUnit(block: PixelBlock): PixelBlock {
  const share = Math.fround(1 / 255);
  // The product of two float32 is exact in float64; storing rounds it once.
  return { ...block, data: Float32Array.from(block.data, (byte) => byte * share) };
}

/** The window without a resize, on the recipe's range. */
function untouched(part: PixelBlock, window: Box, range: Recipe['range']): PixelBlock {
  const block = cut(part, window);
  return range === 'unit' ? toUnit(block) : block;
}

/** `crop` with its top left corner at the origin of a block that is `fill` where `inner` does not cover it. */
function pad(inner: PixelBlock, window: Box, crop: Box, fill: CropRule['fill']): PixelBlock {
  const length = crop.width * crop.height * 3;
  const data = inner.data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  if (fill !== undefined) for (let i = 0; i < length; i++) data[i] = fill[i % 3]!;
  const left = window.left - crop.left;
  const top = window.top - crop.top;
  for (let y = 0; y < inner.height; y++) {
    const row = inner.data.subarray(y * inner.width * 3, (y + 1) * inner.width * 3);
    data.set(row, ((top + y) * crop.width + left) * 3);
  }
  return { width: crop.width, height: crop.height, data };
}

/** The part of `crop` that lies inside an image of `size`. */
function visible(crop: Box, size: Size): Box {
  const left = Math.max(crop.left, 0);
  const top = Math.max(crop.top, 0);
  return {
    left,
    top,
    width: Math.min(crop.left + crop.width, size.width) - left,
    height: Math.min(crop.top + crop.height, size.height) - top,
  };
}

/**
 * A decoded image resized and cropped by a recipe, before channel order and normalisation.
 * Bytes, or float32 where the recipe's range or its resampler gives floats.
 */
export function prepare(image: RgbImage, recipe: Recipe): PixelBlock {
  const { source, resized, crop } = planGeometry(image, recipe);
  const part = sameSize(source, image) ? image : cut(image, source);
  const window = visible(crop, resized);
  const inner =
    recipe.filter === null
      ? untouched(part, window, recipe.range)
      : resamplerFor(recipe.filter, recipe.range).resample(part, resized, window);
  return sameSize(window, crop) ? inner : pad(inner, window, crop, recipe.crop?.fill);
}
