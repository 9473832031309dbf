import { describe, expect, it } from 'vitest';
import { chanceOfClassDrop, plainImages, sequentialImages } from '../../src/metrics/planning.js';

/** 4.5 % of the images flip besides the drop, half of them to the better. */
const drop = (points: number, population: number | null = 50_000) => ({
  limit: 0.01,
  assumed: { against: 0.0225 + points / 100, inFavour: 0.0225 },
  population,
});

describe('Images that a gate needs', () => {
  it('in a plain check are those of the sample size formula, with the finite population', () => {
    expect([0, 0.25, 0.5, 0.77].map((points) => plainImages(drop(points), 0.95))).toEqual([
      4320, 7535, 14791, 33825,
    ]);
    expect(plainImages(drop(0, null), 0.95)).toBe(4729);
    expect(plainImages(drop(1), 0.95)).toBe(50_000);
  });

  it('in a sequential check are those that its own test takes', () => {
    // STATISTICS: median 4700 at no drop, 200 at ten points, 30 at forty.
    expect(sequentialImages(drop(0), 0.01).median).toBeGreaterThan(3500);
    expect(sequentialImages(drop(0), 0.01).median).toBeLessThan(6000);
    const clear = sequentialImages(drop(40), 0.01);
    expect(clear.median).toBeLessThan(45);
    expect(clear.enough).toBeGreaterThanOrEqual(clear.median);
  });

  it('of a share without any count are those at which an interval from 0 fits the limit', () => {
    const none = { limit: 0.02, assumed: { against: 0, inFavour: 0 }, population: null };
    expect(plainImages(none, 0.95)).toBe(189);
  });
});

describe('A limit on the drop of a class', () => {
  it('is a coin toss at 10 points, 50 images a class and 1000 classes, without any true drop', () => {
    const chance = chanceOfClassDrop(10, 50, 1000, 0.045);
    expect(chance).toBeGreaterThan(0.3);
    expect(chance).toBeLessThan(0.7);
    expect(chanceOfClassDrop(20, 50, 1000, 0.045)).toBeLessThan(0.01);
  });

  it('is exact for one class: enumerated', () => {
    // Three images, at most one lost net: lost three, or lost two and the third is no gain.
    const [p, q] = [0.1, 0.1];
    const beyond = p ** 3 + 3 * p ** 2 * (1 - p - q);
    expect(chanceOfClassDrop(34, 3, 1, 0.2)).toBeCloseTo(beyond, 12);
  });
});
