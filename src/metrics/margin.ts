import type { Prediction, Predictions } from '../domain/domain.js';
import { describe, type Distribution } from './distribution.js';

/** How far the best class is ahead of the second, over the images. */
export interface Margins {
  /** In the model's score units; null if no image has a margin. */
  readonly distribution: Distribution | null;
  /** Images with margin 0: the top score is tied. */
  readonly zero: number;
  /** Images without a margin: invalid rows, one class only, infinite scores. */
  readonly without: number;
}

/** Top margin of one image: best score minus second best, >= 0; null where there is none. */
export function topMargin(prediction: Prediction): number | null {
  const [first, second] = prediction.scores;
  if (first === undefined || second === undefined) return null;
  const margin = first - second;
  return Number.isFinite(margin) ? margin : null;
}

/** Distribution of the top margin; quantized models pile up at 0 and at multiples of their output scale. */
export function margins(predictions: Predictions, bars = 20): Margins {
  const known = predictions.map(topMargin).filter((margin) => margin !== null);
  return {
    distribution: describe(known, bars),
    zero: known.filter((margin) => margin === 0).length,
    without: predictions.length - known.length,
  };
}
