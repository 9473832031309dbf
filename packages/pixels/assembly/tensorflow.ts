/**
 * Kernels of TensorFlow's bilinear resize without antialiasing, all in float32 with each operation rounded.
 * Memory is laid out by the host (src/resample/tensorflow.ts).
 *
 * Horizontal table, 12 bytes a pixel: byte offsets of the left and the right source pixel, and the float32
 * share of the right one. Vertical table, 12 bytes a row: byte offsets of the upper and the lower row of
 * horizontal results, and the share of the lower one.
 */

import { pixel } from './shared/memory';

export { heapBase } from './shared/memory';

/** a + (b - a) * t */
function mix(a: v128, b: v128, t: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), t));
}

/** Rows of RGB bytes, each times `share` first, to rows of `count` RGB float32 pixels; writes 4 bytes past each target row. */
export function horizontal(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  target: usize,
  targetStride: usize,
  share: f32,
): void {
  const shares = f32x4.splat(share);
  for (let y = 0; y < rows; y++) {
    let at = target;
    let entry = table;
    for (let x = 0; x < count; x++) {
      const left = f32x4.mul(pixel(source + <usize>load<u32>(entry)), shares);
      const right = f32x4.mul(pixel(source + <usize>load<u32>(entry, 4)), shares);
      v128.store(at, mix(left, right, v128.load32_splat(entry, 8)));
      at += 12;
      entry += 12;
    }
    source += stride;
    target += targetStride;
  }
}

/** Rows of `width` float32 values to `count` such rows, written without gaps; writes up to 12 bytes past the end. */
export function vertical(source: usize, width: i32, table: usize, count: i32, target: usize): void {
  for (let y = 0; y < count; y++) {
    const upper = source + <usize>load<u32>(table);
    const lower = source + <usize>load<u32>(table, 4);
    const share = v128.load32_splat(table, 8);
    for (let x = 0; x < width; x += 4) {
      const at = (<usize>x) << 2;
      v128.store(target + at, mix(v128.load(upper + at), v128.load(lower + at), share));
    }
    target += (<usize>width) << 2;
    table += 12;
  }
}
