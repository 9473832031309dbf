import type { Prediction, Sha256 } from '../domain/domain.js';
import { ModelError } from '../domain/errors.js';
import { planBatch, type BatchPlan } from './batch-plan.js';
import { failureOf } from './failure.js';
import { Decoders } from './decoders.js';
import type { FirstTensor, ImageResult, Job, JobImage, PlainFault, WorkerSetup } from './messages.js';
import type { EngineOptions, EngineStore } from './options.js';
import { WorkerPool, type PoolEvents } from './pool.js';
import { readAhead } from './read-ahead.js';
import { jobImage, Reading } from './reading.js';
import { Results, type EngineResult } from './results.js';
import { tryModels } from './trial.js';

/**
 * Streams every sample once through every model: reads bytes here, hands them to worker threads, and collects.
 * What the store knows is not computed again. Samples are matched by index, never by order of arrival.
 */
export async function runEngine(options: EngineOptions): Promise<EngineResult> {
  return new EngineRun(options).run();
}

class EngineRun {
  private readonly results: Results;
  private readonly reading: Reading;
  private readonly damaged = new Set<string>();
  private jobId = 0;
  /** The tensors of the run's first image are described once, whichever worker comes first. */
  private describing: 'not yet' | 'asked' | 'done' = 'not yet';
  private plans: readonly BatchPlan[] = [];
  private pool: WorkerPool | null = null;
  private decoders: Decoders | null = null;
  private store!: EngineStore;

  constructor(private readonly options: EngineOptions) {
    this.results = new Results(options);
    this.reading = new Reading(options);
  }

  async run(): Promise<EngineResult> {
    try {
      this.plans = await this.planAll();
      this.store = await this.options.openStore(this.plans);
      const jobs = this.jobs();
      // Where the store knows everything no worker is ever started.
      const first = await jobs.next();
      if (first.done !== true) {
        const pool = this.startPool();
        this.sendPlans(pool);
        const all = chain(first.value, jobs);
        await pool.run(this.startDecoders()?.decoded(all) ?? all);
      }
    } finally {
      this.reading.close();
      await Promise.all([this.pool?.close(), this.decoders?.close()]);
    }
    await this.store.ready();
    return this.results.result(this.plans, this.options.signal.aborted);
  }

  private startPool(): WorkerPool {
    if (this.pool !== null) return this.pool;
    const { workers, onDevice = false, workerFile } = this.options;
    this.pool = new WorkerPool(this.setup(), onDevice ? 1 : workers, this.poolEvents(), workerFile);
    this.pool.start();
    return this.pool;
  }

  private startDecoders(): Decoders | null {
    const { workers, onDevice = false, workerFile } = this.options;
    if (!onDevice || workers < 2) return null;
    this.decoders = new Decoders(this.setup(), workers - 1, this.poolEvents(), workerFile);
    return this.decoders;
  }

  private setup(): Omit<WorkerSetup, 'position'> {
    const { models, settings, batch, ties, decodeTimeoutMs } = this.options;
    return { models, settings, batch, ties, decodeTimeoutMs };
  }

  private sendPlans(pool: WorkerPool): void {
    pool.plan(this.plans.map((plan, model) => (this.results.failed[model] === null ? plan : null)));
  }

  /** How each model is called: from what is known of it, or from a trial on the first images that can be read. */
  private async planAll(): Promise<readonly BatchPlan[]> {
    const { models, batch, batchExplicit, signal } = this.options;
    const findings = [...this.options.findings];
    const untried = models.flatMap(({ plan }, model) =>
      findings[model] === null && plan.runtime !== 'none' ? [model] : [],
    );
    if (untried.length > 0 && !signal.aborted) {
      const examined = await tryModels(this.options, untried, this.startPool(), this.reading);
      examined.forEach((result, model) => {
        if (result === null) return;
        if ('failed' in result) this.fail(model, failureOf(models[model]!.name, result.failed));
        else findings[model] = result;
      });
      this.options.onFindings?.(findings);
    }
    const plans = models.map(({ facts }, model) =>
      planBatch(facts, { batch, explicit: batchExplicit }, findings[model]!),
    );
    plans.forEach(({ notice }, model) => {
      if (notice !== null && this.results.failed[model] === null)
        this.options.onWarning(`model "${models[model]!.name}": ${notice}.`);
    });
    return plans;
  }

