/**
 * A separable convolution in float32 with bytes at both ends: what OpenCV's INTER_AREA and torchvision's
 * float path have in common. Each product and each sum is rounded to float32, taps ascending, the
 * horizontal pass first; its result stays float32. No fused multiply-add.
 *
 * A table holds one entry for each output pixel (or row): the byte offset of its first tap, then `taps`
 * float32 weights; those that an output does not need are 0, which changes no sum.
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

/** Rows of RGB bytes to rows of `count` RGB float32 pixels; writes 4 bytes past each target row. */
export function horizontal(
  source: usize,
  stride: usize,
  rows: i32,
  table: usize,
  count: i32,
  taps: i32,
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
    for (let x = 0; x < count; x++) {
      let at = <usize>load<u32>(entry);
      const first = v128.load32_splat(entry, 4);
      entry += 8;
      let a = f32x4.mul(pixel(s0 + at), first);
      let b = f32x4.mul(pixel(s1 + at), first);
      let c = f32x4.mul(pixel(s2 + at), first);
      let d = f32x4.mul(pixel(s3 + at), first);
      for (let tap = 1; tap < taps; tap++) {
        const weight = v128.load32_splat(entry);
        at += 3;
        entry += 4;
        a = f32x4.add(a, f32x4.mul(pixel(s0 + at), weight));
        b = f32x4.add(b, f32x4.mul(pixel(s1 + at), weight));
        c = f32x4.add(c, f32x4.mul(pixel(s2 + at), weight));
        d = f32x4.add(d, f32x4.mul(pixel(s3 + at), weight));
      }
      v128.store(t0, a);
      v128.store(t1, b);
      v128.store(t2, c);
      v128.store(t3, d);
      t0 += 12;
      t1 += 12;
      t2 += 12;
      t3 += 12;
    }
  }
}

/** Rounded half to even. */
function whole(value: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(value));
}

/** Rows of `width` float32 values to `count` rows of bytes, rounded half to even and clipped, written without gaps. */
export function vertical(
  source: usize,
  stride: usize,
  width: i32,
  table: usize,
  count: i32,
  taps: i32,
  target: usize,
): void {
  for (let y = 0; y < count; y++) {
    const row = source + <usize>load<u32>(table);
    for (let x = 0; x < width; x += 16) {
      let at = row + ((<usize>x) << 2);
      let entry = table + 4;
      const first = v128.load32_splat(entry);
      let a = f32x4.mul(v128.load(at), first);
      let b = f32x4.mul(v128.load(at, 16), first);
      let c = f32x4.mul(v128.load(at, 32), first);
      let d = f32x4.mul(v128.load(at, 48), first);
      for (let tap = 1; tap < taps; tap++) {
        at += stride;
        entry += 4;
        const weight = v128.load32_splat(entry);
        a = f32x4.add(a, f32x4.mul(v128.load(at), weight));
        b = f32x4.add(b, f32x4.mul(v128.load(at, 16), weight));
        c = f32x4.add(c, f32x4.mul(v128.load(at, 32), weight));
        d = f32x4.add(d, f32x4.mul(v128.load(at, 48), weight));
      }
      v128.store(
        target + <usize>x,
        i8x16.narrow_i16x8_u(
          i16x8.narrow_i32x4_s(whole(a), whole(b)),
          i16x8.narrow_i32x4_s(whole(c), whole(d)),
        ),
      );
    }
    target += <usize>width;
    table += <usize>(4 + taps * 4);
  }
}
