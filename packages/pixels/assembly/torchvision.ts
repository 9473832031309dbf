/**
 * Kernels of torchvision's native uint8 resize: Pillow's scheme with weights of 16 bits, so that one dot
 * product of 16-bit lanes does where Pillow's 22 fractional bits take two. Memory is laid out by the host
 * (src/image/resample/torchvision.ts).
 *
 * A table holds one entry for each output pixel (or row): the byte offset of its first source pixel (or
 * row), then for each pair of taps their weights as 16-bit lanes, filled up with zeros.
 */

/** Where buffers may start. */
export function heapBase(): usize {
  return __heap_base;
}

/** Four signed 32-bit vectors, shifted, to bytes, clipped to 0..255. */
function clip(a: v128, b: v128, c: v128, d: v128, shift: i32): v128 {
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_s(i32x4.shr_s(a, shift), i32x4.shr_s(b, shift)),
    i16x8.narrow_i32x4_s(i32x4.shr_s(c, shift), i32x4.shr_s(d, shift)),
  );
}

/** The RGB bytes of two neighbouring pixels as 16-bit lanes R R' G G' B B' 0 0. */
function twoPixels(at: usize): v128 {
  return i8x16.swizzle(
    v128.load64_zero(at),
    i8x16(0, -128, 3, -128, 1, -128, 4, -128, 2, -128, 5, -128, -128, -128, -128, -128),
  );
}

/** Horizontal pass over `rows` rows of RGB bytes: `count` pixels of each, rounded to bytes; writes one byte past each target row. */
export function horizontal(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  pairs: i32,
  shift: i32,
  target: usize,
  targetStride: usize,
): void {
  const half = i32x4.splat(1 << (shift - 1));
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
      let a = half;
      let b = half;
      let c = half;
      let d = half;
      for (let pair = 0; pair < pairs; pair++) {
        const weights = v128.load32_splat(entry);
        a = i32x4.add(a, i32x4.dot_i16x8_s(twoPixels(s0 + at), weights));
        b = i32x4.add(b, i32x4.dot_i16x8_s(twoPixels(s1 + at), weights));
        c = i32x4.add(c, i32x4.dot_i16x8_s(twoPixels(s2 + at), weights));
        d = i32x4.add(d, i32x4.dot_i16x8_s(twoPixels(s3 + at), weights));
        at += 6;
        entry += 4;
      }
      const bytes = clip(a, b, c, d, shift);
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

/** Vertical pass: `count` rows of `width` bytes, written without gaps; writes up to 15 bytes past the end. */
export function vertical(
  source: usize,
  stride: usize,
  width: i32,
  table: usize,
  count: i32,
  pairs: i32,
  shift: i32,
  target: usize,
): void {
  const half = i32x4.splat(1 << (shift - 1));
  for (let y = 0; y < count; y++) {
    const row = source + <usize>load<u32>(table);
    for (let x = 0; x < width; x += 16) {
      let at = row + <usize>x;
      let entry = table + 4;
      let a = half;
      let b = half;
      let c = half;
      let d = half;
      for (let pair = 0; pair < pairs; pair++) {
        const weights = v128.load32_splat(entry);
        const upper = v128.load(at);
        const lower = v128.load(at + stride);
        const low = i8x16.shuffle(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(low), weights));
        b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(low), weights));
        const high = i8x16.shuffle(
          upper,
          lower,
          8,
          24,
          9,
          25,
          10,
          26,
          11,
          27,
          12,
          28,
          13,
          29,
          14,
          30,
          15,
          31,
        );
        c = i32x4.add(c, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(high), weights));
        d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(high), weights));
        at += stride << 1;
        entry += 4;
      }
      v128.store(target + <usize>x, clip(a, b, c, d, shift));
    }
    target += <usize>width;
    table += <usize>(4 + pairs * 4);
  }
}
