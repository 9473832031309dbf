/**
 * Kernels of OpenCV's 8-bit resize (linear, cubic, and area by a whole factor). Memory is laid out by the
 * host (src/resample/opencv.ts). Rows are packed RGB; each buffer has 16 bytes of slack behind it.
 */

import { twoPixels } from './shared/memory';

export { heapBase } from './shared/memory';

/** Two pixels' sums >> 4 as six 16-bit lanes, and two lanes more. */
// @ts-ignore: decorator
@inline
function twoSums(at: usize, weights: v128, nextAt: usize, nextWeights: v128): v128 {
  const sums = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.dot_i16x8_s(twoPixels(at), weights), 4),
    i32x4.shr_s(i32x4.dot_i16x8_s(twoPixels(nextAt), nextWeights), 4),
  );
  return i8x16.swizzle(sums, i8x16(0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, -128, -128, -128, -128));
}

/**
 * Rows of RGB bytes to rows of 16-bit sums with 7 fractional bits: (a * w0 + b * w1) >> 4.
 * Table, 8 bytes a pixel: byte offset of a (b follows), w0 and w1 as 16-bit lanes; `count` is even.
 */
export function linearHorizontal(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  target: usize,
  targetStride: usize,
): void {
  const last = rows - 1;
  for (let y = 0; y < rows; y += 4) {
    // Where fewer than four rows are left, the last is done again.
    const y1 = min(y + 1, last);
    const y2 = min(y + 2, last);
    const y3 = min(y + 3, last);
    const s0 = source + <usize>y * stride;
    const s1 = source + <usize>y1 * stride;
    const s2 = source + <usize>y2 * stride;
    const s3 = source + <usize>y3 * stride;
    let t0 = target + <usize>y * targetStride;
    let t1 = target + <usize>y1 * targetStride;
    let t2 = target + <usize>y2 * targetStride;
    let t3 = target + <usize>y3 * targetStride;
    let entry = table;
    for (let x = 0; x < count; x += 2) {
      const at = <usize>load<u32>(entry);
      const weights = v128.load32_splat(entry, 4);
      const nextAt = <usize>load<u32>(entry, 8);
      const nextWeights = v128.load32_splat(entry, 12);
      v128.store(t0, twoSums(s0 + at, weights, s0 + nextAt, nextWeights));
      v128.store(t1, twoSums(s1 + at, weights, s1 + nextAt, nextWeights));
      v128.store(t2, twoSums(s2 + at, weights, s2 + nextAt, nextWeights));
      v128.store(t3, twoSums(s3 + at, weights, s3 + nextAt, nextWeights));
      t0 += 12;
      t1 += 12;
      t2 += 12;
      t3 += 12;
      entry += 16;
    }
  }
}

/** (a * w) >> 16 of eight 16-bit lanes, neither negative: products of the even lanes, then of the odd ones. */
// @ts-ignore: decorator
@inline
function high(a: v128, even: v128, odd: v128): v128 {
  return v128.or(
    i32x4.shr_u(i32x4.dot_i16x8_s(a, even), 16),
    v128.and(i32x4.dot_i16x8_s(a, odd), i32x4.splat(0xffff0000)),
  );
}

/** (((w0 * a) >> 16) + ((w1 * b) >> 16) + 2) >> 2 of eight lanes. */
// @ts-ignore: decorator
@inline
function blend(a: usize, b: usize, even0: v128, odd0: v128, even1: v128, odd1: v128): v128 {
  const sum = i16x8.add(high(v128.load(a), even0, odd0), high(v128.load(b), even1, odd1));
  return i16x8.shr_s(i16x8.add(sum, i16x8.splat(2)), 2);
}

/**
 * Rows of 16-bit sums to bytes, written without gaps.
 * Table, 12 bytes a row: byte offsets of the two rows of sums, w0 and w1 as 16-bit lanes.
 */
export function linearVertical(source: usize, width: i32, table: usize, count: i32, target: usize): void {
  for (let y = 0; y < count; y++) {
    let a = source + <usize>load<u32>(table);
    let b = source + <usize>load<u32>(table, 4);
    const w0: i32 = load<u16>(table, 8);
    const w1: i32 = load<u16>(table, 10);
    const even0 = i32x4.splat(w0);
    const odd0 = i32x4.splat(w0 << 16);
    const even1 = i32x4.splat(w1);
    const odd1 = i32x4.splat(w1 << 16);
    for (let x = 0; x < width; x += 16) {
      const first = blend(a, b, even0, odd0, even1, odd1);
      const second = blend(a + 16, b + 16, even0, odd0, even1, odd1);
      v128.store(target + <usize>x, i8x16.narrow_i16x8_u(first, second));
      a += 32;
      b += 32;
    }
    target += <usize>width;
    table += 12;
  }
}

/**
 * Rows of RGB bytes to rows of float32 sums with 11 fractional bits (integers, held exactly).
 * Table, 12 bytes a pixel: byte offset of the first of four taps, their weights as 16-bit lanes.
 */
