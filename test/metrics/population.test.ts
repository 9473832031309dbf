import { describe, expect, it } from 'vitest';
import { sumInterval } from '../../src/metrics/population.js';
import { finiteFactor } from '../../src/metrics/interval.js';
import { tangoInterval } from '../../src/metrics/paired-interval.js';

const both = { least: -1, most: 1 } as const;
const shares = { least: 0, most: 1 } as const;
const halfWidth = (n: number, population: number): number => {
  // 4.5 % + 0.77 points of flips: a drop of 0.77.
  const against = Math.round(n * 0.0302);
  const inFavour = Math.round(n * 0.0225);
  const { lower, upper } = sumInterval(
    { images: n, against, inFavour },
    both,
    { images: population, unusable: 0 },
    0.95,
  );
  return (50 * (upper - lower)) / population;
};

/** ln of n over k. */
const logChoose = (() => {
  const logs = [0];
  for (let n = 1; n < 400; n++) logs.push(logs[n - 1]! + Math.log(n));
  return (n: number, k: number): number => (k < 0 || k > n ? -Infinity : logs[n]! - logs[k]! - logs[n - k]!);
})();

describe('The interval of a finite population', () => {
  it('narrows as the images counted exhaust it', () => {
    expect(halfWidth(25_000, 50_000)).toBeCloseTo(0.201, 2);
    expect(halfWidth(49_000, 50_000)).toBeCloseTo(0.029, 2);
    expect(halfWidth(50_000, 50_000)).toBe(0);
    expect(finiteFactor(25_000, 50_000)).toBeCloseTo(Math.SQRT1_2, 4);
    expect(finiteFactor(25_000, null)).toBe(1);
  });

  it('is the usual one for a population without end', () => {
    const { lower, upper } = sumInterval(
      { images: 500, against: 12, inFavour: 8 },
      both,
      { images: null, unusable: 0 },
      0.95,
    );
    const usual = tangoInterval({ bothCorrect: 480, referenceOnly: 12, candidateOnly: 8, bothWrong: 0 });
    expect(lower / 1e9).toBeCloseTo(usual.lower, 6);
    expect(upper / 1e9).toBeCloseTo(usual.upper, 6);
  });

  it('holds every sum that unusable images leave possible, and nothing else once all others are counted', () => {
    for (const [possible, expected] of [
      [both, { lower: -2, upper: 4 }],
      [shares, { lower: 1, upper: 4 }],
    ] as const)
      expect(
        sumInterval({ images: 9, against: 1, inFavour: 0 }, possible, { images: 12, unusable: 3 }, 0.95),
      ).toEqual(expected);
  });

  it.each([
    [12, 6],
    [30, 10],
    [30, 15],
    [30, 28],
    [48, 40],
    [60, 57],
  ])('misses no more than it says, over every population of %i images and every draw of %i', (N, n) => {
    const cache = new Map<string, { lower: number; upper: number }>();
    const misses: { below: number; above: number }[] = [];
    for (let lost = 0; lost <= N; lost++)
      for (let gained = 0; gained + lost <= Math.min(N, 24); gained++) {
        let below = 0;
        let above = 0;
        for (let against = 0; against <= Math.min(lost, n); against++)
          for (let inFavour = 0; inFavour <= Math.min(gained, n - against); inFavour++) {
            const chance = Math.exp(
              logChoose(lost, against) +
                logChoose(gained, inFavour) +
                logChoose(N - lost - gained, n - against - inFavour) -
                logChoose(N, n),
            );
            if (chance === 0) continue;
            const key = `${against} ${inFavour}`;
            const interval =
              cache.get(key) ??
              sumInterval({ images: n, against, inFavour }, both, { images: N, unusable: 0 }, 0.95);
            cache.set(key, interval);
            if (lost - gained < interval.lower) below += chance;
            if (lost - gained > interval.upper) above += chance;
          }
        misses.push({ below, above });
      }
    const mean = misses.reduce((sum, { below, above }) => sum + below + above, 0) / misses.length;
    expect(mean).toBeLessThan(0.035);
    // A score interval is not exact in its worst corner; without whole images it would miss up to 29 % here.
    expect(Math.max(...misses.flatMap(({ below, above }) => [below, above]))).toBeLessThan(0.045);
  });

  it.each([
    [20, 10],
    [40, 12],
    [40, 38],
  ])('holds a share as well, over every population of %i and every draw of %i', (N, n) => {
    const misses: number[] = [];
    for (let counted = 0; counted <= N; counted++) {
      let miss = 0;
      for (let against = 0; against <= Math.min(counted, n); against++) {
        const chance = Math.exp(
          logChoose(counted, against) + logChoose(N - counted, n - against) - logChoose(N, n),
        );
        const { lower, upper } = sumInterval(
          { images: n, against, inFavour: 0 },
          shares,
          { images: N, unusable: 0 },
          0.95,
        );
        if (counted < lower || counted > upper) miss += chance;
      }
      misses.push(miss);
    }
    expect(misses.reduce((sum, miss) => sum + miss, 0) / misses.length).toBeLessThan(0.05);
    expect(Math.max(...misses)).toBeLessThan(0.09);
  });
});
