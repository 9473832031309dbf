import { describe, expect, it } from 'vitest';
import { tally } from '../../src/metrics/tally.js';
import { rankRow } from '../../src/metrics/top-k.js';

const image = (label: number, ...scores: number[]) => ({
  label,
  prediction: rankRow(Float32Array.from(scores), 0, scores.length, 0, label),
});

describe('tally', () => {
  const images = [
    image(0, 9, 1, 1, 1, 1, 1, 0), // right
    image(1, 9, 9, 1, 1, 1, 1, 0), // tied top: wrong by the rule, right by another
    image(0, 9, 9, 1, 1, 1, 1, 0), // tied top: right by the rule
    image(5, 7, 1, 1, 1, 1, 1, 0), // fifth place shared by classes 1..5: Top-5 wrong by the rule
    image(6, 7, 6, 5, 4, 3, 2, 1), // last
    image(2, 7, NaN, 7, 7, 7, 7, 7), // invalid
  ];

  it('counts correct images and the bounds that any breaking of ties could give', () => {
    const result = tally(images, 7);
    expect(result.images).toBe(6);
    expect(result.top1).toEqual({ correct: 2, lowest: 1, highest: 3 });
    expect(result.top5).toEqual({ correct: 3, lowest: 3, highest: 4 });
  });

  it('counts tied images apart from those whose tie matters', () => {
    expect(tally(images, 7).ties).toEqual({ tiedTop: 2, canChangeTop1: 2, canChangeTop5: 1, largest: 2 });
    const harmless = tally([image(2, 9, 9, 1)], 3).ties;
    expect(harmless).toEqual({ tiedTop: 1, canChangeTop1: 0, canChangeTop5: 0, largest: 2 });
  });

  it('finds the bounds by trying both tie rules', () => {
    const scores = [3, 3, 3, 3, 3, 3, 1];
    const correct = (rule: 'lowest-index' | 'highest-index', label: number) =>
      tally([{ label, prediction: rankRow(Uint8Array.from(scores), 0, 7, 0, label, rule) }], 7);
    for (const label of [0, 1, 5, 6]) {
      const low = correct('lowest-index', label);
      const high = correct('highest-index', label);
      for (const k of ['top1', 'top5'] as const) {
        expect(low[k].lowest).toBeLessThanOrEqual(Math.min(low[k].correct, high[k].correct));
        expect(low[k].highest).toBeGreaterThanOrEqual(Math.max(low[k].correct, high[k].correct));
        expect(low[k].highest).toBe(high[k].highest);
      }
    }
  });

  it('counts an invalid image as wrong in every figure but counts it', () => {
    const result = tally([image(0, NaN, 1)], 2);
    expect(result).toMatchObject({
      images: 1,
      invalid: 1,
      top1: { correct: 0, lowest: 0, highest: 0 },
      top5: { correct: 0, lowest: 0, highest: 0 },
      saturation: null,
    });
    expect(result.perClass[0]).toEqual({ class: 0, images: 1, top1: 0, top5: 0 });
    expect(result.ties.largest).toBeNull();
  });

  it('shows how the top scores pile up', () => {
    expect(tally(images, 7).saturation).toEqual({
      distinctTopScores: 2,
      mostCommon: { score: 9, images: 3 },
      maximum: { score: 9, images: 3 },
    });
    const apart = tally([image(0, 5, 0), image(0, 5, 1), image(1, 2, 8)], 2).saturation;
    expect(apart?.mostCommon).toEqual({ score: 5, images: 2 });
    expect(apart?.maximum).toEqual({ score: 8, images: 1 });
  });

  it('names the highest of several equally common top scores', () => {
    expect(tally([image(0, 5, 0), image(0, 7, 0), image(0, 6, 0)], 2).saturation?.mostCommon).toEqual({
      score: 7,
      images: 1,
    });
  });

  it('counts per class, and the classes add up to the whole', () => {
    const result = tally(images, 7);
    expect(result.perClass.map((entry) => entry.images)).toEqual([2, 1, 1, 0, 0, 1, 1]);
    expect(result.perClass.reduce((sum, entry) => sum + entry.top1, 0)).toBe(result.top1.correct);
    expect(result.perClass.reduce((sum, entry) => sum + entry.top5, 0)).toBe(result.top5.correct);
  });

  it('does not depend on the order of the images', () => {
    expect(tally([...images].reverse(), 7)).toEqual(tally(images, 7));
  });

  it('refuses a label outside the data set', () => {
    expect(() => tally([image(2, 1, 1, 1)], 2)).toThrow('label from 0 to 1 but received 2');
  });
});
