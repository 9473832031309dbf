import { hash } from 'node:crypto';

import type { BatchFinding } from '../domain/batch-finding.js';
import type { LabelledImage, Prediction, Sha256, TieRule } from '../domain/domain.js';
import { ModelError, RunError, messageOf } from '../domain/errors.js';
import type { SessionSettings } from '../runtime/session-settings.js';
import type { PreparedImages } from '../prepared/folder.js';
import { planBatch, type BatchPlan } from './batch-plan.js';
import { failureOf } from './failure.js';
import type {
  Examined,
  ImageResult,
  Job,
  JobImage,
  JobTimes,
  ModelFailure,
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
  /** Of the encoded file, where it is known without reading it: then only prepared pixels are used. */
  readonly sha256?: Sha256;
}

/** What earlier runs know, and where this run's predictions go as they come. */
export interface EngineStore {
  get(model: number, sample: number, sha256: Sha256): Prediction | undefined;
  /** All predictions of one image, those that `get` gave included; none of a model that has failed. */
  put(sample: number, sha256: Sha256, predictions: ReadonlyMap<number, Prediction>): void;
  putBad(sample: number, sha256: Sha256 | null, fault: PlainFault): void;
  /** Why an image must not be tried again: an earlier run saw it kill workers. */
  convicted(sample: number, sha256: Sha256): PlainFault | null;
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
  /** The user gave the batch size; otherwise it is the default, which a network may refuse. */
  readonly batchExplicit: boolean;
  /** By model: what is known of its batches from an earlier run; null to try it. */
  readonly findings: readonly (BatchFinding | null)[];
  /** Told once, before `openStore`, what was found for each model that had nothing known. */
  readonly onFindings?: (findings: readonly (BatchFinding | null)[]) => void;
  /** By model: images that are prepared for its recipe; null for none. */
  readonly prepared?: readonly (PreparedImages | null)[];
  readonly settings: SessionSettings;
  readonly ties: TieRule;
  readonly decodeTimeoutMs: number;
  /** Opens the store, once it is known how each model is called: its predictions are kept under that. */
  readonly openStore: (plans: readonly BatchPlan[]) => Promise<EngineStore>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EngineProgress) => void;
  readonly onFirstTensors: (statistics: readonly FirstTensor[]) => void;
  readonly onWarning: (text: string) => void;
  /** Called after each image of each model; throws to stop the run (a wrong set-up, a decided gate). */
  readonly onPrediction: (model: number, sample: number, prediction: Prediction) => void;
  /** Called once for each image that can't be used. */
  readonly onBad?: (sample: number) => void;
  /** Called once for each model that can't be run; throws to stop the run. */
  readonly onModelFailed?: (model: number, fault: PlainFault) => void;
  readonly workerFile?: URL;
}

export interface EngineResult {
  /** By model, then by sample; null where the image is bad. */
  readonly predictions: readonly (readonly (Prediction | null)[])[];
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

/** An image's encoded file; `bytes` is null where only its prepared pixels are at hand. */
interface EncodedFile {
  readonly sha256: Sha256;
  readonly bytes: Uint8Array | null;
}

/** Seconds between two points of the throughput curve. */
const THROUGHPUT_STEP = 0.5;
/** Images that models are tried on, and how many are looked at to find them. */
const EXAMINED = 4;
const EXAMINED_AT_MOST = 16;
/** Seconds after which the trial is given up. */
const EXAMINE_LIMIT_SECONDS = 60;

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
  private readonly damaged = new Set<string>();
  private jobId = 0;
  /** The tensors of the run's first image are told once, whichever worker comes first. */
  private describing: 'not yet' | 'asked' | 'told' = 'not yet';
  private readonly failed: (PlainFault | null)[];
  private plans: readonly BatchPlan[] = [];
  private pool: WorkerPool | null = null;
  private store!: EngineStore;

  constructor(private readonly options: EngineOptions) {
    const { samples, models } = options;
    this.predictions = models.map(() => new PredictionRows(samples.length));
    this.sha256 = new Array<Sha256 | null>(samples.length).fill(null);
    this.reused = models.map(() => 0);
    this.running = models.map(() => ({ images: 0, top1: 0 }));
    this.inference = models.map(() => 0);
    this.failed = models.map(() => null);
  }

