import type { Interval } from './interval.js';
import { criticalValue } from './normal.js';

/** How much of an error goes away, over some images. */
export interface ErrorShare {
  /** 1: all of it; 0: none; negative: it grows. */
  readonly share: number;
  readonly interval: Interval;
  readonly images: number;
}

/**
 * The share of a summed error that goes away with a change: 1 - sum(after) / sum(before), over the same images. Its interval
 * is that of a ratio of sums over a sample of images, by linearization (Cochran, Sampling Techniques, 3rd ed. 1977, 6.3):
 * with R the ratio, the residuals after_i - R before_i have mean 0, and the standard error of R is the root of
 * their sum of squares times n / (n - 1), by the sum of before.
 *
 * @param before error of each image, at least 0
 * @param after error of the same images after the change
 * @param confidence two-sided, in (0, 1)
 * @returns without any error before: share 0. With fewer than two images the interval is all that can be
 */
export function errorShare(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  confidence = 0.95,
): ErrorShare {
  const images = before.length;
  let [sumBefore, sumAfter] = [0, 0];
  for (let i = 0; i < images; i++) {
    sumBefore += before[i]!;
    sumAfter += after[i]!;
  }
  if (sumBefore === 0) return { share: 0, interval: { lower: 0, upper: 0 }, images };
  const ratio = sumAfter / sumBefore;
  if (images < 2 || !Number.isFinite(ratio))
    return { share: 1 - ratio, interval: { lower: -Infinity, upper: 1 }, images };
  let squares = 0;
  for (let i = 0; i < images; i++) squares += (after[i]! - ratio * before[i]!) ** 2;
  const error = Math.sqrt((squares * images) / (images - 1)) / sumBefore;
  const half = criticalValue(confidence) * error;
  return {
    share: 1 - ratio,
    interval: { lower: 1 - ratio - half, upper: Math.min(1, 1 - ratio + half) },
    images,
  };
}
