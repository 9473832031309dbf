import type { Prediction, Sha256 } from '../domain/domain.js';
import { RunError } from '../domain/errors.js';
import type { BatchPlan } from './batch-plan.js';
import type { JobTimes, PlainFault } from './messages.js';
import type { EngineOptions, EngineProgress } from './options.js';
import { PredictionRows } from './prediction-rows.js';

/** What a run has found, once it has ended. */
export interface EngineResult {
  /** By model, then by sample; a bad image has none. */
  readonly predictions: readonly PredictionRows[];
  /** By sample; null where it could not even be read. */
  readonly sha256: readonly (Sha256 | null)[];
  readonly bad: ReadonlyMap<number, PlainFault>;
  /** By model: why it could not be run, null where it could. A model that failed has no figure. */
  readonly failed: readonly (PlainFault | null)[];
  /** By model: how it was called. */
  readonly plans: readonly BatchPlan[];
  /** By model: images whose predictions were known before. */
  readonly reused: readonly number[];
  readonly times: JobTimes;
  readonly seconds: number;
  readonly throughput: readonly { readonly seconds: number; readonly images: number }[];
  /** The signal stopped the run before its end. */
  readonly stopped: boolean;
}

/** Seconds between two points of the throughput curve. */
const THROUGHPUT_STEP = 0.5;

/** What a run has found so far: predictions and faults by model and by sample, counts and times. */
export class Results {
  readonly sha256: (Sha256 | null)[];
  readonly failed: (PlainFault | null)[];
  readonly #options: Pick<EngineOptions, 'samples' | 'order'>;
  readonly #start = performance.now();
  readonly #predictions: readonly PredictionRows[];
  readonly #bad = new Map<number, PlainFault>();
  readonly #reused: number[];
  readonly #running: { images: number; top1: number }[];
  readonly #inference: number[];
  readonly #throughput: { seconds: number; images: number }[] = [];
  #decode = 0;
  #prepare = 0;
  #done = 0;
  #known = 0;

  constructor(options: Pick<EngineOptions, 'samples' | 'order' | 'models'>) {
    const { samples, models } = options;
    this.#options = options;
    this.#predictions = models.map(() => new PredictionRows(samples.length));
    this.sha256 = new Array<Sha256 | null>(samples.length).fill(null);
    this.failed = models.map(() => null);
    this.#reused = models.map(() => 0);
    this.#running = models.map(() => ({ images: 0, top1: 0 }));
    this.#inference = models.map(() => 0);
  }

  /** Takes what a model says of an image. */
  predicted(model: number, sample: number, prediction: Prediction): void {
    this.#predictions[model]!.set(sample, prediction);
    const running = this.#running[model]!;
    running.images++;
    if (prediction.classes[0] === this.#options.samples[sample]!.label) running.top1++;
  }

  /** Takes what a model said of an image in an earlier run. */
  reused(model: number, sample: number, prediction: Prediction): void {
    this.#reused[model]!++;
    this.predicted(model, sample, prediction);
  }

  /** An image has all of its predictions; gives them by model, none of those that failed. */
  finished(sample: number, known: boolean): ReadonlyMap<number, Prediction> {
    this.#done++;
    if (known) this.#known++;
    const all = new Map<number, Prediction>();
    this.#predictions.forEach((rows, model) => {
      const prediction = this.failed[model] === null ? rows.at(sample) : undefined;
      if (prediction !== undefined) all.set(model, prediction);
    });
    return all;
  }

  unusable(sample: number, fault: PlainFault): void {
    this.#done++;
    this.#bad.set(sample, fault);
    for (const rows of this.#predictions) rows.forget(sample);
  }

  spent(times: JobTimes): void {
    this.#decode += times.decode;
    this.#prepare += times.prepare;
    times.inference.forEach((seconds, model) => (this.#inference[model]! += seconds));
  }

  get progress(): EngineProgress {
    return {
      done: this.#done,
      known: this.#known,
      total: this.#options.order.length,
      seconds: this.#seconds,
      running: this.#running,
    };
  }

  /** Adds a point to the throughput curve where the last one is long past, or none will follow. */
  mark(last = false): void {
    const seconds = this.#seconds;
    const previous = this.#throughput.at(-1)?.seconds ?? 0;
    if (last || seconds - previous >= THROUGHPUT_STEP) this.#throughput.push({ seconds, images: this.#done });
  }

  /** @throws RunError where a run that was not stopped left an image without predictions and fault */
  result(plans: readonly BatchPlan[], stopped: boolean): EngineResult {
    if (!stopped) this.#assertComplete();
    this.mark(true);
    return {
      predictions: this.#predictions,
      sha256: this.sha256,
      bad: this.#bad,
      failed: this.failed,
      plans,
      reused: this.#reused,
      times: { decode: this.#decode, prepare: this.#prepare, inference: this.#inference },
      seconds: this.#seconds,
      throughput: this.#throughput,
      stopped,
    };
  }

  get #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** Counts images, not batches: every sample of the order has a prediction of every model or a fault. */
  #assertComplete(): void {
    const { order, samples } = this.#options;
    const lost = order.filter(
      (sample) =>
        !this.#bad.has(sample) &&
        this.#predictions.some((rows, model) => this.failed[model] === null && !rows.has(sample)),
    );
    if (lost.length === 0 && this.#done === order.length) return;
    throw new RunError({
      code: 'images-lost',
      what: `${lost.length} images have no result (${this.#done} of ${order.length} done); this is a bug in imagenet-eval`,
      where: lost.length === 0 ? null : samples[lost[0]!]!.id,
      remedy: 'Please report it with the command and the config.',
    });
  }
}
