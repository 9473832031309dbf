/**
 * The separable resizes of all libraries: `kind` chooses the two passes (src/resample/two-passes.ts), whose loops are
 * shared/passes.ts. Constant shifts are faster than what a caller gives.
 */
import { alongColumns, alongRows } from './shared/passes';

export { heapBase } from './shared/memory';

/** Weights of 16 bits, bytes between the passes: torchvision's uint8 kernel. */
const I16: i32 = 0;
/** Weights of 22 fractional bits, bytes between the passes: Pillow. */
const I32: i32 = 1;
/** Floats between the passes, the horizontal one first, bytes out: OpenCV's INTER_AREA, torchvision in float32. */
const F32: i32 = 2;
/** Floats between the passes, the vertical one first, floats out: TensorFlow's antialiased resize. */
const F32_DOWN_FIRST: i32 = 3;

/** `count` pixels of each of `rows` rows of RGB. */
export function horizontal(
  kind: i32,
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
  switch (kind) {
    case I16:
      alongRows<i16, u8, u8>(source, stride, rows, table, count, taps, target, targetStride, shift);
      break;
    case I32:
      alongRows<i32, u8, u8>(source, stride, rows, table, count, taps, target, targetStride, 22);
      break;
    case F32:
      alongRows<f32, u8, f32>(source, stride, rows, table, count, taps, target, targetStride, 0);
      break;
    case F32_DOWN_FIRST:
      alongRows<f32, f32, f32>(source, stride, rows, table, count, taps, target, targetStride, 0);
      break;
  }
}

/** `count` rows of `width` values. */
export function vertical(
  kind: i32,
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
  switch (kind) {
    case I16:
      alongColumns<i16, u8, u8>(source, stride, width, table, count, taps, target, targetStride, shift);
      break;
    case I32:
      alongColumns<i32, u8, u8>(source, stride, width, table, count, taps, target, targetStride, 22);
      break;
    case F32:
      alongColumns<f32, f32, u8>(source, stride, width, table, count, taps, target, targetStride, 0);
      break;
    case F32_DOWN_FIRST:
      alongColumns<f32, u8, f32>(source, stride, width, table, count, taps, target, targetStride, 0);
      break;
  }
}
