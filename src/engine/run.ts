import { hash } from 'node:crypto';

import type { LabelledImage, Prediction, Sha256, TieRule } from '../domain/domain.js';
import { RunError, messageOf } from '../domain/errors.js';
import type { SessionSettings } from '../runtime/session-settings.js';
import type {
  ImageResult,
  Job,
  JobImage,
  JobTimes,
  PlainFault,
  FirstTensor,
  WorkerModel,
} from './messages.js';
import { WorkerPool } from './pool.js';
import { PredictionRows } from './prediction-rows.js';
import { readAhead } from './read-ahead.js';

/** An image to run, with the way to its bytes. */
export interface EngineSample extends LabelledImage {
  read(): Promise<Uint8Array>;
}

/** What earlier runs know, and where this run's predictions go as they come. */
export interface EngineStore {
  get(model: number, sample: number, sha256: Sha256): Prediction | undefined;
  /** All predictions of one image, by model, those that `get` gave included. */
  put(sample: number, sha256: Sha256, predictions: readonly Prediction[]): void;
  putBad(sample: number, sha256: Sha256 | null, fault: PlainFault): void;
  /** Resolves when the store can take more; throws where it can't be written. */
  drained(): Promise<void>;
}

export interface EngineProgress {
  /** Images finished, bad ones included. */
  readonly done: number;
  /** Those among them that an earlier run had measured already. */
  readonly known: number;
  readonly total: number;
  readonly seconds: number;
  /** By model: images and Top-1 hits so far. */
  readonly running: readonly { readonly images: number; readonly top1: number }[];
}

export interface EngineOptions {
  readonly samples: readonly EngineSample[];
  /** Indices into `samples` in the order in which they are run. */
  readonly order: readonly number[];
  readonly models: readonly WorkerModel[];
  readonly workers: number;
  readonly batch: number;
  readonly settings: SessionSettings;
  readonly ties: TieRule;
  readonly decodeTimeoutMs: number;
  readonly store: EngineStore;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EngineProgress) => void;
  readonly onFirstTensors: (statistics: readonly FirstTensor[]) => void;
  readonly onWarning: (text: string) => void;
  /** Called after each image of each model; throws to stop the run (a wrong set-up, a decided gate). */
  readonly onPrediction: (model: number, sample: number, prediction: Prediction) => void;
  /** Called once for each image that can't be used. */
  readonly onBad?: (sample: number) => void;
  readonly workerFile?: URL;
}

export interface EngineResult {
  /** By model, then by sample; null where the image is bad. */
  readonly predictions: readonly (readonly (Prediction | null)[])[];
  /** By sample; null where it could not even be read. */
  readonly sha256: readonly (Sha256 | null)[];
  readonly bad: ReadonlyMap<number, PlainFault>;
  /** By model: images whose predictions were known before. */
  readonly reused: readonly number[];
  readonly times: JobTimes;
  /** By model; null where it was not tried. */
  readonly batchInvariant: readonly (boolean | null)[];
  readonly seconds: number;
  readonly throughput: readonly { readonly seconds: number; readonly images: number }[];
  /** The signal stopped the run before its end. */
  readonly stopped: boolean;
}

/** Seconds between two points of the throughput curve. */
const THROUGHPUT_STEP = 0.5;

/**
 * Streams every sample once through every model: reads bytes here, deals them to worker threads, and collects.
 * What the store knows is not computed again. Samples are matched by index, never by order of arrival.
 */
export async function runEngine(options: EngineOptions): Promise<EngineResult> {
  return new EngineRun(options).run();
}

class EngineRun {
  private readonly start = performance.now();
  private readonly predictions: PredictionRows[];
  private readonly sha256: (Sha256 | null)[];
  private readonly bad = new Map<number, PlainFault>();
  private readonly reused: number[];
  private readonly running: { images: number; top1: number }[];
  private readonly inference: number[];
  private readonly throughput: { seconds: number; images: number }[] = [];
  private decode = 0;
  private prepare = 0;
  private done = 0;
  private known = 0;
  private jobId = 0;
  private probeJob: Job | null = null;

  constructor(private readonly options: EngineOptions) {
    const { samples, models } = options;
    this.predictions = models.map(() => new PredictionRows(samples.length));
    this.sha256 = new Array<Sha256 | null>(samples.length).fill(null);
    this.reused = models.map(() => 0);
    this.running = models.map(() => ({ images: 0, top1: 0 }));
    this.inference = models.map(() => 0);
  }

  async run(): Promise<EngineResult> {
    const { options } = this;
    const jobs = this.jobs();
    // Where the store knows everything no worker is ever started.
    const first = await jobs.next();
    let batchInvariant: readonly (boolean | null)[] = options.models.map(() => null);
    if (first.done !== true) {
      const { models, settings, batch, ties, decodeTimeoutMs } = options;
      const pool = new WorkerPool(
        { models, settings, batch, ties, decodeTimeoutMs },
        options.workers,
        this.poolEvents(),
        options.workerFile,
      );
      try {
        await pool.run(chain(first.value, jobs));
        if (this.probeJob !== null && !options.signal.aborted)
          batchInvariant = await pool.probe(this.probeJob);
      } finally {
        await pool.close();
      }
    }
    await options.store.drained();
    const stopped = options.signal.aborted;
    if (!stopped) this.assertComplete();
    this.mark(true);
    return {
      predictions: this.predictions.map((rows) => rows.list()),
      sha256: this.sha256,
      bad: this.bad,
      reused: this.reused,
      times: { decode: this.decode, prepare: this.prepare, inference: this.inference },
      batchInvariant,
      seconds: this.elapsed(),
      throughput: this.throughput,
      stopped,
    };
  }

