/** Where buffers may start. */
export function heapBase(): usize {
  return __heap_base;
}

/** The RGB bytes of a pixel, and one more, as float32. */
export function pixel(at: usize): v128 {
  return f32x4.convert_i32x4_s(
    i8x16.swizzle(
      v128.load32_zero(at),
      i8x16(0, -128, -128, -128, 1, -128, -128, -128, 2, -128, -128, -128, 3, -128, -128, -128),
    ),
  );
}

/** The RGB bytes of two neighbouring pixels as 16-bit lanes R R' G G' B B' 0 0. */
export function twoPixels(at: usize): v128 {
  return i8x16.swizzle(
    v128.load64_zero(at),
    i8x16(0, -128, 3, -128, 1, -128, 4, -128, 2, -128, 5, -128, -128, -128, -128, -128),
  );
}
