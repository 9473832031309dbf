/**
 * Kernels of Pillow's 8-bit resampler. Memory is laid out by the host (src/image/resample/pillow.ts).
 *
 * A weight k is an integer of 22 fractional bits, too wide for 16-bit products. It is split as
 * k = high * 2^15 + low with 0 <= low < 2^15, so two dot products of 16-bit lanes give the exact sum:
 * all of it is integer arithmetic modulo 2^32, as Pillow's own.
 *
 * A table holds one entry for each output pixel (or row): the byte offset of its first source pixel (or
 * row), then for each pair of taps the two low halves and the two high halves as 16-bit lanes. Taps are
 * filled up with zero weights to a whole number of pairs, the same for all entries.
 */

/** Where buffers may start. */
export function heapBase(): usize {
  return __heap_base;
}

const HALF: i32 = 1 << 21;

/** 8.22 fixed-point sums to integers: (high * 2^15 + low) >> 22, the rounding half being in `low`. */
function settle(low: v128, high: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.shl(high, 15), low), 22);
}

/** Four signed 32-bit vectors to bytes, clipped to 0..255. */
function clip(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/** The RGB bytes of two neighbouring pixels as 16-bit lanes R R' G G' B B' 0 0. */
function twoPixels(at: usize): v128 {
  return i8x16.swizzle(
    v128.load64_zero(at),
    i8x16(0, -128, 3, -128, 1, -128, 4, -128, 2, -128, 5, -128, -128, -128, -128, -128),
  );
}

/**
 * Horizontal pass over `rows` rows of RGB bytes: `count` pixels of each.
 * Reads up to 8 bytes past a row's last tap, writes one byte past each target row.
 */
export function horizontal(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  pairs: i32,
  target: usize,
  targetStride: usize,
): void {
  const half = i32x4.splat(HALF);
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
      let offset = <usize>load<u32>(entry);
      entry += 4;
      let low0 = half;
      let low1 = half;
      let low2 = half;
      let low3 = half;
      let high0 = zero;
      let high1 = zero;
      let high2 = zero;
      let high3 = zero;
      for (let pair = 0; pair < pairs; pair++) {
        const low = v128.load32_splat(entry, 0);
        const high = v128.load32_splat(entry, 4);
        const p0 = twoPixels(s0 + offset);
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(p0, low));
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(p0, high));
        const p1 = twoPixels(s1 + offset);
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(p1, low));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(p1, high));
        const p2 = twoPixels(s2 + offset);
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(p2, low));
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(p2, high));
        const p3 = twoPixels(s3 + offset);
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(p3, low));
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(p3, high));
        offset += 6;
        entry += 8;
      }
      const bytes = clip(settle(low0, high0), settle(low1, high1), settle(low2, high2), settle(low3, high3));
      v128.store32_lane(t0, bytes, 0);
      v128.store32_lane(t1, bytes, 1);
      v128.store32_lane(t2, bytes, 2);
      v128.store32_lane(t3, bytes, 3);
      t0 += 3;
      t1 += 3;
      t2 += 3;
      t3 += 3;
    }
  }
}

/**
 * Vertical pass: `count` rows of `width` bytes, written without gaps.
 * `stride` is at least `width` rounded up to 16; writes up to 15 bytes past the end.
 */
export function vertical(
  source: usize,
  stride: usize,
  width: i32,
  table: usize,
  count: i32,
  pairs: i32,
  target: usize,
): void {
  const half = i32x4.splat(HALF);
  const zero = i32x4.splat(0);
  const entrySize = <usize>(4 + pairs * 8);
  for (let y = 0; y < count; y++) {
    const row = source + <usize>load<u32>(table);
    for (let x = 0; x < width; x += 16) {
      let at = row + <usize>x;
      let entry = table + 4;
      let low0 = half;
      let low1 = half;
      let low2 = half;
      let low3 = half;
      let high0 = zero;
      let high1 = zero;
      let high2 = zero;
      let high3 = zero;
      for (let pair = 0; pair < pairs; pair++) {
        const low = v128.load32_splat(entry, 0);
        const high = v128.load32_splat(entry, 4);
        const a = v128.load(at);
        const b = v128.load(at + stride);
        const ab = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const p0 = i16x8.extend_low_i8x16_u(ab);
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(p0, low));
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(p0, high));
        const p1 = i16x8.extend_high_i8x16_u(ab);
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(p1, low));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(p1, high));
        const cd = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        const p2 = i16x8.extend_low_i8x16_u(cd);
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(p2, low));
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(p2, high));
        const p3 = i16x8.extend_high_i8x16_u(cd);
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(p3, low));
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(p3, high));
        at += stride << 1;
        entry += 8;
      }
      v128.store(
        target + <usize>x,
        clip(settle(low0, high0), settle(low1, high1), settle(low2, high2), settle(low3, high3)),
      );
    }
    target += <usize>width;
    table += entrySize;
  }
}

/**
 * The pixels of a row at `count` offsets in bytes, one after the other. Reads one byte past a pixel; leaves the byte
 * behind the last as 0.
 */
export function gather(source: usize, offsets: usize, count: i32, target: usize): void {
  for (let at = offsets, end = offsets + (<usize>count << 2); at < end; at += 4) {
    store<u32>(target, load<u32>(source + <usize>load<i32>(at)));
    target += 3;
  }
  store<u8>(target, 0);
}
