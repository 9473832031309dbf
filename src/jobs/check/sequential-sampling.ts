import type { ClassIndex, Prediction } from '../../domain/domain.js';
import type { Sampling } from '../run/options.js';
import { permutation } from '../../metrics/permutation.js';
import type { SequentialTest } from './sequential-test.js';

/** A model under test. */
export interface TestedModel {
  /** Its place among the run's models. */
  readonly model: number;
  /** What it is compared with on a sample; undefined: on no sample anything. `row` has the run's predictions by model. */
  readonly reference: (sample: number, row: readonly (Prediction | null)[]) => Prediction | null;
  readonly tests: readonly SequentialTest[];
}

/** What every model said of one image of the order; all null for an image that could not be used. */
export interface SeenImage {
  readonly sample: number;
  readonly predictions: readonly (Prediction | null)[];
}

/**
 * A run in the order of one random permutation that feeds the tests strictly in that order, however the workers finish,
 * and ends when every model is finished: a gate of it has failed, or all have passed.
 */
export class SequentialSampling implements Sampling {
  readonly order: readonly number[];
  readonly part: string | null;
  readonly enough: AbortSignal;
  /** Images from the start of the order that the tests were fed, in order. */
  readonly seen: SeenImage[] = [];
  private readonly ends = new AbortController();
  private readonly positionOf: Int32Array;
  private readonly waiting = new Map<number, { missing: number; row: (Prediction | null)[] }>();
  private readonly bad = new Set<number>();
  private readonly seenBy: number[];

  constructor(
    private readonly labels: readonly ClassIndex[],
    private readonly models: number,
    private readonly tested: readonly TestedModel[],
    seed: number,
    /** Images at most; null for all. */
    limit: number | null,
  ) {
    const whole = [...permutation(labels.length, seed)];
    this.order = limit === null ? whole : whole.slice(0, limit);
    this.part =
      this.order.length === labels.length
        ? null
        : `the first ${this.order.length} of a random order of ${labels.length}`;
    this.positionOf = new Int32Array(labels.length).fill(-1);
    this.order.forEach((sample, position) => (this.positionOf[sample] = position));
    this.enough = this.ends.signal;
    this.seenBy = tested.map(() => 0);
    if (this.finished()) this.ends.abort();
  }

  /** Images that the tests of a tested model were fed. */
  imagesOf(tested: TestedModel): number {
    return this.seenBy[this.tested.indexOf(tested)] ?? 0;
  }

  onPrediction = (model: number, sample: number, prediction: Prediction): void => {
    const position = this.positionOf[sample]!;
    const entry = this.waiting.get(position) ?? {
      missing: this.models,
      row: new Array<Prediction | null>(this.models).fill(null),
    };
    entry.row[model] = prediction;
    entry.missing--;
    this.waiting.set(position, entry);
    this.feed();
  };

  onBad = (sample: number): void => {
    this.bad.add(this.positionOf[sample]!);
    this.feed();
  };

  private feed(): void {
    while (!this.ends.signal.aborted && this.seen.length < this.order.length) {
      const position = this.seen.length;
      const row = this.rowAt(position);
      if (row === null) return;
      this.waiting.delete(position);
      const sample = this.order[position]!;
      this.seen.push({ sample, predictions: row });
      this.tested.forEach((one, place) => {
        if (isFinished(one)) return;
        this.seenBy[place]!++;
        const candidate = row[one.model] ?? null;
        const image =
          candidate === null
            ? null
            : { label: this.labels[sample]!, candidate, reference: one.reference(sample, row) };
        for (const test of one.tests) test.observe(image);
      });
      if (this.finished()) this.ends.abort();
    }
  }

  private rowAt(position: number): readonly (Prediction | null)[] | null {
    if (this.bad.has(position)) return new Array<null>(this.models).fill(null);
    const entry = this.waiting.get(position);
    return entry?.missing === 0 ? entry.row : null;
  }

  private finished(): boolean {
    return this.tested.every(isFinished);
  }
}

function isFinished({ tests }: TestedModel): boolean {
  return tests.some((test) => test.verdict === 'fail') || tests.every((test) => test.verdict !== null);
}
