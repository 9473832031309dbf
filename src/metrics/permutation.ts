import type { ClassIndex } from '../domain/domain.js';
import { Xoshiro256 } from './random.js';

/** How `permutation` and `stratifiedSample` draw, for the record beside the seed. */
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

/**
 * A sample with as many images of every class as can be: classes take turns in one random order, each giving its next
 * image in a random order, until there are enough. A larger count with the same seed holds the smaller sample.
 * For quick looks at a subset; never for the sequential gate, which needs a uniform draw (`permutation`).
 *
 * @param labels one class an image
 * @param count how many images to take; all if there are fewer
 * @returns places in `labels`, ascending
 */
export function stratifiedSample(
  labels: ArrayLike<ClassIndex>,
  count: number,
  seed: number | bigint,
): Uint32Array {
  const random = Xoshiro256.seeded(seed);
  const byClass = new Map<ClassIndex, number[]>();
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index]!;
    const ofClass = byClass.get(label);
    if (ofClass === undefined) byClass.set(label, [index]);
    else ofClass.push(index);
  }
  const turns = [...byClass].sort(([a], [b]) => a - b).map(([, images]) => images);
  for (const images of turns) shuffle(images, random);
  shuffle(turns, random);

  const taken: number[] = [];
  for (let round = 0; taken.length < Math.min(count, labels.length); round++)
    for (const images of turns) {
      const next = images[round];
      if (next !== undefined && taken.length < count) taken.push(next);
    }
  return Uint32Array.from(taken).sort();
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
