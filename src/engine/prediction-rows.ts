import type { Prediction, Predictions } from '../domain/domain.js';
import { PredictionList } from '../domain/prediction-list.js';
import { readRow, ROW_BYTES, writeRow } from '../store/table.js';

/**
 * One model's predictions by sample, as rows of fixed length whose memory is taken at the start: as objects they are
 * ten times as large, and a run's memory grew with every image.
 */
export class PredictionRows {
  readonly #rows: Buffer;
  readonly #known: Uint8Array;

  constructor(samples: number) {
    this.#known = new Uint8Array(samples);
    // Filled, so that the system hands out its pages now and not image by image.
    this.#rows = Buffer.alloc(samples * ROW_BYTES, 1);
  }

  has(sample: number): boolean {
    return this.#known[sample] === 1;
  }

  at(sample: number): Prediction | undefined {
    return this.has(sample) ? readRow(this.#rows, sample * ROW_BYTES) : undefined;
  }

  set(sample: number, prediction: Prediction): void {
    writeRow(this.#rows, sample * ROW_BYTES, prediction);
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
