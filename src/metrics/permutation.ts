import { Xoshiro256 } from './random.js';

/** How `permutation` draws, for the record beside the seed. */
export const PERMUTATION_METHOD =
  'Fisher-Yates, xoshiro256** seeded by SplitMix64, bounded integers by rejection';

/**
 * A uniformly random order of the integers 0..count-1: item i of the result is the i-th to look at. The same seed and
 * count give the same order on every machine. Sort the image list by id before indexing it.
 *
 * @param count up to 2^32
 * @param seed integer in [0, 2^64), fixed before the run: trying seeds until a gate passes voids its guarantee
 */
export function permutation(count: number, seed: number | bigint): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  shuffle(order, Xoshiro256.seeded(seed));
  return order;
}

/** Fisher-Yates from the end, in place (Durstenfeld, CACM 7 (1964) 420). */
export function shuffle(items: { [index: number]: unknown; length: number }, random: Xoshiro256): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = items[last];
    items[last] = items[other];
    items[other] = kept;
  }
}
