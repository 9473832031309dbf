import type { Prediction } from '../domain/domain.js';
import { assertAligned } from './aligned.js';

/** Images whose confidence lies in (lower, upper]; the first bin also holds 0. */
interface ReliabilityBin {
  readonly lower: number;
  readonly upper: number;
  readonly images: number;
  readonly correct: number;
  /** Null for an empty bin. */
  readonly meanConfidence: number | null;
}

/** How far confidences agree with the share of images that are right. */
export interface Calibration {
  readonly bins: readonly ReliabilityBin[];
  /**
   * Expected calibration error in [0, 1]: the mean over images of |share correct - mean confidence| of their bin.
   * Null if no image has a confidence.
   */
  readonly expectedCalibrationError: number | null;
  /**
   * The expected calibration error that a perfectly calibrated model with these confidences would show on so few images:
   * sqrt(2 / pi) times the standard deviation of each bin's count. Null with the error.
   */
  readonly errorByChance: number | null;
  /** Mean of (confidence - right or wrong)^2 over the images: Brier's score of the Top-1 confidence. Null as above. */
  readonly brierScore: number | null;
  /**
   * Mean of -ln of the probability that the confidence gives to what happened (right or wrong), at least 1e-15. Null as
   * above.
   */
  readonly negativeLogLikelihood: number | null;
  /** Images that have a confidence. */
  readonly images: number;
  /** Images without one (invalid rows, infinite scores): in no bin. */
  readonly withoutConfidence: number;
}

/**
 * Softmax confidence of the Top-1 class, in (0, 1]; null for an invalid row or an infinite score.
 * Only for models that give logits: for one that gives probabilities the confidence is scores[0] itself.
 */
export function softmaxConfidence(prediction: Prediction): number | null {
  const top = prediction.scores[0];
  if (prediction.invalid || top === undefined || !Number.isFinite(top)) return null;
  return Math.min(1, Math.exp(top - prediction.logSumExp));
}

/**
 * Reliability diagram and expected calibration error over bins of equal width, as Guo et al., "On Calibration of
 * Modern Neural Networks", ICML 2017 (15 bins there and here).
 *
 * @param confidence one in [0, 1] an image, or null
 * @param correct Top-1 correctness, aligned
 * @throws RangeError if the lists differ in length or a confidence is outside [0, 1]
 */
export function calibration(
  confidence: readonly (number | null)[],
  correct: readonly boolean[],
  bins = 15,
): Calibration {
  assertAligned(confidence, correct);
  const counts = Array.from({ length: bins }, () => ({ images: 0, correct: 0, sum: 0, variance: 0 }));
  let images = 0;
  let squares = 0;
  let logs = 0;
  confidence.forEach((value, index) => {
    if (value === null) return;
    if (!(value >= 0 && value <= 1))
      throw new RangeError(`Expected a confidence from 0 to 1 but received ${value}`);
    images++;
    const bin = counts[Math.max(0, Math.ceil(value * bins) - 1)]!;
    bin.images++;
    bin.sum += value;
    bin.variance += value * (1 - value);
    const right = correct[index]! ? 1 : 0;
    squares += (value - right) ** 2;
    logs -= Math.log(Math.max(1e-15, right === 1 ? value : 1 - value));
    if (correct[index]!) bin.correct++;
  });
  const error = counts.reduce((sum, bin) => sum + Math.abs(bin.correct - bin.sum), 0);
  return {
    bins: counts.map((bin, index) => ({
      lower: index / bins,
      upper: (index + 1) / bins,
      images: bin.images,
      correct: bin.correct,
      meanConfidence: bin.images === 0 ? null : bin.sum / bin.images,
    })),
    expectedCalibrationError: images === 0 ? null : error / images,
    errorByChance:
      images === 0
        ? null
        : counts.reduce((sum, bin) => sum + Math.sqrt((2 / Math.PI) * bin.variance), 0) / images,
    brierScore: images === 0 ? null : squares / images,
    negativeLogLikelihood: images === 0 ? null : logs / images,
    images,
    withoutConfidence: confidence.length - images,
  };
}
