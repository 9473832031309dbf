import { describe, expect, it } from 'vitest';
import { binomialLowerTail, binomialProbability, binomialUpperTail } from '../../src/metrics/binomial.js';
import { benjaminiHochberg } from '../../src/metrics/false-discovery.js';
import { mcNemarMidP } from '../../src/metrics/mcnemar.js';

/** Relative error. */
const error = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('binomial', () => {
  it('agrees with exact integer arithmetic', () => {
    const n = 60;
    let ways = 1n;
    let below = 0n;
    for (let k = 0; k <= n; k++) {
      below += ways;
      const share = (count: bigint): number => Number(count) / 2 ** n;
      expect(error(binomialProbability(k, n, 0.5), share(ways))).toBeLessThan(1e-13);
      expect(error(binomialLowerTail(k, n, 0.5), share(below))).toBeLessThan(1e-13);
      expect(error(binomialUpperTail(n - k, n, 0.5), share(below))).toBeLessThan(1e-13);
      ways = (ways * BigInt(n - k)) / BigInt(k + 1);
    }
  });

  it('sums to one for a lopsided coin', () => {
    let sum = 0;
    for (let k = 0; k <= 500; k++) sum += binomialProbability(k, 500, 0.573);
    expect(sum).toBeCloseTo(1, 13);
    expect(binomialLowerTail(280, 500, 0.573) + binomialUpperTail(281, 500, 0.573)).toBeCloseTo(1, 13);
  });

  it('gives 1 far above the mean, where single terms vanish', () => {
    expect(binomialLowerTail(1999, 2000, 0.01)).toBe(1);
    expect(binomialUpperTail(1, 2000, 0.99)).toBe(1);
  });

  it('holds at its edges', () => {
    expect([
      binomialUpperTail(0, 9, 0.3),
      binomialUpperTail(10, 9, 0.3),
      binomialLowerTail(-1, 9, 0.3),
    ]).toEqual([1, 0, 0]);
    expect([binomialUpperTail(3, 3, 1), binomialUpperTail(1, 3, 0), binomialUpperTail(0, 0, 0.5)]).toEqual([
      1, 0, 1,
    ]);
  });
});

describe('mcNemarMidP', () => {
  it.each([
    [12, 2, 0.00738525390625, 1e-14],
    [6, 16, 0.0346896648406982, 1e-14],
    [5, 5, 0.75390625, 1e-14],
    [0, 1, 0.5, 1e-14],
    [1150, 1115, 0.462191674554865, 1e-13],
    [1500, 1115, 4.6710552e-14, 2e-9],
  ])('gives the published p-value for %i lost and %i gained', (b, c, midP, tolerance) => {
    expect(error(mcNemarMidP(b, c), midP)).toBeLessThan(tolerance);
    expect(mcNemarMidP(c, b)).toBe(mcNemarMidP(b, c));
  });

  it('says nothing without a discordant image', () => {
    expect(mcNemarMidP(0, 0)).toBe(1);
  });
});

describe('benjaminiHochberg', () => {
  it("gives statsmodels' adjusted values", () => {
    const p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216];
    const expected = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714285714286, 0.216, 0.216, 0.216];
    const adjusted = benjaminiHochberg(p);
    adjusted.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 14);
    });
    expect(adjusted.filter((value) => value <= 0.05)).toHaveLength(2);
  });

  it('keeps the order it was given', () => {
    const p = [0.2, 0.001, 0.04];
    expect(benjaminiHochberg([...p].reverse())).toEqual(benjaminiHochberg(p).reverse());
  });

  it('never exceeds 1 and takes an empty list', () => {
    expect(benjaminiHochberg([1, 0.9])).toEqual([1, 1]);
    expect(benjaminiHochberg([])).toEqual([]);
  });
});