  async run(): Promise<EngineResult> {
    const { signal } = this.options;
    try {
      this.plans = await this.planAll();
      this.store = await this.options.openStore(this.plans);
      const jobs = this.jobs();
      // Where the store knows everything no worker is ever started.
      const first = await jobs.next();
      if (first.done !== true) {
        const pool = this.startPool();
        this.tellPlans(pool);
        await pool.run(chain(first.value, jobs));
      }
    } finally {
      await this.pool?.close();
    }
    await this.store.drained();
    const stopped = signal.aborted;
    if (!stopped) this.assertComplete();
    this.mark(true);
    return {
      predictions: this.predictions.map((rows) => rows.list()),
      sha256: this.sha256,
      bad: this.bad,
      failed: this.failed,
      plans: this.plans,
      reused: this.reused,
      times: { decode: this.decode, prepare: this.prepare, inference: this.inference },
      seconds: this.elapsed(),
      throughput: this.throughput,
      stopped,
    };
  }

  private startPool(): WorkerPool {
    if (this.pool !== null) return this.pool;
    const { models, settings, batch, ties, decodeTimeoutMs, workers, workerFile } = this.options;
    this.pool = new WorkerPool(
      { models, settings, batch, ties, decodeTimeoutMs },
      workers,
      this.poolEvents(),
      workerFile,
    );
    this.pool.start();
    return this.pool;
  }

  private tellPlans(pool: WorkerPool): void {
    pool.plan(this.plans.map((plan, model) => (this.failed[model] === null ? plan : null)));
  }

  /** How each model is called: from what is known of it, or from a trial on the first images that can be read. */
  private async planAll(): Promise<readonly BatchPlan[]> {
    const { models, batch, batchExplicit, signal } = this.options;
    const findings = [...this.options.findings];
    const rowsOf = (model: number): number => models[model]!.facts.fixedBatch ?? batch;
    const untried = models.flatMap((_, model) =>
      findings[model] === null && rowsOf(model) > 1 ? [model] : [],
    );
    if (untried.length > 0 && !signal.aborted) {
      const examined = await this.examine(untried);
      examined.forEach((result, model) => {
        if (result === null || !untried.includes(model)) return;
        if ('failed' in result) this.fail(model, failureOf(models[model]!.name, result.failed));
        else findings[model] = result;
      });
      this.options.onFindings?.(findings);
    }
    const plans = models.map(({ facts }, model) =>
      planBatch(facts, { batch, explicit: batchExplicit }, findings[model]!),
    );
    plans.forEach(({ notice }, model) => {
      if (notice !== null && this.failed[model] === null)
        this.options.onWarning(`model "${models[model]!.name}": ${notice}.`);
    });
    return plans;
  }

  /** Tries models on a few images at a time, until some can be decoded. */
  private async examine(models: readonly number[]): Promise<readonly Examined[]> {
    const { order, signal, onWarning } = this.options;
    const pool = this.startPool();
    const limit = AbortSignal.timeout(EXAMINE_LIMIT_SECONDS * 1000);
    let examined: readonly Examined[] = this.options.models.map(() => null);
    for (
      let from = 0;
      from < EXAMINED_AT_MOST && examined.every((model) => model === null);
      from += EXAMINED
    ) {
      const read = await Promise.all(order.slice(from, from + EXAMINED).map((index) => this.read(index)));
      if (read.length === 0 || signal.aborted || limit.aborted) break;
      const images = read.flatMap(({ index, file }) =>
        'code' in file ? [] : [this.jobImage(index, file, models)],
      );
      if (images.length === 0) continue;
      const found = await pool.examine({ id: 0, describe: false, images }, AbortSignal.any([signal, limit]));
      if (found === null) break;
      examined = found;
    }
    if (limit.aborted && !signal.aborted)
      onWarning(
        `trying the models on the first images took more than ${EXAMINE_LIMIT_SECONDS} s and was given up: whether their scores depend on the batch is not known.`,
      );
    return examined;
  }

  private fail(model: number, fault: PlainFault): void {
    if (this.failed[model] !== null) return;
    this.failed[model] = fault;
    const { models, onWarning, onModelFailed } = this.options;
    onWarning(`${fault.what}. "${models[model]!.name}" is left out; the other models go on.`);
    onModelFailed?.(model, fault);
    if (this.failed.some((other) => other === null)) return;
    throw new ModelError({ ...fault, where: null });
  }

  private elapsed(): number {
    return (performance.now() - this.start) / 1000;
  }