export function cubicHorizontal(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  target: usize,
  targetStride: usize,
): void {
  const last = rows - 1;
  for (let y = 0; y < rows; y += 2) {
    const y1 = min(y + 1, last);
    const s0 = source + <usize>y * stride;
    const s1 = source + <usize>y1 * stride;
    let t0 = target + <usize>y * targetStride;
    let t1 = target + <usize>y1 * targetStride;
    let entry = table;
    for (let x = 0; x < count; x++) {
      const at = <usize>load<u32>(entry);
      const w01 = v128.load32_splat(entry, 4);
      const w23 = v128.load32_splat(entry, 8);
      const a = i32x4.add(
        i32x4.dot_i16x8_s(twoPixels(s0 + at), w01),
        i32x4.dot_i16x8_s(twoPixels(s0 + at + 6), w23),
      );
      v128.store(t0, f32x4.convert_i32x4_s(a));
      const b = i32x4.add(
        i32x4.dot_i16x8_s(twoPixels(s1 + at), w01),
        i32x4.dot_i16x8_s(twoPixels(s1 + at + 6), w23),
      );
      v128.store(t1, f32x4.convert_i32x4_s(b));
      t0 += 12;
      t1 += 12;
      entry += 12;
    }
  }
}

/** ((H3 * b3 + H2 * b2) + H1 * b1) + H0 * b0 in float32, rounded to integers, of four lanes. */
function cubicBlend(a: usize, b: usize, c: usize, d: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  let sum = f32x4.mul(v128.load(d), w3);
  sum = f32x4.add(f32x4.mul(v128.load(c), w2), sum);
  sum = f32x4.add(f32x4.mul(v128.load(b), w1), sum);
  sum = f32x4.add(f32x4.mul(v128.load(a), w0), sum);
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(sum));
}

/**
 * Rows of sums to bytes, written without gaps: `vector` values of each row in float32, the rest of its
 * `width` values in integers, as OpenCV's vector loop and its tail have it.
 * Table, 48 bytes a row: byte offsets of four rows, four integer weights, the weights * 2^-22 as float32.
 */
export function cubicVertical(
  source: usize,
  width: i32,
  vector: i32,
  table: usize,
  count: i32,
  target: usize,
): void {
  for (let y = 0; y < count; y++) {
    const a = source + <usize>load<u32>(table);
    const b = source + <usize>load<u32>(table, 4);
    const c = source + <usize>load<u32>(table, 8);
    const d = source + <usize>load<u32>(table, 12);
    const w0 = v128.load32_splat(table, 32);
    const w1 = v128.load32_splat(table, 36);
    const w2 = v128.load32_splat(table, 40);
    const w3 = v128.load32_splat(table, 44);
    for (let x = 0; x < vector; x += 8) {
      const at = (<usize>x) << 2;
      const low = cubicBlend(a + at, b + at, c + at, d + at, w0, w1, w2, w3);
      const top = cubicBlend(a + at + 16, b + at + 16, c + at + 16, d + at + 16, w0, w1, w2, w3);
      const lanes = i16x8.narrow_i32x4_s(low, top);
      v128.store64_lane(target + <usize>x, i8x16.narrow_i16x8_u(lanes, lanes), 0);
    }
    for (let x = vector; x < width; x++) {
      const at = (<usize>x) << 2;
      const sum =
        <i32>load<f32>(a + at) * load<i32>(table, 16) +
        <i32>load<f32>(b + at) * load<i32>(table, 20) +
        <i32>load<f32>(c + at) * load<i32>(table, 24) +
        <i32>load<f32>(d + at) * load<i32>(table, 28);
      store<u8>(target + <usize>x, <u8>max(0, min(255, (sum + (1 << 21)) >> 22)));
    }
    target += <usize>width;
    table += 48;
  }
}

/** Adds `length` bytes to 32-bit column sums, or sets them where `first`. */
function addColumns(row: usize, sums: usize, length: i32, first: bool): void {
  for (let x = 0; x < length; x += 8) {
    const bytes = i16x8.extend_low_i8x16_u(v128.load64_zero(row + <usize>x));
    let low = i32x4.extend_low_i16x8_u(bytes);
    let top = i32x4.extend_high_i16x8_u(bytes);
    const at = sums + ((<usize>x) << 2);
    if (!first) {
      low = i32x4.add(low, v128.load(at));
      top = i32x4.add(top, v128.load(at, 16));
    }
    v128.store(at, low);
    v128.store(at, top, 16);
  }
}

/**
 * Means of blocks of `across` by `down` pixels: 2 by 2 as (sum + 2) >> 2, others as rint(sum * f32(1 / n)).
 * `sums`: room for 32-bit sums of one row's count * across * 3 columns, with slack.
 */
export function areaBlocks(
  source: usize,
  stride: usize,
  across: i32,
  down: i32,
  count: i32,
  rows: i32,
  sums: usize,
  target: usize,
): void {
  const fourth = across == 2 && down == 2;
  const share: f32 = <f32>1 / <f32>(across * down);
  for (let y = 0; y < rows; y++) {
    for (let i = 0; i < down; i++) {
      addColumns(source + <usize>(y * down + i) * stride, sums, count * across * 3, i == 0);
    }
    for (let x = 0; x < count; x++) {
      let at = sums + <usize>(x * across * 12);
      let sum = v128.load(at);
      for (let i = 1; i < across; i++) {
        at += 12;
        sum = i32x4.add(sum, v128.load(at));
      }
      const mean = fourth
        ? i32x4.shr_s(i32x4.add(sum, i32x4.splat(2)), 2)
        : i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(f32x4.convert_i32x4_s(sum), f32x4.splat(share))));
      const lanes = i16x8.narrow_i32x4_s(mean, mean);
      v128.store32_lane(target, i8x16.narrow_i16x8_u(lanes, lanes), 0);
      target += 3;
    }
  }
}
