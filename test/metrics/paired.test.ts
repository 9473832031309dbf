import { describe, expect, it } from 'vitest';
import { tangoInterval } from '../../src/metrics/paired-interval.js';
import { compareOutcomes, dropImages, tableImages, type PairedTable } from '../../src/metrics/paired.js';

const table = (a: number, b: number, c: number, d: number): PairedTable => ({
  bothCorrect: a,
  referenceOnly: b,
  candidateOnly: c,
  bothWrong: d,
});

describe('compareOutcomes', () => {
  const reference = [
    { id: 'a', top1: 1, correct: true },
    { id: 'b', top1: 2, correct: true },
    { id: 'c', top1: 3, correct: false },
    { id: 'd', top1: 4, correct: false },
    { id: 'e', top1: null, correct: false },
  ];
  const candidate = [
    { id: 'a', top1: 1, correct: true },
    { id: 'b', top1: 9, correct: false },
    { id: 'c', top1: 7, correct: true },
    { id: 'd', top1: 4, correct: false },
    { id: 'e', top1: null, correct: false },
  ];

  it('fills the table and names the flips both ways', () => {
    expect(compareOutcomes(reference, candidate)).toEqual({
      table: table(1, 1, 1, 2),
      images: 5,
      agreeing: 2,
      lost: ['b'],
      gained: ['c'],
    });
  });

  it('does not call two invalid rows an agreement', () => {
    expect(compareOutcomes(reference.slice(4), candidate.slice(4)).agreeing).toBe(0);
  });

  it('turns a loss into a gain when the models change places', () => {
    const there = compareOutcomes(reference, candidate);
    const back = compareOutcomes(candidate, reference);
    expect(back.lost).toEqual(there.gained);
    expect(dropImages(back.table) + dropImages(there.table)).toBe(0);
  });

  it('refuses lists that are not of the same images in the same order', () => {
    expect(() => compareOutcomes(reference, candidate.slice(1))).toThrow('received 5 and 4');
    expect(() => compareOutcomes(reference, [...candidate].reverse())).toThrow('Expected image a at place 0');
  });
});

describe('tangoInterval', () => {
  it.each([
    [35690, 1500, 1115, 11695, 0.005700069371635, 0.009709463224585],
    [36, 12, 2, 0, 0.061112406186344, 0.344708748282149],
    [43, 0, 1, 0, -0.118077096982133, 0.059393231116627],
    [1, 1, 7, 12, -0.517232276421378, -0.026003032480869],
  ])('of (%i, %i, %i, %i) are the published ones', (a, b, c, d, lower, upper) => {
    const tango = tangoInterval(table(a, b, c, d));
    expect(tango.lower).toBeCloseTo(lower, 13);
    expect(tango.upper).toBeCloseTo(upper, 13);
  });

  it("exclude 0 exactly where McNemar's statistic exceeds z squared", () => {
    const z2 = 1.959963984540054 ** 2;
    for (const [b, c] of [
      [20, 8],
      [20, 9],
      [15, 5],
      [15, 6],
      [11, 3],
      [5, 0],
      [3, 0],
      [4, 0],
    ] as const) {
      const { lower } = tangoInterval(table(100, b, c, 30));
      expect(lower > 0, `${b} and ${c}`).toBe((b - c) ** 2 / (b + c) > z2);
    }
  });

  it('mirror when the models change places', () => {
    const there = tangoInterval(table(50, 9, 4, 20));
    const back = tangoInterval(table(50, 4, 9, 20));
    expect(back.lower).toBeCloseTo(-there.upper, 14);
    expect(back.upper).toBeCloseTo(-there.lower, 14);
  });

  it('hold the drop and stay within [-1, 1] at the corners', () => {
    for (const corner of [
      table(5, 0, 0, 0),
      table(0, 5, 0, 0),
      table(0, 0, 5, 0),
      table(0, 0, 0, 5),
      table(0, 3, 3, 0),
    ]) {
      const interval = tangoInterval(corner);
      const drop = dropImages(corner) / tableImages(corner);
      expect(interval.lower).toBeGreaterThanOrEqual(-1);
      expect(interval.upper).toBeLessThanOrEqual(1);
      expect(interval.lower).toBeLessThanOrEqual(drop);
      expect(interval.upper).toBeGreaterThanOrEqual(drop);
      expect(interval.upper).toBeGreaterThan(interval.lower);
    }
  });

  it('know nothing without images', () => {
    expect(tangoInterval(table(0, 0, 0, 0))).toEqual({ lower: -1, upper: 1 });
  });
});
