/**
 * The two passes of a separable resize, whatever the library. `Weight` says how taps are added:
 *
 * - f32: each product and each sum rounded to float32, taps ascending, no fused multiply-add.
 * - i16: integers, two taps at once.
 * - i32: the same with weights too wide for 16-bit products, k = high * 2^15 + low with 0 <= low < 2^15: two dot
 *   products of 16-bit lanes give the exact sum modulo 2^32.
 *
 * `Source` and `Target` are what is read and written, u8 or f32. A result of integers has `shift` fractional bits, which
 * are rounded off (for f32 it is 0); bytes are clipped to 0..255, those of floats rounded half to even.
 *
 * A table holds one entry for each output pixel (or row): the byte offset of its first source pixel (or row), then the
 * weights. Integer ones come in pairs of 16-bit lanes, of i32 first the two low halves, then the two high ones. All
 * entries have the same number of taps; those that an output does not need are 0, which changes no sum.
 */
import { pixel, twoPixels } from './memory';

/** What each sum begins with: half of the last bit that stays. */
function half(shift: i32): v128 {
  return i32x4.splat((1 << shift) >> 1);
}

function add<Weight>(sum: v128, values: v128, weight: v128): v128 {
  if (isFloat<Weight>()) return f32x4.add(sum, f32x4.mul(values, weight));
  return i32x4.add(sum, i32x4.dot_i16x8_s(values, weight));
}

/** Whether weights are wider than a lane. */
function isWide<Weight>(): bool {
  return isInteger<Weight>() && sizeof<Weight>() == 4;
}

/** The high halves of wide weights. */
function highWeight<Weight>(entry: usize): v128 {
  return isWide<Weight>() ? v128.load32_splat(entry, 4) : i32x4.splat(0);
}

function addHigh<Weight>(sum: v128, values: v128, weight: v128): v128 {
  return isWide<Weight>() ? add<Weight>(sum, values, weight) : sum;
}

/** A sum as integers, or as floats. */
function total<Weight, Target>(sum: v128, high: v128, shift: i32): v128 {
  if (isFloat<Weight>()) return isFloat<Target>() ? sum : i32x4.trunc_sat_f32x4_s(f32x4.nearest(sum));
  const whole = isWide<Weight>() ? i32x4.add(i32x4.shl(high, 15), sum) : sum;
  const result = i32x4.shr_s(whole, shift);
  return isFloat<Target>() ? f32x4.convert_i32x4_s(result) : result;
}

/** From one tap, or pair of taps, to the next in an entry. */
function weightBytes<Weight>(): usize {
  return isFloat<Weight>() ? 4 : 2 * sizeof<Weight>();
}

/** Taps that are added at once. */
function step<Weight>(): i32 {
  return isFloat<Weight>() ? 1 : 2;
}

function toBytes(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/** The pixel at a tap, or the two at a pair of taps. */
function pixels<Weight, Source>(at: usize): v128 {
  if (isFloat<Source>()) return v128.load(at);
  return isFloat<Weight>() ? pixel(at) : twoPixels(at);
}

/** The sum of one tap of floats: what starts with it needs no 0 to start from. */
function firstTap<Weight, Source>(at: usize, entry: usize): v128 {
  return f32x4.mul(pixels<Weight, Source>(at), v128.load32_splat(entry));
}

/**
 * Horizontal pass over `rows` rows: `count` pixels of each. Reads up to a vector past a row's last tap; writes a value
 * past each target row.
 */
export function alongRows<Weight, Source, Target>(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  taps: i32,
  target: usize,
  targetStride: usize,
  shift: i32,
): void {
  const start = half(shift);
  const zero = i32x4.splat(0);
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
    for (let x = 0; x < count; x++) {
      let at = <usize>load<u32>(entry);
      entry += 4;
      let a = isFloat<Weight>() ? firstTap<Weight, Source>(s0 + at, entry) : start;
      let b = isFloat<Weight>() ? firstTap<Weight, Source>(s1 + at, entry) : start;
      let c = isFloat<Weight>() ? firstTap<Weight, Source>(s2 + at, entry) : start;
      let d = isFloat<Weight>() ? firstTap<Weight, Source>(s3 + at, entry) : start;
      let highA = zero;
      let highB = highA;
      let highC = highA;
      let highD = highA;
      let tap = 0;
      if (isFloat<Weight>()) {
        at += 3 * sizeof<Source>();
        entry += 4;
        tap = 1;
      }
      for (; tap < taps; tap += step<Weight>()) {
        const weight = v128.load32_splat(entry);
        const high = highWeight<Weight>(entry);
        const p = pixels<Weight, Source>(s0 + at);
        a = add<Weight>(a, p, weight);
        highA = addHigh<Weight>(highA, p, high);
        const q = pixels<Weight, Source>(s1 + at);
        b = add<Weight>(b, q, weight);
        highB = addHigh<Weight>(highB, q, high);
        const r = pixels<Weight, Source>(s2 + at);
        c = add<Weight>(c, r, weight);
        highC = addHigh<Weight>(highC, r, high);
        const s = pixels<Weight, Source>(s3 + at);
        d = add<Weight>(d, s, weight);
        highD = addHigh<Weight>(highD, s, high);
        at += <usize>step<Weight>() * 3 * sizeof<Source>();
        entry += weightBytes<Weight>();
      }
      a = total<Weight, Target>(a, highA, shift);
      b = total<Weight, Target>(b, highB, shift);
      c = total<Weight, Target>(c, highC, shift);
      d = total<Weight, Target>(d, highD, shift);
      if (isFloat<Target>()) {
        v128.store(t0, a);
        v128.store(t1, b);
        v128.store(t2, c);
        v128.store(t3, d);
      } else {
        const bytes = toBytes(a, b, c, d);
        v128.store32_lane(t0, bytes, 0);
        v128.store32_lane(t1, bytes, 1);
        v128.store32_lane(t2, bytes, 2);
        v128.store32_lane(t3, bytes, 3);
      }
      t0 += 3 * sizeof<Target>();
      t1 += 3 * sizeof<Target>();
      t2 += 3 * sizeof<Target>();
      t3 += 3 * sizeof<Target>();
    }
  }
}

