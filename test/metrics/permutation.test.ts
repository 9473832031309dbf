import { describe, expect, it } from 'vitest';
import { permutation } from '../../src/metrics/permutation.js';
import { splitMix64, Xoshiro256 } from '../../src/metrics/random.js';

describe('the generator', () => {
  it('is xoshiro256**: the upper halves of the reference outputs from state 1, 2, 3, 4', () => {
    const random = new Xoshiro256([1n, 2n, 3n, 4n]);
    const published = [
      11520n,
      0n,
      1509978240n,
      1215971899390074240n,
      1216172134540287360n,
      607988272756665600n,
      16172922978634559625n,
      8476171486693032832n,
      10595114339597558777n,
      2904607092377533576n,
    ];
    expect(published.map(() => random.nextHigh())).toEqual(published.map((output) => Number(output >> 32n)));
  });

  it('is seeded by SplitMix64: the reference outputs from 1234567', () => {
    expect(splitMix64(1234567n, 5)).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
      16408922859458223821n,
    ]);
  });

  it('follows a plain 64-bit xoshiro256** for a thousand outputs', () => {
    const mask = (1n << 64n) - 1n;
    const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (64n - k))) & mask;
    let [s0, s1, s2, s3] = splitMix64(42n, 4) as [bigint, bigint, bigint, bigint];
    const random = Xoshiro256.seeded(42);
    for (let step = 0; step < 1000; step++) {
      expect(random.nextHigh()).toBe(Number(((rotate((s1 * 5n) & mask, 7n) * 9n) & mask) >> 32n));
      const t = (s1 << 17n) & mask;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = rotate(s3, 45n);
    }
  });

  it('draws every integer below a bound equally often', () => {
    const random = Xoshiro256.seeded(7);
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < 70000; draw++) counts[random.below(7)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10000) ** 2 / 10000, 0);
    expect(chiSquare).toBeLessThan(22.5); // 99.9 % of chi-square with 6 degrees of freedom
  });

  it('throws away what would make small integers likelier', () => {
    const random = Xoshiro256.seeded(8);
    const bound = 3 * 2 ** 30;
    let low = 0;
    for (let draw = 0; draw < 3000; draw++) if (random.below(bound) < 2 ** 30) low++;
    expect(low).toBeGreaterThan(900);
    expect(low).toBeLessThan(1100); // a plain remainder would give 1500
  });

  it('refuses a seed that it cannot hold', () => {
    expect(() => Xoshiro256.seeded(-1)).toThrow('0 to 2^64 - 1');
    expect(() => Xoshiro256.seeded(1n << 64n)).toThrow(RangeError);
    expect(() => Xoshiro256.seeded(0.5)).toThrow(RangeError);
    expect(() => Xoshiro256.seeded((1n << 64n) - 1n)).not.toThrow();
  });
});

describe('permutation', () => {
  it('holds every image once', () => {
    expect([...permutation(1000, 3)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1000 }, (_, i) => i),
    );
  });

  it('is the same for the same seed for ever', () => {
    expect([...permutation(10, 0)]).toEqual(GOLDEN);
    expect([...permutation(10, 0n)]).toEqual(GOLDEN);
    expect([...permutation(10, 1)]).not.toEqual(GOLDEN);
  });

  it('gives each of the 24 orders of four items equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 24000; seed++) {
      const key = permutation(4, seed).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(49.7); // 99.9 % of chi-square with 23 degrees of freedom
  });

  it('takes nothing and one', () => {
    expect([...permutation(0, 1)]).toEqual([]);
    expect([...permutation(1, 1)]).toEqual([0]);
  });
});

/** Computed by an independent implementation in Python's big integers. */
const GOLDEN = [0, 3, 1, 4, 7, 6, 2, 5, 9, 8];
