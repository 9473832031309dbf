import { describe, expect, it } from 'vitest';

import { errorShare } from '../../src/metrics/error-share.js';
import { Xoshiro256 } from '../../src/metrics/random.js';

describe('the share of an error that goes away', () => {
  it('is of sums, not a mean of shares', () => {
    expect(errorShare([10, 90], [5, 0]).share).toBeCloseTo(0.95, 12);
  });

  it('is negative where the error grows, and none where there was none', () => {
    expect(errorShare([1, 1], [2, 2]).share).toBe(-1);
    expect(errorShare([0, 0], [1, 1])).toEqual({ share: 0, interval: { lower: 0, upper: 0 }, images: 2 });
  });

  it('of one image has no interval to speak of', () => {
    expect(errorShare([4], [1]).interval).toEqual({ lower: -Infinity, upper: 1 });
  });

  it("has an interval that is Cochran's ratio estimator's", () => {
    // R = 6 / 20; residuals of after - R before: 1 - 1.2, 2 - 1.8, 3 - 3: sum of squares 0.08.
    const { share, interval } = errorShare([4, 6, 10], [1, 2, 3]);
    const half = (1.959963984540054 * Math.sqrt((0.08 * 3) / 2)) / 20;
    expect(share).toBeCloseTo(0.7, 12);
    expect(interval.lower).toBeCloseTo(0.7 - half, 12);
    expect(interval.upper).toBeCloseTo(0.7 + half, 12);
  });

  it('has an interval that holds the true share about as often as it says', () => {
    const random = Xoshiro256.seeded(7);
    const uniform = (): number => random.below(1_000_000) / 1_000_000;
    let held = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const before = Array.from({ length: 40 }, () => 0.5 + uniform());
      const after = before.map((value) => value * 0.4 * (0.5 + uniform()));
      const { lower, upper } = errorShare(before, after).interval;
      if (lower <= 0.6 && 0.6 <= upper) held++;
    }
    expect(held / trials).toBeGreaterThan(0.9);
    expect(held / trials).toBeLessThan(0.985);
  });
});
