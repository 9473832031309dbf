import { RunError } from '../domain/errors.js';
import type {
  Examined,
  FromWorker,
  ImageResult,
  Job,
  JobImage,
  JobTimes,
  FirstTensor,
  ModelFailure,
  ModelPlan,
  PlainFault,
  WorkerSetup,
} from './messages.js';
import { PoolWorker } from './pool-worker.js';

/** Images that may kill workers and be left out before the run gives up. */
const LEFT_OUT = 8;
/**
 * Deaths of one worker that no image is left out for. The first may be at no known image (while decoding), the second is then at one
 * that runs alone, the third puts it down to that image.
 */
const REPLACEMENTS = 2;

/** Who is told what comes of a pool's jobs. */
export interface PoolEvents {
  /** `failures` come before the results are taken: a model among them is passed over from then on. */
  readonly onDone: (
    results: readonly ImageResult[],
    failures: readonly ModelFailure[],
    times: JobTimes,
  ) => void;
  readonly onFirstTensors: (statistics: readonly FirstTensor[]) => void;
  readonly onWarning: (text: string) => void;
  /** Reads an image again that was lost with a worker; a fault where it can't be read any more. */
  readonly readAgain: (image: JobImage) => Promise<JobImage | PlainFault>;
  /** A file of prepared images can't be used; what was to come from it is made from the encoded files. */
  readonly onDamaged: (file: string, why: string) => void;
}

/** A job that models are examined with before any other, and who does it. */
interface Examination {
  readonly job: Job;
  worker: PoolWorker | null;
  readonly give: (models: readonly Examined[] | null) => void;
}

/**
 * Gives jobs to share-nothing worker threads. One that dies is replaced; the images that it had run again one by one, so that a
 * second death at the same one is put down to it: it is reported and left out.
 */
export class WorkerPool {
  private readonly workers: PoolWorker[] = [];
  private readonly retries: Job[] = [];
  private readonly ready: Job[] = [];
  private readonly deaths = new Map<number, number>();
  private leftOut = 0;
  private source: AsyncIterator<Job> | null = null;
  private pulling = false;
  /** Images of dead workers that are being read again. */
  private lost = 0;
  private nextRetryId = -1;
  private finish: (() => void) | null = null;
  private fail: (error: Error) => void = () => undefined;
  /** The first error that ended the run. */
  private failure: Error | null = null;
  private plans: readonly ModelPlan[] | null = null;
  private examination: Examination | null = null;
  private closing = false;

  /** `workerFile` is the thread's script; tests give one that dies. */
  constructor(
    private readonly setup: Omit<WorkerSetup, 'position'>,
    private readonly count: number,
    private readonly events: PoolEvents,
    private readonly workerFile?: URL,
  ) {}

  /** Starts all workers; what they are called with is known later. */
  start(): void {
    for (let number = 0; number < this.count; number++) {
      const worker: PoolWorker = new PoolWorker(
        number,
        this.setup,
        {
          onMessage: (message) => {
            this.onMessage(worker, message);
          },
          onDeath: (reason) => {
            if (!this.closing) this.onDeath(worker, reason);
          },
        },
        this.workerFile,
      );
      this.workers.push(worker);
      worker.start();
    }
  }

  /** How each model is called from now on. */
  plan(plans: readonly ModelPlan[]): void {
    this.plans = plans;
    for (const worker of this.workers) if (worker.state === 'ready') worker.post({ kind: 'plan', plans });
  }

  /** Runs all jobs; `plan` comes before. */
  async run(jobs: AsyncIterable<Job>): Promise<void> {
    this.source = jobs[Symbol.asyncIterator]();
    const finished = new Promise<void>((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
    });
    if (this.failure === null) this.pump();
    else this.fail(this.failure);
    await finished;
  }

  /** Tries every model on a job's images, on the first worker that is ready; null where that dies or `signal` aborts. */
  examine(job: Job, signal: AbortSignal): Promise<readonly Examined[] | null> {
    return new Promise((resolve) => {
      const give = (models: readonly Examined[] | null): void => {
        this.examination = null;
        resolve(models);
      };
      if (this.failure !== null || signal.aborted) {
        give(null);
        return;
      }
      signal.addEventListener('abort', () => {
        give(null);
      });
      this.examination = { job, worker: null, give };
      this.beginExamination();
    });
  }

  private beginExamination(): void {
    const worker = this.workers.find(({ state }) => state === 'ready');
    if (this.examination?.worker !== null || worker === undefined) return;
    this.examination.worker = worker;
    worker.post({ kind: 'examine', job: this.examination.job });
  }

  /** Asks every worker to release its sessions and end; resolves when they have, or after `patienceMs`. */
  async close(patienceMs = 10_000): Promise<void> {
    this.closing = true;
    const alive = this.workers.filter(({ state }) => state !== 'gone');
    for (const worker of alive) worker.post({ kind: 'close' });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([Promise.all(alive.map(({ exited }) => exited)), patience]);
    clearTimeout(timer);
    for (const worker of alive) worker.unref();
  }

