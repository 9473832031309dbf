export { heapBase } from './shared/memory';

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
