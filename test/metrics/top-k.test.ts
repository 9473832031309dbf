import { describe, expect, it } from 'vitest';
import { isCorrect, rankRow } from '../../src/metrics/top-k.js';

const row = Float32Array.of(0.5, 3, 1, 3, 2, -1, 3);

/** Ranks by sorting: slow, plain, independent of the code under test. */
function sorted(scores: readonly number[], rule: 'lowest-index' | 'highest-index'): number[] {
  return scores
    .map((_, index) => index)
    .sort((a, b) => scores[b]! - scores[a]! || (rule === 'lowest-index' ? a - b : b - a))
    .slice(0, 5);
}

describe('rankRow', () => {
  it('puts the lowest class first among equal scores', () => {
    expect(rankRow(row, 0, 7, 0, 1, 'lowest-index')).toMatchObject({
      classes: [1, 3, 6, 4, 2],
      scores: [3, 3, 3, 2, 1],
    });
  });

  it('puts the highest class first among equal scores under the other rule', () => {
    expect(rankRow(row, 0, 7, 0, 1, 'highest-index').classes).toEqual([6, 3, 1, 4, 2]);
  });

  it('counts the classes above the label, those tied with it and those that share the top', () => {
    expect(rankRow(row, 0, 7, 0, 3)).toMatchObject({ labelAbove: 0, labelTied: 2, tiedTop: 3 });
    expect(rankRow(row, 0, 7, 0, 4)).toMatchObject({ labelAbove: 3, labelTied: 0 });
    expect(rankRow(row, 0, 7, 0, 5)).toMatchObject({ labelAbove: 6, labelTied: 0 });
  });

  it('agrees with a full sort on quantized rows full of ties, under both rules', () => {
    let state = 1;
    const next = (): number => (state = (state * 48271) % 2147483647);
    for (let trial = 0; trial < 500; trial++) {
      const classes = 1 + (next() % 40);
      const scores = Array.from({ length: classes }, () => next() % 6);
      const label = next() % classes;
      for (const rule of ['lowest-index', 'highest-index'] as const) {
        const ranking = rankRow(Uint8Array.from(scores), 0, classes, 0, label, rule);
        expect(ranking.classes).toEqual(sorted(scores, rule));
        expect(ranking.scores).toEqual(ranking.classes.map((index) => scores[index]));
        expect(ranking.labelAbove).toBe(scores.filter((score) => score > scores[label]!).length);
        expect(ranking.labelTied).toBe(scores.filter((score) => score === scores[label]).length - 1);
        expect(ranking.tiedTop).toBe(scores.filter((score) => score === Math.max(...scores)).length);
      }
    }
  });

  it('never ranks a background class and counts classes from the first real one', () => {
    const withBackground = Uint8Array.of(255, 1, 9, 4);
    const ranking = rankRow(withBackground, 0, 3, 1, 1);
    expect(ranking).toMatchObject({ classes: [1, 2, 0], scores: [9, 4, 1], labelAbove: 0, tiedTop: 1 });
    expect(ranking.logSumExp).toBeCloseTo(9 + Math.log(1 + Math.exp(-5) + Math.exp(-8)), 12);
  });

  it('reads the row at its offset and nothing beside it', () => {
    const batch = Int8Array.of(127, 127, 127, -5, -3, -4, 127, 127, 127);
    expect(rankRow(batch, 3, 3, 0, 0)).toMatchObject({ classes: [1, 2, 0], labelAbove: 2, tiedTop: 1 });
  });

  it('gives as many classes as there are below five', () => {
    expect(rankRow(Float32Array.of(1, 2), 0, 2, 0, null).classes).toEqual([1, 0]);
  });

  it('makes a row with a NaN invalid wherever the NaN stands', () => {
    for (const place of [0, 3, 7]) {
      const scores = Float32Array.of(9, 8, 7, 6, 5, 4, 3, 2);
      scores[place] = NaN;
      const ranking = rankRow(scores, 0, 8, 0, 1);
      expect(ranking).toMatchObject({ invalid: true, classes: [], scores: [], labelAbove: 8, tiedTop: 0 });
      for (const k of [1, 2, 3, 4, 5]) expect(isCorrect(ranking.classes, 1, k)).toBe(false);
    }
  });

  it('ranks infinities as numbers, tied with each other', () => {
    expect(rankRow(Float32Array.of(-Infinity, Infinity, 0, Infinity), 0, 4, 0, 3)).toMatchObject({
      classes: [1, 3, 2, 0],
      labelAbove: 0,
      labelTied: 1,
      tiedTop: 2,
      logSumExp: Infinity,
      invalid: false,
    });
    expect(rankRow(Float32Array.of(-Infinity, -Infinity), 0, 2, 0, 1)).toMatchObject({
      classes: [0, 1],
      tiedTop: 2,
    });
  });

  it('gives a logSumExp that neither overflows nor vanishes', () => {
    expect(rankRow(Float32Array.of(1000, 1000), 0, 2, 0, null).logSumExp).toBeCloseTo(1000 + Math.LN2, 12);
    expect(rankRow(Float32Array.of(-1000, -1000), 0, 2, 0, null).logSumExp).toBeCloseTo(-1000 + Math.LN2, 12);
  });

  it('gives a logSumExp that is right to the last digits of a double', () => {
    let state = 1;
    const next = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    for (let trial = 0; trial < 200; trial++) {
      const spread = 10 ** (2 * next());
      const scores = Float32Array.from({ length: 1000 }, () => (next() - 0.5) * spread);
      const top = Math.max(...scores);
      const expected = Math.log(scores.reduce((sum, score) => sum + Math.exp(score - top), 0)) + top;
      const { logSumExp } = rankRow(scores, 0, 1000, 0, null);
      expect(Math.abs(logSumExp - expected)).toBeLessThan(1e-13);
    }
  });

  it('gives it as right half way between the steps of its table', () => {
    for (const below of [1 / 128, 3 / 128, 3 + 1 / 128, 12 - 1 / 128])
      expect(
        Math.abs(rankRow(Float32Array.of(0, -below), 0, 2, 0, null).logSumExp - Math.log1p(Math.exp(-below))),
      ).toBeLessThan(1e-15);
  });

  it('counts an image without a label as one whose label comes last', () => {
    expect(rankRow(row, 0, 7, 0, null)).toMatchObject({ labelAbove: 7, labelTied: 0 });
  });

  it('refuses a label that the model has no class for and a row that is not there', () => {
    expect(() => rankRow(row, 0, 7, 0, 7)).toThrow('label from 0 to 6 but received 7');
    expect(() => rankRow(row, 0, 7, 0, -1)).toThrow(RangeError);
    expect(() => rankRow(row, 0, 7, 1, 0)).toThrow('holds 7');
    expect(() => rankRow(row, 7, 7, 0, 0)).toThrow(RangeError);
  });
});

describe('isCorrect', () => {
  it('is true exactly for the first k classes', () => {
    expect([1, 2, 3, 5].map((k) => isCorrect([4, 8, 15, 16, 23], 15, k))).toEqual([false, false, true, true]);
    expect(isCorrect([4, 8, 15, 16, 23], 42, 5)).toBe(false);
  });
});
