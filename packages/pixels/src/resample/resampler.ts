import type { Box, PixelBlock, Size } from '../recipe.js';

/**
 * One library's resize, met bit for bit.
 *
 * `resample` gives the part `window` of `source` resized to `size`, and computes no more than that
 * part needs; the bytes are those of the whole resize cut to the window.
 *
 * - `source`: RGB bytes, HWC; an ImageError (`filter-needs-bytes`) on floats. What a recipe of range `unit`
 *   resamples, the resamplers for that range make themselves of the bytes that they need.
 * - `window`: in pixels of the resized image, wholly inside it, at least 1 by 1.
 * - result: `window.width` by `window.height`, RGB, HWC, `output` as element type, memory of its own
 *   (never a view of `source`, nor of memory that the next call reuses).
 * - Where `size` is the source's own size the pixels come back untouched, cut to the window; a
 *   resampler with `output` float32 gives them as floats.
 */
export interface Resampler {
  readonly output: 'uint8' | 'float32';
  resample(source: PixelBlock, size: Size, window: Box): PixelBlock;
}
