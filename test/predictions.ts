import type { Prediction } from '../src/domain/domain.js';

/** A model that names one class, with so many classes at its score. */
export function naming(index: number, tiedTop = 1): Prediction {
  return {
    classes: [index],
    scores: [1],
    labelAbove: 0,
    labelTied: 0,
    tiedTop,
    logSumExp: 1,
    invalid: false,
  };
}
