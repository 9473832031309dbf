import { describe, expect, it } from 'vitest';
import { errorKind, simulateCell, type Cell } from '../../bench/sequential/simulate.js';

const cell = (dropImages: number): Cell => ({
  population: 2000,
  maxDropImages: 20,
  dropImages,
  gainedImages: 40,
  stated: 0.05,
});

describe('the simulated gate', () => {
  it('errs no more often than it states, at the tie and one image beyond it', () => {
    for (const drop of [20, 21]) {
      const { wrong, runs } = simulateCell(cell(drop), 1000, 11);
      expect(wrong / runs).toBeLessThanOrEqual(0.05);
      expect(wrong).toBeGreaterThan(0); // otherwise the bound would be idle and the gate only exact counting
    }
  });

  it('needs the fewer images the further the drop is from the gate', () => {
    const median = (drop: number): number => simulateCell(cell(drop), 201, 3).imagesNeeded[100]!;
    expect(median(600)).toBeLessThan(median(100));
    expect(median(100)).toBeLessThan(median(21));
    expect(median(-30)).toBeLessThan(median(15));
  });

  it('repeats itself with the same seed and only then', () => {
    const needed = (seed: number) => [...simulateCell(cell(100), 20, seed).imagesNeeded];
    expect(needed(5)).toEqual(needed(5));
    expect(needed(5)).not.toEqual(needed(6));
  });

  it('calls a wrong fail a false alarm and a wrong pass a miss', () => {
    expect(errorKind(cell(20))).toBe('false alarm');
    expect(errorKind(cell(21))).toBe('miss');
  });

  it('refuses flips that do not fit', () => {
    expect(() => simulateCell({ ...cell(0), gainedImages: 1500 }, 1, 1)).toThrow(RangeError);
  });
});
