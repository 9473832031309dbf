import type { Worker } from 'node:worker_threads';

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
  ToWorker,
  WorkerSetup,
} from './messages.js';
import { takeThread } from './threads.js';

/** Jobs a worker holds at most: the one it runs and the one it prepares meanwhile. */
const HELD = 2;
/** Images that may kill workers before the run gives up. */
const CONVICTIONS = 8;
/**
 * Deaths of one worker that no image is convicted of. The first may be at no known image (while decoding), the second
 * is then at one that runs alone, the third convicts it.
 */
const REPLACEMENTS = 2;

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

interface Slot {
  readonly number: number;
  worker: Worker;
  position: Int32Array;
  readonly held: Map<number, Job>;
  replacements: number;
  state: 'starting' | 'ready' | 'gone';
  exited: Promise<void>;
}

/** A job that models are tried on before any other, and who does it. */
interface Trial {
  readonly job: Job;
  slot: Slot | null;
  readonly give: (models: readonly Examined[] | null) => void;
}

/**
 * Deals jobs to share-nothing worker threads. A worker that dies gives back what it held and is replaced; its images
 * run again one by one, so that a second death at the same one convicts it: it is reported and left out.
 */
export class WorkerPool {
  private readonly slots: Slot[] = [];
  private readonly retries: Job[] = [];
  private readonly ready: Job[] = [];
  private readonly deaths = new Map<number, number>();
  private convictions = 0;
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
  private trial: Trial | null = null;
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
      const slot: Slot = { number, held: new Map(), replacements: 0, ...this.spawn() };
      this.slots.push(slot);
      this.attach(slot);
    }
  }

  /** How each model is called from now on. */
  plan(plans: readonly ModelPlan[]): void {
    this.plans = plans;
    for (const slot of this.slots) if (slot.state === 'ready') post(slot.worker, { kind: 'plan', plans });
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
        this.trial = null;
        resolve(models);
      };
      if (this.failure !== null || signal.aborted) {
        give(null);
        return;
      }
      signal.addEventListener('abort', () => {
        give(null);
      });
      this.trial = { job, slot: null, give };
      this.beginTrial();
    });
  }

  private beginTrial(): void {
    const slot = this.slots.find(({ state }) => state === 'ready');
    if (this.trial?.slot !== null || slot === undefined) return;
    this.trial.slot = slot;
    post(slot.worker, { kind: 'examine', job: this.trial.job });
  }

  /** Asks every worker to release its sessions and end; resolves when they have, or after `patienceMs`. */
  async close(patienceMs = 10_000): Promise<void> {
    this.closing = true;
    const alive = this.slots.filter((slot) => slot.state !== 'gone');
    for (const slot of alive) post(slot.worker, { kind: 'close' });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([Promise.all(alive.map((slot) => slot.exited)), patience]);
    clearTimeout(timer);
    for (const slot of alive) slot.worker.unref();
  }

  private spawn(): Pick<Slot, 'worker' | 'position' | 'state' | 'exited'> {
    const position = new SharedArrayBuffer(8);
    const view = new Int32Array(position).fill(-1);
    const setup: WorkerSetup = { ...this.setup, position };
    const worker = takeThread(this.workerFile);
    post(worker, { kind: 'setup', setup });
    const exited = new Promise<void>((resolve) =>
      worker.once('exit', () => {
        resolve();
      }),
    );
    return { worker, position: view, state: 'starting', exited };
  }

  private attach(slot: Slot): void {
    const { worker } = slot;
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'ready':
          slot.state = 'ready';
          if (this.plans !== null) post(worker, { kind: 'plan', plans: this.plans });
          this.beginTrial();
          this.pump();
          break;
        case 'failed':
          slot.state = 'gone';
          this.failWith(new RunError({ ...message.fault }));
          break;
        case 'done':
          slot.held.delete(message.job);
          this.tell(message.results, message.failures, message.times);
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
          this.trial?.give(message.models);
          break;
        case 'pixels':
          // Of a thread that only decodes, which is none of the pool's.
          break;
      }
    });
    let reason = 'it exited';
    worker.on('error', (error: Error) => {
      reason = error.message;
    });
    worker.on('exit', () => {
      if (!this.closing && slot.state !== 'gone') this.onDeath(slot, reason);
    });
  }

  private failWith(error: Error): void {
    this.failure ??= error;
    this.trial?.give(null);
    this.fail(this.failure);
  }

  /** Hands results on; what the listener throws ends the run. */
  private tell(results: readonly ImageResult[], failures: readonly ModelFailure[], times: JobTimes): void {
    try {
      this.events.onDone(results, failures, times);
    } catch (error) {
      this.source = null;
      this.failWith(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private onDeath(slot: Slot, reason: string): void {
    if (this.trial?.slot === slot) this.trial.give(null);
    const culprit = Atomics.load(slot.position, 0);
    const model = Atomics.load(slot.position, 1);
    const jobs = [...slot.held.values()];
    const images = jobs.flatMap((job) => job.images);
    const describe = jobs.some((job) => job.describe);
    slot.held.clear();
    slot.state = 'gone';
    const suspect =
      images.find((image) => image.index === culprit) ?? (images.length === 1 ? images[0] : undefined);
    let convicted = false;
    if (suspect !== undefined) {
      const deaths = (this.deaths.get(suspect.index) ?? 0) + 1;
      this.deaths.set(suspect.index, deaths);
      convicted = deaths >= 2;
      if (convicted) this.convict(suspect, model, reason);
    }
    this.events.onWarning(
      `worker ${slot.number + 1} died (${reason})${suspect === undefined ? '' : ` at image ${suspect.id}`}; ` +
        `${images.length} image(s) run again`,
    );
    for (const image of images) if (!convicted || image !== suspect) void this.retry(image, describe);
    if (convicted ? this.convictions <= CONVICTIONS : slot.replacements < REPLACEMENTS) {
      slot.replacements = convicted ? 0 : slot.replacements + 1;
      Object.assign(slot, this.spawn());
      this.attach(slot);
    } else if (this.slots.every((other) => other.state === 'gone')) {
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
    if ('code' in again) this.tellBad(image, null, again);
    else this.retries.push({ id: this.nextRetryId--, describe, images: [again] });
    this.pump();
  }

  private convict(image: JobImage, model: number, reason: string): void {
    this.convictions++;
    const name = this.setup.models[model]?.name;
    this.tellBad(image, name === undefined ? null : model, {
      code: 'worker-died',
      what: `a worker died twice on this image${name === undefined ? '' : `, in model "${name}"`}: ${reason}`,
      remedy: 'Run the model on this image alone to see why.',
    });
  }

  private tellBad({ index }: JobImage, model: number | null, fault: PlainFault): void {
    const times = { decode: 0, prepare: 0, inference: this.setup.models.map(() => 0) };
    this.tell([{ kind: 'bad', index, model, fault }], [], times);
  }

  /** Gives every worker that has room a job, draws further jobs, and notices the end. */
  private pump(): void {
    if (this.finish === null || this.failure !== null) return;
    for (const slot of this.slots) {
      while (slot.state === 'ready' && slot.held.size < HELD && !holdsRetry(slot)) {
        const job = (slot.held.size === 0 ? this.retries.shift() : undefined) ?? this.ready.shift();
        if (job === undefined) break;
        slot.held.set(job.id, job);
        postJob(slot.worker, job);
      }
    }
    const waiting = this.ready.length + this.retries.length + this.lost;
    if (this.source !== null && !this.pulling && this.ready.length < this.count) void this.pull(this.source);
    if (this.source === null && waiting === 0 && this.slots.every((slot) => slot.held.size === 0))
      this.finish();
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

/** An image that is tried again has its worker to itself, so that a death is its own. */
function holdsRetry(slot: Slot): boolean {
  return [...slot.held.keys()].some((id) => id < 0);
}

/** Moves the bytes of the images to the worker: copies of them took a third of this thread's time. */
function postJob(worker: Worker, job: Job): void {
  const moved = job.images.flatMap(({ bytes }) =>
    bytes !== null && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : [],
  );
  worker.postMessage({ kind: 'job', job } satisfies ToWorker, moved as ArrayBuffer[]);
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
