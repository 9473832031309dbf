import type { Box, RgbImage, Size } from '../recipe.js';
import { Kernel } from '../kernel.js';
import { filters, tapsOf } from './pillow-weights.js';
import { resampler, type Resampler } from './resampler.js';
import { tapTables } from './taps.js';
import { acrossFirst, downFirst } from './two-passes.js';

interface PillowKernel {
  readonly gather: (source: number, offsets: number, count: number, target: number) => void;
}

const kernel = new Kernel<PillowKernel>(new URL('../../wasm/pillow.wasm', import.meta.url));

/**
 * Whether Pillow shrinks the height before the width. New in Pillow 13 (python-pillow/Pillow #9549):
 * where the height loses more than twice as many pixels as the width. Before that, never. The bytes
 * between the passes are rounded, so the order shows.
 */
function goesDownFirst(from: Size, to: Size): boolean {
  const lost = from.height - to.height;
  return lost > 0 && lost > 2 * (from.width - to.width);
}

/**
 * Pillow 13's `Image.resize` of RGB bytes (src/libImaging/Resample.c): antialiased, weights of 22
 * fractional bits, two passes with bytes between them; a pass whose side does not change is left out.
 */
function convolution(name: keyof typeof filters): Resampler {
  const tables = tapTables(
    'i32',
    (...output) => tapsOf(filters[name], ...output),
    () => 22,
  );
  return resampler(`pillow-${name}`, 'uint8', (source, size, window) => {
    const { left, top, width, height } = window;
    const across = size.width === source.width ? null : tables(source.width, size.width, left, width);
    const down = size.height === source.height ? null : tables(source.height, size.height, top, height);
    // Not both are null: the size differs.
    return across === null || (down !== null && goesDownFirst(source, size))
      ? downFirst('i32', source, window, across, down!)
      : acrossFirst('i32', source, window, across, down);
  });
}

/**
 * Source positions along one side, as Pillow's affine scaling finds them: a float64 running sum,
 * truncated; -1 where it runs past the end (Pillow leaves such pixels 0).
 */
function nearestPositions(from: number, to: number, start: number, count: number): Int32Array {
  const step = from / to;
  const positions = new Int32Array(count);
  let at = step * 0.5;
  for (let i = 0; i < start + count; i++) {
    if (i >= start) positions[i - start] = at < from ? Math.trunc(at) : -1;
    at += step;
  }
  return positions;
}

/** Pillow 13's `Image.resize` with NEAREST (src/libImaging/Geometry.c, ImagingScaleAffine). */
function nearest(source: RgbImage, size: Size, window: Box): Uint8Array {
  const { width, height } = window;
  // Positions that run past the end come last: their pixels stay 0.
  const inside = (position: number) => position >= 0;
  const columns = nearestPositions(source.width, size.width, window.left, width).filter(inside);
  const rows = nearestPositions(source.height, size.height, window.top, height).filter(inside);
  const stride = width * 3;
  const { bytes, addresses } = kernel.reserve(columns.length * 4, source.width * 3, height * stride);
  const [offsets, copy, target] = addresses;
  new Int32Array(bytes.buffer, offsets, columns.length).set(columns.map((column) => column * 3));
  if (columns.length < width || rows.length < height) bytes.fill(0, target, target + height * stride);
  rows.forEach((row, y) => {
    bytes.set(source.data.subarray(row * source.width * 3, (row + 1) * source.width * 3), copy);
    kernel.call.gather(copy, offsets, columns.length, target + y * stride);
  });
  return bytes.slice(target, target + height * stride);
}

/** Pillow's resamplers by its names for them. */
export const pillow = {
  nearest: resampler('pillow-nearest', 'uint8', nearest),
  box: convolution('box'),
  bilinear: convolution('bilinear'),
  hamming: convolution('hamming'),
  bicubic: convolution('bicubic'),
  lanczos: convolution('lanczos'),
} as const satisfies Record<string, Resampler>;
