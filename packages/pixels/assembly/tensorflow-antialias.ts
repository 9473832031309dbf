/** TensorFlow's antialiased resize in float32, vertical pass first, floats out. */
import { alongColumns, alongRows } from './shared/passes';

export { heapBase } from './shared/memory';

/** Rows of RGB bytes: `count` pixels of each. */
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
  alongRows<f32, f32, f32>(source, stride, rows, table, count, taps, target, targetStride, 0);
}

/** `count` rows of `width` values. */
export function vertical(
  source: usize,
  stride: usize,
  width: i32,
  table: usize,
  count: i32,
  taps: i32,
  target: usize,
  targetStride: usize,
): void {
  alongColumns<f32, u8, f32>(source, stride, width, table, count, taps, target, targetStride, 0);
}
