import type { Box, PixelBlock, RgbImage, Size } from '../recipe.js';
import { assertInside, bytesOf, cut, sameSize } from './window.js';

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

/** The values of the window, `source` being bytes of another size than `size` and the window inside it. */
export type Resize = (source: RgbImage, size: Size, window: Box) => PixelBlock['data'];

/** The resampler `name` that `resize` makes; `share` is what its floats are times the bytes. */
export function resampler(name: string, output: Resampler['output'], resize: Resize, share = 1): Resampler {
  return {
    output,
    resample(source, size, window) {
      const bytes = bytesOf(source, name);
      assertInside(window, size);
      const { width, height } = window;
      if (!sameSize(source, size)) {
        return {
          width,
          height,
          data: resize({ width: source.width, height: source.height, data: bytes }, size, window),
        };
      }
      const part = cut(source, window);
      return output === 'uint8'
        ? part
        : { ...part, data: Float32Array.from(part.data, (byte) => byte * share) };
    },
  };
}
