import type { Box, RgbImage, Size } from '../recipe.js';
import { axesOf, type AxisMaker } from './axis.js';
import { atCorners, neighboursAt, type Neighbours } from './neighbours.js';
import { resampler, type Resampler } from './resampler.js';

const f32 = Math.fround;

const neighbours: AxisMaker<Neighbours> = (...axis) => neighboursAt(atCorners, ...axis);

/** Four products of a pixel and two shares, each operation rounded to float32, added in TFLite's order. */
function resize(source: RgbImage, size: Size, window: Box): Float32Array {
  const { width, height } = window;
  const bytes = source.data;
  const [columns, rows] = axesOf(neighbours, neighbours, source, size, window);
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

/**
 * TFLite's reference ResizeBilinear without align_corners and half_pixel_centers
 * (tensorflow/lite/kernels/internal/reference/resize_bilinear.h), as its image evaluation tools resize. `bytes` cuts the
 * fraction off, as those tools hand floats to a uint8 input. Met for builds that don't fuse multiply and add (x86-64).
 */
export const tflite = {
  bilinear: resampler('tflite-bilinear', 'float32', resize),
  bytes: resampler('tflite-bilinear', 'uint8', (...axes) => Uint8Array.from(resize(...axes))),
} as const satisfies Record<string, Resampler>;
