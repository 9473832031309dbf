import { mcNemarMidP } from '../../metrics/mcnemar.js';

/** Which images a recipe got right, by their place in the random order; null for those that it did not see. */
export type Hits = readonly (boolean | null)[];

/** Images that a recipe saw, and those that it got right. */
export function countHits(hits: Hits): { readonly right: number; readonly images: number } {
  const seen = hits.filter((hit) => hit !== null);
  return { right: seen.filter(Boolean).length, images: seen.length };
}

/** Pairs of two recipes on the images that both saw. */
export interface HitsPair {
  readonly images: number;
  /** Right under the first only. */
  readonly first: number;
  /** Right under the second only. */
  readonly second: number;
}

export function pairHits(first: Hits, second: Hits): HitsPair {
  let images = 0;
  let only = 0;
  let other = 0;
  first.forEach((hit, place) => {
    const against = second[place] ?? null;
    if (hit === null || against === null) return;
    images++;
    if (hit && !against) only++;
    else if (!hit && against) other++;
  });
  return { images, first: only, second: other };
}

/** Place of the recipe with the highest share of hits; of equals the first. */
export function bestOf(columns: readonly Hits[]): number {
  const shares = columns.map((hits) => {
    const { right, images } = countHits(hits);
    return images === 0 ? 0 : right / images;
  });
  return shares.indexOf(Math.max(...shares));
}

/**
 * Of `columns`, those that are worse than the best by McNemar's paired mid-p. Any of the others may come out best by
 * luck, so the error rate is shared among them and, as the test is looked at more than once, among all looks.
 *
 * @param errorRate chance at most that a recipe as good as every other is among them, over all looks
 */
export function clearlyWorse(columns: readonly Hits[], errorRate: number, looks: number): Set<number> {
  const level = errorRate / (Math.max(1, columns.length - 1) * looks);
  const best = columns[bestOf(columns)]!;
  return new Set(
    columns.flatMap((hits, place) => {
      const { first, second } = pairHits(best, hits);
      return first > second && mcNemarMidP(first, second) <= level ? [place] : [];
    }),
  );
}

/** Doubling numbers of images, the last being all of them. */
export function looksUpTo(images: number, first = 32): number[] {
  const looks: number[] = [];
  for (let look = first; look < images; look *= 2) looks.push(look);
  return [...looks, images];
}
