import type { Box, PixelBlock, Size } from '../recipe.js';
import { ImageError } from '../errors.js';

/**
 * The pixels of `source` inside `window`, as a copy of the same element type.
 * The window lies wholly inside the source.
 */
export function cut(source: PixelBlock, window: Box): PixelBlock {
  const { left, top, width, height } = window;
  const row = width * 3;
  const length = row * height;
  const data = source.data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  // Whole rows are one stretch of memory.
  const rowsAtOnce = width === source.width ? height : 1;
  for (let y = 0; y < height; y += rowsAtOnce) {
    const start = ((top + y) * source.width + left) * 3;
    data.set(source.data.subarray(start, start + row * rowsAtOnce), y * row);
  }
  return { width, height, data };
}

/** Whether both are of the same width and height. */
export function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

/** Throws where `window` leaves an image of `size` (a bug of the caller, never of a user's image). */
export function assertInside(window: Box, size: Size): void {
  const { left, top, width, height } = window;
  const inside =
    left >= 0 &&
    top >= 0 &&
    width >= 1 &&
    height >= 1 &&
    left + width <= size.width &&
    top + height <= size.height;
  if (!inside) {
    throw new RangeError(
      `window ${width}x${height} at ${left},${top} leaves the resized image of ${size.width}x${size.height}`,
    );
  }
}

/** An ImageError (`filter-needs-bytes`) where a filter of a library that works on bytes is to take floats. */
export function needsBytes(filter: string): ImageError {
  return new ImageError({
    code: 'filter-needs-bytes',
    what: `the filter ${filter} works on bytes, but the recipe's range is unit (floats from 0 to 1)`,
    where: null,
    remedy: 'Set range: bytes, or take tensorflow-bilinear or tensorflow-bilinear-legacy.',
  });
}

/** The source's bytes. Throws `needsBytes` for a source of floats. */
export function bytesOf(source: PixelBlock, filter: string): Uint8Array {
  if (source.data instanceof Uint8Array) return source.data;
  throw needsBytes(filter);
}