  private elapsed(): number {
    return (performance.now() - this.start) / 1000;
  }

  private poolEvents() {
    return {
      onDone: (results: readonly ImageResult[], times: JobTimes): void => {
        this.decode += times.decode;
        this.prepare += times.prepare;
        times.inference.forEach((seconds, model) => (this.inference[model]! += seconds));
        for (const result of results) this.take(result);
        this.mark(false);
      },
      onFirstTensors: this.options.onFirstTensors,
      onWarning: this.options.onWarning,
    };
  }

  /** Reads, hashes and deals; yields jobs of `batch` images that some model still needs. */
  private async *jobs(): AsyncGenerator<Job, void, void> {
    const { samples, order, batch, workers, store, signal } = this.options;
    let images: JobImage[] = [];
    const read = async (index: number): Promise<{ index: number; bytes: Uint8Array | PlainFault }> => {
      try {
        return { index, bytes: await samples[index]!.read() };
      } catch (error) {
        return {
          index,
          bytes: { code: 'image-unreadable', what: `can't be read: ${messageOf(error)}`, remedy: null },
        };
      }
    };
    for await (const { index, bytes } of readAhead(order, batch * workers + 2, read)) {
      if (signal.aborted) return;
      if (!(bytes instanceof Uint8Array)) {
        this.takeBad(index, bytes);
        continue;
      }
      const missing = this.reuse(index, hash('sha256', bytes, 'hex'));
      if (missing.length === 0) continue;
      const { id, label } = samples[index]!;
      images.push({ index, id, label, bytes, models: missing });
      if (images.length < batch) continue;
      yield this.job(images);
      images = [];
      await store.drained();
    }
    if (images.length > 0) yield this.job(images);
  }

  private job(images: readonly JobImage[]): Job {
    const job: Job = { id: ++this.jobId, images };
    this.probeJob ??= job;
    return job;
  }

  /** Takes what the store knows of an image; gives the models that still need it. */
  private reuse(index: number, sha256: Sha256): number[] {
    this.sha256[index] = sha256;
    const missing: number[] = [];
    this.options.models.forEach((_, model) => {
      const known = this.options.store.get(model, index, sha256);
      if (known === undefined) {
        missing.push(model);
        return;
      }
      this.reused[model]!++;
      this.record(model, index, known);
    });
    if (missing.length === 0) {
      this.known++;
      this.finish(index);
    }
    return missing;
  }

  private take(result: ImageResult): void {
    if (result.kind === 'bad') {
      this.takeBad(result.index, result.fault);
      return;
    }
    for (const [model, prediction] of result.predictions) this.record(model, result.index, prediction);
    this.finish(result.index);
  }

  private finish(index: number): void {
    const all = this.predictions.map((rows) => rows.get(index));
    this.options.store.put(
      index,
      this.sha256[index]!,
      all.filter((prediction) => prediction !== null),
    );
    this.advance();
  }

  private record(model: number, index: number, prediction: Prediction): void {
    const { label } = this.options.samples[index]!;
    this.predictions[model]!.set(index, this.sha256[index]!, label, prediction);
    const running = this.running[model]!;
    running.images++;
    if (prediction.classes[0] === label) running.top1++;
    this.options.onPrediction(model, index, prediction);
  }

  private takeBad(index: number, fault: PlainFault): void {
    this.bad.set(index, fault);
    for (const rows of this.predictions) rows.forget(index);
    this.options.store.putBad(index, this.sha256[index] ?? null, fault);
    this.options.onBad?.(index);
    this.advance();
  }

  private advance(): void {
    this.done++;
    this.options.onProgress({
      done: this.done,
      known: this.known,
      total: this.options.order.length,
      seconds: this.elapsed(),
      running: this.running,
    });
  }

  private mark(last: boolean): void {
    const seconds = this.elapsed();
    const previous = this.throughput.at(-1)?.seconds ?? 0;
    if (last || seconds - previous >= THROUGHPUT_STEP) this.throughput.push({ seconds, images: this.done });
  }

  /** Counts images, not batches: every dealt sample has a prediction of every model or a fault. */
  private assertComplete(): void {
    const lost = this.options.order.filter(
      (index) => !this.bad.has(index) && this.predictions.some((rows) => !rows.has(index)),
    );
    if (lost.length === 0 && this.done === this.options.order.length) return;
    throw new RunError({
      code: 'images-lost',
      what: `${lost.length} images have no result (${this.done} of ${this.options.order.length} done); this is a bug in imagenet-eval`,
      where: lost.length === 0 ? null : this.options.samples[lost[0]!]!.id,
      remedy: 'Please report it with the command and the config.',
    });
  }
}

async function* chain<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  yield first;
  yield* rest;
}