  private fail(model: number, fault: PlainFault): void {
    const { failed } = this.results;
    if (failed[model] !== null) return;
    failed[model] = fault;
    const { models, onWarning, onModelFailed } = this.options;
    onWarning(`"${models[model]!.name}" is left out; the other models go on. Why: ${fault.what}`);
    onModelFailed?.(model, fault);
    if (failed.some((other) => other === null)) return;
    throw new ModelError({ ...fault, where: null });
  }

  private poolEvents(): PoolEvents {
    return {
      onDone: (results, failures, times) => {
        for (const { model, fault } of failures) this.fail(model, fault);
        if (failures.length > 0 && this.pool !== null) this.sendPlans(this.pool);
        this.results.spent(times);
        for (const result of results) this.take(result);
        this.results.mark();
      },
      onFirstTensors: (statistics: readonly FirstTensor[]) => {
        if (this.describing === 'done') return;
        this.describing = statistics.length === 0 ? 'not yet' : 'done';
        if (statistics.length > 0) this.options.onFirstTensors(statistics);
      },
      onWarning: this.options.onWarning,
      readAgain: (image) => this.readAgain(image),
      onDamaged: (file, why) => {
        if (this.damaged.has(file)) return;
        this.damaged.add(file);
        this.options.onWarning(`prepared images can't be used and are left out: ${why}`);
        for (const images of new Set(this.options.prepared ?? [])) void images?.drop(file);
      },
    };
  }

  private async readAgain({ index, sha256, models }: JobImage): Promise<JobImage | PlainFault> {
    const { file } = await this.reading.read(index);
    if ('code' in file) return file;
    if (file.sha256 === sha256) return jobImage(this.options, index, file, models);
    return { code: 'image-changed', what: 'was changed while it was evaluated', remedy: null };
  }

  /** Jobs of `batch` images that some model still needs. */
  private async *jobs(): AsyncGenerator<Job, void, void> {
    const { order, batch, workers, signal } = this.options;
    let images: JobImage[] = [];
    // A job a thread, and two images more.
    const window = batch * workers + 2;
    for await (const { index, file } of readAhead(order, window, (at) => this.reading.read(at))) {
      if (signal.aborted) return;
      if ('code' in file) {
        this.takeBad(index, file);
        continue;
      }
      const missing = this.reuse(index, file.sha256);
      if (missing.length === 0) continue;
      const deadly = this.store.knownToKill(index, file.sha256);
      if (deadly !== null) {
        this.takeBad(index, deadly);
        continue;
      }
      images.push(jobImage(this.options, index, file, missing));
      if (images.length < batch) continue;
      yield this.job(images);
      images = [];
      await this.store.ready();
    }
    if (images.length > 0) yield this.job(images);
  }

  private job(images: readonly JobImage[]): Job {
    const describe = this.describing === 'not yet';
    if (describe) this.describing = 'asked';
    return { id: ++this.jobId, describe, images };
  }

  /** Takes what the store knows of an image; gives the models that still need it. */
  private reuse(index: number, sha256: Sha256): number[] {
    const { results } = this;
    results.sha256[index] = sha256;
    const missing: number[] = [];
    this.options.models.forEach((_, model) => {
      if (results.failed[model] !== null) return;
      const known = this.store.get(model, index, sha256);
      if (known === undefined) {
        missing.push(model);
        return;
      }
      results.reused(model, index, known);
      this.options.onPrediction(model, index, known);
    });
    if (missing.length === 0) this.finish(index, true);
    return missing;
  }

  private take(result: ImageResult): void {
    if (result.kind === 'bad') {
      this.takeBad(result.index, result.fault);
      return;
    }
    for (const [model, prediction] of result.predictions) this.record(model, result.index, prediction);
    this.finish(result.index, false);
  }

  private record(model: number, index: number, prediction: Prediction): void {
    if (this.results.failed[model] !== null) return;
    this.results.predicted(model, index, prediction);
    this.options.onPrediction(model, index, prediction);
  }

  private finish(index: number, known: boolean): void {
    const predictions = this.results.finished(index, known);
    this.store.put(index, this.results.sha256[index]!, predictions);
    this.options.onProgress(this.results.progress);
  }

  private takeBad(index: number, fault: PlainFault): void {
    this.results.unusable(index, fault);
    this.store.putBad(index, this.results.sha256[index] ?? null, fault);
    this.options.onBad?.(index);
    this.options.onProgress(this.results.progress);
  }
}

async function* chain<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  yield first;
  yield* rest;
}