/** The lower half of 16 bytes as 16-bit lanes, or of eight 16-bit lanes as floats. */
function lowHalf<Weight>(values: v128): v128 {
  if (isInteger<Weight>()) return i16x8.extend_low_i8x16_u(values);
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(values));
}

function highHalf<Weight>(values: v128): v128 {
  if (isInteger<Weight>()) return i16x8.extend_high_i8x16_u(values);
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(values));
}

/** Vertical pass: `count` rows of `width` values. Reads and writes whole sixteens of values. */
export function alongColumns<Weight, Source, Target>(
  source: usize,
  stride: usize,
  width: i32,
  table: usize,
  count: i32,
  taps: i32,
  target: usize,
  targetStride: usize,
  shift: i32,
): void {
  const start = half(shift);
  const zero = i32x4.splat(0);
  for (let y = 0; y < count; y++) {
    const first = source + <usize>load<u32>(table);
    let entry = table;
    for (let x = 0; x < width; x += 16) {
      let at = first + <usize>x * sizeof<Source>();
      entry = table + 4;
      let a = isFloat<Source>() ? firstTap<Weight, Source>(at, entry) : start;
      let b = isFloat<Source>() ? firstTap<Weight, Source>(at + 16, entry) : start;
      let c = isFloat<Source>() ? firstTap<Weight, Source>(at + 32, entry) : start;
      let d = isFloat<Source>() ? firstTap<Weight, Source>(at + 48, entry) : start;
      let highA = zero;
      let highB = highA;
      let highC = highA;
      let highD = highA;
      let tap = 0;
      if (isFloat<Source>()) {
        at += stride;
        entry += 4;
        tap = 1;
      }
      for (; tap < taps; tap += step<Weight>()) {
        const weight = v128.load32_splat(entry);
        const high = highWeight<Weight>(entry);
        const row = v128.load(at);
        // The values of two rows by turns, or a row's alone; left and right half.
        let left = row;
        let right = row;
        if (isInteger<Weight>()) {
          const next = v128.load(at + stride);
          left = i8x16.shuffle(row, next, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
          right = i8x16.shuffle(row, next, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        } else if (isInteger<Source>()) {
          left = i16x8.extend_low_i8x16_u(row);
          right = i16x8.extend_high_i8x16_u(row);
        }
        const p = isFloat<Source>() ? row : lowHalf<Weight>(left);
        a = add<Weight>(a, p, weight);
        highA = addHigh<Weight>(highA, p, high);
        const q = isFloat<Source>() ? v128.load(at, 16) : highHalf<Weight>(left);
        b = add<Weight>(b, q, weight);
        highB = addHigh<Weight>(highB, q, high);
        const r = isFloat<Source>() ? v128.load(at, 32) : lowHalf<Weight>(right);
        c = add<Weight>(c, r, weight);
        highC = addHigh<Weight>(highC, r, high);
        const s = isFloat<Source>() ? v128.load(at, 48) : highHalf<Weight>(right);
        d = add<Weight>(d, s, weight);
        highD = addHigh<Weight>(highD, s, high);
        at += <usize>step<Weight>() * stride;
        entry += weightBytes<Weight>();
      }
      a = total<Weight, Target>(a, highA, shift);
      b = total<Weight, Target>(b, highB, shift);
      c = total<Weight, Target>(c, highC, shift);
      d = total<Weight, Target>(d, highD, shift);
      const to = target + <usize>x * sizeof<Target>();
      if (isFloat<Target>()) {
        v128.store(to, a);
        v128.store(to, b, 16);
        v128.store(to, c, 32);
        v128.store(to, d, 48);
      } else {
        v128.store(to, toBytes(a, b, c, d));
      }
    }
    target += targetStride;
    table = entry;
  }
}
