import { describe, expect, it } from 'vitest';
import { calibration } from '../../src/metrics/calibration.js';
import { wholeEstimate } from '../../src/metrics/estimate.js';
import { Xoshiro256 } from '../../src/metrics/random.js';

const random = Xoshiro256.seeded(5);
const uniform = (): number => random.nextHigh() / 2 ** 32;

/** 40 classes of 50 images, some easy and some hard, and a draw of `each` images of every class. */
function draw(each: number): { truth: number; classes: { images: number; correct: number }[] } {
  let right = 0;
  const classes = Array.from({ length: 40 }, (_, label) => {
    const ease = label % 2 === 0 ? 0.95 : 0.3;
    const images = Array.from({ length: 50 }, () => uniform() < ease);
    right += images.filter(Boolean).length;
    for (let last = 49; last > 0; last--) {
      const other = random.below(last + 1);
      [images[last], images[other]] = [images[other]!, images[last]!];
    }
    return { images: each, correct: images.slice(0, each).filter(Boolean).length };
  });
  return { truth: right / 2000, classes };
}

describe('From a part to the whole', () => {
  it('holds the truth as often as it says, drawn by class', () => {
    let held = 0;
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const { truth, classes } = draw(10);
      const { interval, method } = wholeEstimate(classes, { images: 2000, unusable: 0 }, true)!;
      expect(method).toBe('by-class');
      if (interval.lower <= truth && truth <= interval.upper) held++;
    }
    expect(held / runs).toBeGreaterThan(0.93);
  });

  it('is narrower drawn by class than at random where classes differ, and exact for the whole', () => {
    const { classes } = draw(10);
    const width = (byClass: boolean): number => {
      const { interval } = wholeEstimate(classes, { images: 2000, unusable: 0 }, byClass)!;
      return interval.upper - interval.lower;
    };
    expect(width(true)).toBeLessThan(0.8 * width(false));
    expect(wholeEstimate(classes, { images: 400, unusable: 0 }, true)).toBeNull();
    expect(wholeEstimate(classes, { images: null, unusable: 0 }, true)).toBeNull();
  });

  it('takes one image a class for a random draw, and counts unusable images both ways', () => {
    const single = Array.from({ length: 40 }, (_, label) => ({ images: 1, correct: label % 2 }));
    const plain = wholeEstimate(single, { images: 2000, unusable: 0 }, true)!;
    expect(plain.method).toBe('random');
    const bad = wholeEstimate(single, { images: 2000, unusable: 100 }, true)!;
    expect(bad.interval.upper - bad.interval.lower).toBeGreaterThan(
      plain.interval.upper - plain.interval.lower + 0.03,
    );
  });
});

describe('Calibration on few images', () => {
  it('says what a perfectly calibrated model would show: about 0.045 at 400 images', () => {
    let shown = 0;
    let said = 0;
    for (let run = 0; run < 50; run++) {
      const confidence = Array.from({ length: 400 }, () => 0.2 + 0.8 * Math.sqrt(uniform()));
      const found = calibration(
        confidence,
        confidence.map((share) => uniform() < share),
      );
      shown += found.expectedCalibrationError! / 50;
      said += found.errorByChance! / 50;
    }
    expect(said).toBeGreaterThan(0.035);
    expect(said).toBeLessThan(0.055);
    expect(Math.abs(said - shown)).toBeLessThan(0.005);
  });

  it("gives Brier's score and the negative log-likelihood of the confidence", () => {
    const { brierScore, negativeLogLikelihood } = calibration([0.8, 0.6, 1], [true, false, false]);
    expect(brierScore).toBeCloseTo((0.04 + 0.36 + 1) / 3, 12);
    expect(negativeLogLikelihood).toBeCloseTo((-Math.log(0.8) - Math.log(0.4) - Math.log(1e-15)) / 3, 9);
  });
});
