import { binomialLowerTail, binomialUpperTail } from '../../metrics/binomial.js';
import { bestOf, clearlyWorse, countHits, type Hits } from './elimination.js';

/** What a sweep is after, and which recipes are out by it. */
export interface Criterion {
  /** Place of the recipe that fits best; of equals the first. */
  readonly best: (columns: readonly Hits[]) => number;
  /**
   * Those that clearly don't fit, never the best.
   *
   * @param errorRate chance at most that one that fits as well as any is among them, over all looks
   */
  readonly out: (columns: readonly Hits[], errorRate: number, looks: number) => Set<number>;
}

/** The most accurate recipe, the others paired with it image by image. */
export const mostAccurate: Criterion = { best: bestOf, out: clearlyWorse };

/**
 * The recipe that explains a documented figure: whose own accuracy is nearest. A recipe is out where images drawn from a
 * set on which it has the documented accuracy would give a count as far off with a small probability (exact binomial).
 *
 * @param percent the documented figure
 */
export function explaining(percent: number): Criterion {
  const distance = (hits: Hits): number => {
    const { right, images } = countHits(hits);
    return images === 0 ? Infinity : Math.abs((100 * right) / images - percent);
  };
  const best = (columns: readonly Hits[]): number => {
    const distances = columns.map(distance);
    return distances.indexOf(Math.min(...distances));
  };
  return {
    best,
    out(columns, errorRate, looks) {
      const nearest = best(columns);
      const level = errorRate / (columns.length * looks);
      return new Set(
        columns.flatMap((hits, place) =>
          place !== nearest && explainsP(hits, percent) <= level ? [place] : [],
        ),
      );
    },
  };
}

/** Two-sided exact binomial p of so many hits where the recipe has the documented accuracy; 1 without images. */
export function explainsP(hits: Hits, percent: number): number {
  const { right, images } = countHits(hits);
  if (images === 0) return 1;
  const share = percent / 100;
  return Math.min(
    1,
    2 * Math.min(binomialLowerTail(right, images, share), binomialUpperTail(right, images, share)),
  );
}
