import type { Prediction } from '../domain/domain.js';
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

  get(sample: number): Prediction | null {
    return this.has(sample) ? readRow(this.#rows, sample * ROW_BYTES) : null;
  }

  set(sample: number, prediction: Prediction): void {
    writeRow(this.#rows, sample * ROW_BYTES, prediction);
    this.#known[sample] = 1;
  }

  forget(sample: number): void {
    this.#known[sample] = 0;
  }

  /** All, in the order of the samples; null where there is none. */
  list(): (Prediction | null)[] {
    return Array.from(this.#known, (_, sample) => this.get(sample));
  }
}
