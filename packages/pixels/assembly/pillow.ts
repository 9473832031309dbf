/** Pillow's 8-bit resampler: weights of 22 fractional bits, bytes between the passes. */
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
  alongRows<i32, u8, u8>(source, stride, rows, table, count, taps, target, targetStride, 22);
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
  alongColumns<i32, u8, u8>(source, stride, width, table, count, taps, target, targetStride, 22);
}

/**
 * The pixels of a row at `count` offsets in bytes, one after the other. Reads one byte past a pixel; leaves the byte
 * behind the last as 0.
 */
export function gather(source: usize, offsets: usize, count: i32, target: usize): void {
  for (let at = offsets, end = offsets + ((<usize>count) << 2); at < end; at += 4) {
    store<u32>(target, load<u32>(source + <usize>load<i32>(at)));
    target += 3;
  }
  store<u8>(target, 0);
}
