/**
 * Kernels of TensorFlow's bilinear resize without antialiasing, all in float32 with each operation rounded.
 * Memory is laid out by the host (src/image/resample/tensorflow.ts).
 *
 * Horizontal table, 12 bytes a pixel: byte offsets of the left and the right source pixel, and the float32
 * share of the right one. Vertical table, 12 bytes a row: byte offsets of the upper and the lower row of
 * horizontal results, and the share of the lower one.
 */

/** Where buffers may start. */
export function heapBase(): usize {
  return __heap_base;
}

/** The RGB bytes of a pixel, and one more, as float32. */
function pixel(at: usize): v128 {
  return f32x4.convert_i32x4_s(
    i8x16.swizzle(v128.load32_zero(at), i8x16(0, -128, -128, -128, 1, -128, -128, -128, 2, -128, -128, -128, 3, -128, -128, -128)),
  );
}

/** a + (b - a) * t */
function mix(a: v128, b: v128, t: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), t));
}

/** Rows of RGB bytes to rows of `count` RGB float32 pixels; writes 4 bytes past each target row. */
export function horizontalBytes(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  target: usize,
  targetStride: usize,
): void {
  for (let y = 0; y < rows; y++) {
    let at = target;
    let entry = table;
    for (let x = 0; x < count; x++) {
      const left = pixel(source + <usize>load<u32>(entry));
      const right = pixel(source + <usize>load<u32>(entry, 4));
      v128.store(at, mix(left, right, v128.load32_splat(entry, 8)));
      at += 12;
      entry += 12;
    }
    source += stride;
    target += targetStride;
  }
}

/** The same from rows of RGB float32 pixels. */
export function horizontalFloats(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  target: usize,
  targetStride: usize,
): void {
  for (let y = 0; y < rows; y++) {
    let at = target;
    let entry = table;
    for (let x = 0; x < count; x++) {
      const left = v128.load(source + <usize>load<u32>(entry));
      const right = v128.load(source + <usize>load<u32>(entry, 4));
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
      const at = <usize>x << 2;
      v128.store(target + at, mix(v128.load(upper + at), v128.load(lower + at), share));
    }
    target += <usize>width << 2;
    table += 12;
  }
}
