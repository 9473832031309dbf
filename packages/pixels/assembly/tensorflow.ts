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
    i8x16.swizzle(
      v128.load32_zero(at),
      i8x16(0, -128, -128, -128, 1, -128, -128, -128, 2, -128, -128, -128, 3, -128, -128, -128),
    ),
  );
}

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

/**
 * Antialiased, first pass: rows of `width` bytes to `count` rows of float32 sums over `taps` rows each.
 * Table: byte offset of the first row, then float32 weights. Reads and writes up to a vector past a row.
 */
export function gatherRows(
  source: usize,
  stride: usize,
  width: i32,
  table: usize,
  count: i32,
  taps: i32,
  target: usize,
  targetStride: usize,
): void {
  const zero = f32x4.splat(0);
  for (let y = 0; y < count; y++) {
    const row = source + <usize>load<u32>(table);
    for (let x = 0; x < width; x += 8) {
      let at = row + <usize>x;
      let entry = table + 4;
      let a = zero;
      let b = zero;
      for (let tap = 0; tap < taps; tap++) {
        const weight = v128.load32_splat(entry);
        const values = i16x8.extend_low_i8x16_u(v128.load64_zero(at));
        a = f32x4.add(a, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(values)), weight));
        b = f32x4.add(b, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(values)), weight));
        at += stride;
        entry += 4;
      }
      const to = target + ((<usize>x) << 2);
      v128.store(to, a);
      v128.store(to, b, 16);
    }
    target += targetStride;
    table += <usize>(4 + taps * 4);
  }
}

/** Antialiased, second pass: rows of RGB float32 pixels to rows of `count` such pixels, without gaps. Table as above, by columns. */
export function gatherColumns(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  taps: i32,
  target: usize,
): void {
  const zero = f32x4.splat(0);
  const last = rows - 1;
  const targetStride = <usize>(count * 12);
  for (let y = 0; y < rows; y += 2) {
    const y1 = min(y + 1, last);
    const s0 = source + <usize>y * stride;
    const s1 = source + <usize>y1 * stride;
    let t0 = target + <usize>y * targetStride;
    let t1 = target + <usize>y1 * targetStride;
    const t1First = t1;
    let head: v128 = zero;
    let entry = table;
    for (let x = 0; x < count; x++) {
      let at = <usize>load<u32>(entry);
      entry += 4;
      let a = zero;
      let b = zero;
      for (let tap = 0; tap < taps; tap++) {
        const weight = v128.load32_splat(entry);
        a = f32x4.add(a, f32x4.mul(v128.load(s0 + at), weight));
        b = f32x4.add(b, f32x4.mul(v128.load(s1 + at), weight));
        at += 12;
        entry += 4;
      }
      if (x == 0) head = b;
      v128.store(t0, a);
      v128.store(t1, b);
      t0 += 12;
      t1 += 12;
    }
    // The first row's last store ran into the second row's first value.
    v128.store32_lane(t1First, head, 0);
  }
}