  private onMessage(worker: PoolWorker, message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        worker.state = 'ready';
        if (this.plans !== null) worker.post({ kind: 'plan', plans: this.plans });
        this.beginExamination();
        this.pump();
        break;
      case 'failed':
        worker.state = 'gone';
        this.failWith(new RunError({ ...message.fault }));
        break;
      case 'done':
        worker.done(message.job);
        this.pass(message.results, message.failures, message.times);
        this.pump();
        break;
      case 'first-tensors':
        this.events.onFirstTensors(message.statistics);
        break;
      case 'damaged':
        this.events.onDamaged(message.file, message.why);
        break;
      case 'warning':
        this.events.onWarning(message.text);
        break;
      case 'examined':
        this.examination?.give(message.models);
        break;
      case 'loaded':
      case 'started':
        // Asked for by who started the thread.
        break;
      case 'pixels':
        // Of a thread that only decodes, which is none of the pool's.
        break;
    }
  }

  private failWith(error: Error): void {
    this.failure ??= error;
    this.examination?.give(null);
    this.fail(this.failure);
  }

  /** Hands results on; what the listener throws ends the run. */
  private pass(results: readonly ImageResult[], failures: readonly ModelFailure[], times: JobTimes): void {
    try {
      this.events.onDone(results, failures, times);
    } catch (error) {
      this.source = null;
      this.failWith(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private onDeath(worker: PoolWorker, reason: string): void {
    if (this.examination?.worker === worker) this.examination.give(null);
    const { images, describe, suspect, model } = worker.lost();
    let leftOut = false;
    if (suspect !== undefined) {
      const deaths = (this.deaths.get(suspect.index) ?? 0) + 1;
      this.deaths.set(suspect.index, deaths);
      leftOut = deaths >= 2;
      if (leftOut) this.leaveOut(suspect, model, reason);
    }
    this.events.onWarning(
      `worker ${worker.number + 1} died (${reason})${suspect === undefined ? '' : ` at image ${suspect.id}`}; ` +
        `${images.length} image(s) run again`,
    );
    for (const image of images) if (!leftOut || image !== suspect) void this.retry(image, describe);
    if (leftOut ? this.leftOut <= LEFT_OUT : worker.replacements < REPLACEMENTS) {
      worker.replacements = leftOut ? 0 : worker.replacements + 1;
      worker.start();
    } else if (this.workers.every(({ state }) => state === 'gone')) {
      const name = this.setup.models[model]?.name;
      this.failWith(
        new RunError({
          code: 'workers-died',
          what: `every worker died again and again; the last at ${suspect === undefined ? 'no known image' : `image ${suspect.id}`}${name === undefined ? '' : ` in model "${name}"`}: ${reason}`,
          where: null,
          remedy:
            'Run again to go on from here with --workers 1; if it dies at the same image, look at that image and model.',
        }),
      );
    }
    this.pump();
  }

  /** Its bytes went with the worker that died. */
  private async retry(image: JobImage, describe: boolean): Promise<void> {
    this.lost++;
    const again = await this.events.readAgain(image);
    this.lost--;
    if ('code' in again) this.passBad(image, null, again);
    else this.retries.push({ id: this.nextRetryId--, describe, images: [again] });
    this.pump();
  }

  private leaveOut(image: JobImage, model: number, reason: string): void {
    this.leftOut++;
    const name = this.setup.models[model]?.name;
    this.passBad(image, name === undefined ? null : model, {
      code: 'worker-died',
      what: `a worker died twice on this image${name === undefined ? '' : `, in model "${name}"`}: ${reason}`,
      remedy: 'Run the model on this image alone to see why.',
    });
  }

  private passBad({ index }: JobImage, model: number | null, fault: PlainFault): void {
    const times = { decode: 0, prepare: 0, inference: this.setup.models.map(() => 0) };
    this.pass([{ kind: 'bad', index, model, fault }], [], times);
  }

  /** Gives every worker that has room a job, draws further jobs, and notices the end. */
  private pump(): void {
    if (this.finish === null || this.failure !== null) return;
    for (const worker of this.workers) {
      while (worker.hasRoom) {
        const job = (worker.idle ? this.retries.shift() : undefined) ?? this.ready.shift();
        if (job === undefined) break;
        worker.give(job);
      }
    }
    const waiting = this.ready.length + this.retries.length + this.lost;
    if (this.source !== null && !this.pulling && this.ready.length < this.count) void this.pull(this.source);
    if (this.source === null && waiting === 0 && this.workers.every(({ idle }) => idle)) this.finish();
  }

  private async pull(source: AsyncIterator<Job>): Promise<void> {
    this.pulling = true;
    try {
      const next = await source.next();
      if (next.done === true) this.source = null;
      else this.ready.push(next.value);
    } catch (error) {
      this.source = null;
      this.failWith(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.pulling = false;
    }
    this.pump();
  }
}
