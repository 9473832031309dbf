import { describe, expect, it } from 'vitest';
import { calibration, softmaxConfidence } from '../../src/metrics/calibration.js';
import { mostDisagreed } from '../../src/metrics/confusion.js';
import { describe as distributionOf } from '../../src/metrics/distribution.js';
import { margins, topMargin } from '../../src/metrics/margin.js';
import { runningTop1 } from '../../src/metrics/running.js';
import { scoreDrift } from '../../src/metrics/score-drift.js';
import { rankRow } from '../../src/metrics/top-k.js';

const predict = (...scores: number[]) => rankRow(Float32Array.from(scores), 0, scores.length, 0, null);

describe('distribution', () => {
  it("has numpy's percentiles", () => {
    const shape = distributionOf([4, 1, 3, 2, 10]);
    expect(shape).toMatchObject({ images: 5, minimum: 1, median: 3, maximum: 10, mean: 4 });
    expect(shape?.percentile5).toBeCloseTo(1.2, 12);
    expect(shape?.percentile95).toBeCloseTo(8.8, 12);
  });

  it('puts every value in one bar, a value on an edge in the upper one, the largest in the last', () => {
    const shape = distributionOf([0, 0.9, 1, 2, 3, 4], 4);
    expect(shape?.histogram.map((bar) => bar.images)).toEqual([2, 1, 1, 2]);
    expect(shape?.histogram.at(-1)).toMatchObject({ lower: 3, upper: 4 });
  });

  it('has one bar where all values are equal and none for no values', () => {
    expect(distributionOf([5, 5])?.histogram).toEqual([{ lower: 5, upper: 5, images: 2 }]);
    expect(distributionOf([])).toBeNull();
  });

  it('refuses what is no number', () => {
    expect(() => distributionOf([1, NaN])).toThrow(RangeError);
    expect(() => distributionOf([-Infinity, 1])).toThrow(RangeError);
  });
});

describe('softmaxConfidence', () => {
  it('is the softmax of the best class', () => {
    expect(softmaxConfidence(predict(2, 1, 0))).toBeCloseTo(Math.E ** 2 / (Math.E ** 2 + Math.E + 1), 12);
    expect(softmaxConfidence(predict(7, 7, 7, 7))).toBeCloseTo(0.25, 14);
  });

  it('is absent for an invalid or infinite row', () => {
    expect(softmaxConfidence(predict(NaN, 1))).toBeNull();
    expect(softmaxConfidence(predict(Infinity, 1))).toBeNull();
  });
});

describe('calibration', () => {
  it('is the mean gap between confidence and accuracy, weighted by images', () => {
    const result = calibration([0.9, 0.9, 0.9, 0.9, 0.3, 0.3], [true, true, true, false, false, true]);
    // |0.9 - 0.75| * 4/6 + |0.3 - 0.5| * 2/6
    expect(result.expectedCalibrationError).toBeCloseTo((0.15 * 4 + 0.2 * 2) / 6, 12);
    expect(result.bins).toHaveLength(15);
  });

  it('puts a confidence on an edge in the lower bin, 0 in the first and 1 in the last', () => {
    const { bins } = calibration([0, 0.5, 0.51, 1], [false, true, true, true], 2);
    expect(bins.map(({ images, correct }) => [images, correct])).toEqual([
      [2, 1],
      [2, 2],
    ]);
    expect(bins[0]).toMatchObject({ lower: 0, upper: 0.5, meanConfidence: 0.25 });
  });

  it('has no mean for an empty bin, no error for no image, and counts images without confidence', () => {
    const result = calibration([null], [false]);
    expect(result).toMatchObject({ images: 0, withoutConfidence: 1, expectedCalibrationError: null });
    expect(result.bins[3]?.meanConfidence).toBeNull();
  });

  it('refuses a confidence that is none', () => {
    expect(() => calibration([1.5], [true])).toThrow('received 1.5');
    expect(() => calibration([NaN], [true])).toThrow(RangeError);
    expect(() => calibration([1], [])).toThrow(RangeError);
  });
});

describe('margins', () => {
  it('count ties as zero and leave out what has none', () => {
    const result = margins([
      predict(5, 5, 1),
      predict(2, 9),
      predict(NaN, 1),
      predict(3),
      predict(Infinity, Infinity),
    ]);
    expect(result).toMatchObject({ zero: 1, without: 3 });
    expect(result.distribution).toMatchObject({ images: 2, minimum: 0, maximum: 7 });
    expect(topMargin(predict(2, 9))).toBe(7);
  });
});

describe('mostDisagreed', () => {
  it('tells for each pair how many images were lost and gained', () => {
    expect(mostDisagreed([1, 1, 2, 9, 5, 5], [1, 1, 1, 1, 5, 5], [2, 2, 2, 2, 5, null])).toEqual([
      { reference: 1, candidate: 2, images: 4, lost: 2, gained: 1 },
    ]);
  });

  it('refuses lists of different lengths', () => {
    expect(() => mostDisagreed([1], [1], [])).toThrow(RangeError);
  });
});

describe('runningTop1', () => {
  it('has at most 200 points, ends with all images and never goes back', () => {
    const curve = runningTop1(Array.from({ length: 50000 }, (_, index) => index % 4 !== 0));
    expect(curve).toHaveLength(200);
    expect(curve.at(-1)).toMatchObject({ images: 50000, correct: 37500 });
    expect(curve.every((point, index) => index === 0 || point.images > curve[index - 1]!.images)).toBe(true);
    expect(curve[0]!.interval.upper - curve[0]!.interval.lower).toBeGreaterThan(
      curve[199]!.interval.upper - curve[199]!.interval.lower,
    );
  });

  it('has a point an image where there are few, and none for none', () => {
    expect(runningTop1([true, false, true]).map(({ images, correct }) => [images, correct])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ]);
    expect(runningTop1([])).toEqual([]);
    for (const length of [199, 200, 201, 333]) {
      const curve = runningTop1(new Array<boolean>(length).fill(true));
      expect(curve).toHaveLength(Math.min(200, length));
      expect(curve.at(-1)?.images).toBe(length);
    }
  });
});

describe('scoreDrift', () => {
  it('is zero between equal results', () => {
    expect(scoreDrift([predict(3, 1)], [predict(1, 3)])).toMatchObject({
      changed: 0,
      meanAbsolute: 0,
      maxAbsolute: 0,
    });
  });

  it('measures the top scores image by image and leaves out what has none', () => {
    const drift = scoreDrift(
      [predict(3, 1), predict(5, 1), predict(NaN, 1), predict(2, 1)],
      [predict(4, 1), predict(2, 1), predict(2, 1), predict(2, 0)],
    );
    expect(drift).toMatchObject({ images: 3, without: 1, changed: 2, maxAbsolute: 3, maxAt: 1 });
    expect(drift.meanAbsolute).toBeCloseTo(4 / 3, 14);
    expect(drift.difference).toMatchObject({ minimum: -3, maximum: 1 });
  });

  it('names the first of several largest differences', () => {
    expect(
      scoreDrift([predict(1), predict(1), predict(1)], [predict(1), predict(3), predict(-1)]).maxAt,
    ).toBe(1);
  });

  it('has no figures without images and refuses lists that do not match', () => {
    expect(scoreDrift([], [])).toMatchObject({
      images: 0,
      meanAbsolute: null,
      maxAbsolute: null,
      difference: null,
    });
    expect(() => scoreDrift([predict(1)], [])).toThrow(RangeError);
  });
});
