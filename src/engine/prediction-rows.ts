import type { Prediction, Predictions } from '../domain/domain.js';
import { PredictionList } from '../domain/prediction-list.js';
import { PackedPredictions } from '../store/packed-predictions.js';

/** One model's predictions by sample. */
export class PredictionRows {
  readonly #rows: PackedPredictions;
  readonly #known: Uint8Array;

  constructor(samples: number) {
    this.#known = new Uint8Array(samples);
    this.#rows = new PackedPredictions(samples);
  }

  has(sample: number): boolean {
    return this.#known[sample] === 1;
  }

  at(sample: number): Prediction | undefined {
    return this.has(sample) ? this.#rows.get(sample) : undefined;
  }

  set(sample: number, prediction: Prediction): void {
    this.#rows.set(sample, prediction);
    this.#known[sample] = 1;
  }

  forget(sample: number): void {
    this.#known[sample] = 0;
  }

  /** Those of some samples, all of which it has, in their order. */
  of(samples: readonly number[]): Predictions {
    return new PredictionList(samples.length, (image) => this.at(samples[image]!)!);
  }
}
