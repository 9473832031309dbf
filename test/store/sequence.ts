import { crc32 } from 'node:zlib';

/** Repeatable numbers in [0, 1) from a name: mulberry32. */
export function sequenceOf(name: string): () => number {
  let state = crc32(name);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