  private poolEvents() {
    return {
      onDone: (results: readonly ImageResult[], failures: readonly ModelFailure[], times: JobTimes): void => {
        for (const { model, fault } of failures) this.fail(model, fault);
        if (failures.length > 0 && this.pool !== null) this.tellPlans(this.pool);
        this.decode += times.decode;
        this.prepare += times.prepare;
        times.inference.forEach((seconds, model) => (this.inference[model]! += seconds));
        for (const result of results) this.take(result);
        this.mark(false);
      },
      onFirstTensors: (statistics: readonly FirstTensor[]): void => {
        if (this.describing === 'told') return;
        this.describing = statistics.length === 0 ? 'not yet' : 'told';
        if (statistics.length > 0) this.options.onFirstTensors(statistics);
      },
      onWarning: this.options.onWarning,
      onDamaged: (file: string, why: string): void => {
        if (this.damaged.has(file)) return;
        this.damaged.add(file);
        this.options.onWarning(`prepared images can't be used and are left out: ${why}`);
        for (const images of new Set(this.options.prepared ?? [])) void images?.drop(file);
      },
    };
  }

  /** Reads, hashes and deals; yields jobs of `batch` images that some model still needs. */
  private async *jobs(): AsyncGenerator<Job, void, void> {
    const { order, batch, workers, signal } = this.options;
    let images: JobImage[] = [];
    const window = batch * workers + 2;
    for await (const { index, file } of readAhead(order, window, (at) => this.read(at))) {
      if (signal.aborted) return;
      if ('code' in file) {
        this.takeBad(index, file);
        continue;
      }
      const missing = this.reuse(index, file.sha256);
      if (missing.length === 0) continue;
      const convicted = this.store.convicted(index, this.sha256[index]!);
      if (convicted !== null) {
        this.takeBad(index, convicted);
        continue;
      }
      images.push(this.jobImage(index, file, missing));
      if (images.length < batch) continue;
      yield this.job(images);
      images = [];
      await this.store.drained();
    }
    if (images.length > 0) yield this.job(images);
  }

  private async read(index: number): Promise<{ index: number; file: EncodedFile | PlainFault }> {
    const { sha256, ...sample } = this.options.samples[index]!;
    if (sha256 !== undefined) return { index, file: { sha256, bytes: null } };
    try {
      const bytes = await sample.read();
      return { index, file: { sha256: hash('sha256', bytes, 'hex'), bytes } };
    } catch (error) {
      return {
        index,
        file: { code: 'image-unreadable', what: `can't be read: ${messageOf(error)}`, remedy: null },
      };
    }
  }

  private jobImage(index: number, { sha256, bytes }: EncodedFile, models: readonly number[]): JobImage {
    const { id, label } = this.options.samples[index]!;
    const places = models.map((model) => this.options.prepared?.[model]?.find(sha256) ?? null);
    return { index, id, label, bytes, sha256, models, places };
  }

  private job(images: readonly JobImage[]): Job {
    const describe = this.describing === 'not yet';
    if (describe) this.describing = 'asked';
    return { id: ++this.jobId, describe, images };
  }

  /** Takes what the store knows of an image; gives the models that still need it. */
  private reuse(index: number, sha256: Sha256): number[] {
    this.sha256[index] = sha256;
    const missing: number[] = [];
    this.options.models.forEach((_, model) => {
      if (this.failed[model] !== null) return;
      const known = this.store.get(model, index, sha256);
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
    for (const [model, prediction] of result.predictions)
      if (this.failed[model] === null) this.record(model, result.index, prediction);
    this.finish(result.index);
  }

  private finish(index: number): void {
    const all = new Map<number, Prediction>();
    this.predictions.forEach((rows, model) => {
      const prediction = this.failed[model] === null ? rows.get(index) : null;
      if (prediction !== null) all.set(model, prediction);
    });
    this.store.put(index, this.sha256[index]!, all);
    this.advance();
  }

  private record(model: number, index: number, prediction: Prediction): void {
    const { label } = this.options.samples[index]!;
    this.predictions[model]!.set(index, prediction);
    const running = this.running[model]!;
    running.images++;
    if (prediction.classes[0] === label) running.top1++;
    this.options.onPrediction(model, index, prediction);
  }

  private takeBad(index: number, fault: PlainFault): void {
    this.bad.set(index, fault);
    for (const rows of this.predictions) rows.forget(index);
    this.store.putBad(index, this.sha256[index] ?? null, fault);
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
      (index) =>
        !this.bad.has(index) &&
        this.predictions.some((rows, model) => this.failed[model] === null && !rows.has(index)),
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
