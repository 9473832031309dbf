import type { PixelBlock, Size, Box } from '../recipe.js';
import type { Resampler } from './resampler.js';
import { assertInside, bytesOf, cut, sameSize } from './window.js';

const f32 = Math.fround;

/** Two neighbours for each output and the share of the second, all in float32: pixel centres at their corner. */
interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly shares: Float32Array;
}

function tapsOf(from: number, to: number, start: number, count: number): Taps {
  const scale = f32(from / to);
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const shares = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = f32((start + i) * scale);
    first[i] = Math.max(Math.floor(at), 0);
    second[i] = Math.min(Math.ceil(at), from - 1);
    shares[i] = at - first[i]!;
  }
  return { first, second, shares };
}

/** Four products of a pixel and two shares, each operation rounded to float32, added in TFLite's order. */
function resize(bytes: Uint8Array, source: Size, size: Size, window: Box): Float32Array {
  const { width, height } = window;
  const columns = tapsOf(source.width, size.width, window.left, width);
  const rows = tapsOf(source.height, size.height, window.top, height);
  const data = new Float32Array(width * height * 3);
  let out = 0;
  for (let y = 0; y < height; y++) {
    const dy = rows.shares[y]!;
    const ey = f32(1 - dy);
    const upper = rows.first[y]! * source.width;
    const lower = rows.second[y]! * source.width;
    for (let x = 0; x < width; x++) {
      const dx = columns.shares[x]!;
      const ex = f32(1 - dx);
      const left = columns.first[x]!;
      const right = columns.second[x]!;
      const a = (upper + left) * 3;
      const b = (lower + left) * 3;
      const c = (upper + right) * 3;
      const d = (lower + right) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const sum = f32(f32(f32(bytes[a + channel]! * ey) * ex) + f32(f32(bytes[b + channel]! * dy) * ex));
        const more = f32(sum + f32(f32(bytes[c + channel]! * ey) * dx));
        data[out++] = f32(more + f32(f32(bytes[d + channel]! * dy) * dx));
      }
    }
  }
  return data;
}

function floats(source: PixelBlock, size: Size, window: Box): Float32Array {
  assertInside(window, size);
  const bytes = bytesOf(source, 'tflite-bilinear');
  if (sameSize(source, size)) return Float32Array.from(cut(source, window).data);
  return resize(bytes, source, size, window);
}

/**
 * TFLite's reference ResizeBilinear without align_corners and half_pixel_centers
 * (tensorflow/lite/kernels/internal/reference/resize_bilinear.h), as its image evaluation tools resize. `bytes` cuts the
 * fraction off, as those tools hand floats to a uint8 input. Met for builds that don't fuse multiply and add (x86-64).
 */
export const tflite = {
  bilinear: {
    output: 'float32',
    resample: (source, size, { left, top, width, height }) => ({
      width,
      height,
      data: floats(source, size, { left, top, width, height }),
    }),
  },
  bytes: {
    output: 'uint8',
    resample: (source, size, { left, top, width, height }) => ({
      width,
      height,
      data: Uint8Array.from(floats(source, size, { left, top, width, height })),
    }),
  },
} as const satisfies Record<string, Resampler>;
