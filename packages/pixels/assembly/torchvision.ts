/** torchvision's native uint8 resize: Pillow's scheme with weights of 16 bits. */
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
  shift: i32,
): void {
  alongRows<i16, u8, u8>(source, stride, rows, table, count, taps, target, targetStride, shift);
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
  shift: i32,
): void {
  alongColumns<i16, u8, u8>(source, stride, width, table, count, taps, target, targetStride, shift);
}
