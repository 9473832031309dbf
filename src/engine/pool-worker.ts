import type { Worker } from 'node:worker_threads';

import type { FromWorker, Job, JobImage, ToWorker, WorkerSetup } from './messages.js';
import { JOBS_PER_THREAD, takeThread } from './threads.js';

/** Who is told of a worker's messages and of its death. */
export interface PoolWorkerEvents {
  readonly onMessage: (message: FromWorker) => void;
  /** It ended without being asked to. */
  readonly onDeath: (reason: string) => void;
}

/** A place in the pool: a worker thread, replaced by another where it dies, and the jobs that it has. */
export class PoolWorker {
  state: 'starting' | 'ready' | 'gone' = 'gone';
  /** Threads that followed the first since an image was last left out. */
  replacements = 0;
  /** Resolves when the thread has ended. */
  exited: Promise<void> = Promise.resolve();
  private readonly jobs = new Map<number, Job>();
  private thread: Worker | null = null;
  private position: Int32Array = new Int32Array(2);

  constructor(
    readonly number: number,
    private readonly setup: Omit<WorkerSetup, 'position'>,
    private readonly events: PoolWorkerEvents,
    private readonly file: URL | undefined,
  ) {}

  /** Starts a thread in this place. */
  start(): void {
    const position = new SharedArrayBuffer(8);
    this.position = new Int32Array(position).fill(-1);
    const thread = takeThread(this.file);
    this.thread = thread;
    this.state = 'starting';
    this.post({ kind: 'setup', setup: { ...this.setup, position } });
    let reason = 'it exited';
    thread.on('message', this.events.onMessage);
    thread.on('error', (error: Error) => {
      reason = error.message;
    });
    this.exited = new Promise((resolve) =>
      thread.once('exit', () => {
        resolve();
        if (this.state !== 'gone') this.events.onDeath(reason);
      }),
    );
  }

  post(message: ToWorker): void {
    this.thread?.postMessage(message);
  }

  /** Lets the process end though the thread has not. */
  unref(): void {
    this.thread?.unref();
  }

  get idle(): boolean {
    return this.jobs.size === 0;
  }

  /** Room for another job. An image that is tried again has its worker to itself, so that a death is its own. */
  get hasRoom(): boolean {
    return (
      this.state === 'ready' &&
      this.jobs.size < JOBS_PER_THREAD &&
      ![...this.jobs.keys()].some((id) => id < 0)
    );
  }

  /** Moves the bytes of the job's images to the thread: copies of them took a third of the main thread's time. */
  give(job: Job): void {
    this.jobs.set(job.id, job);
    const moved = job.images.flatMap(({ bytes }) =>
      bytes !== null && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : [],
    );
    this.thread?.postMessage({ kind: 'job', job } satisfies ToWorker, moved as ArrayBuffer[]);
  }

  done(job: number): void {
    this.jobs.delete(job);
  }

  /** What was lost with the thread: its jobs' images, and where it stood. */
  lost(): { images: JobImage[]; describe: boolean; suspect: JobImage | undefined; model: number } {
    this.state = 'gone';
    const jobs = [...this.jobs.values()];
    this.jobs.clear();
    const images = jobs.flatMap((job) => job.images);
    const [image, model] = [Atomics.load(this.position, 0), Atomics.load(this.position, 1)];
    return {
      images,
      describe: jobs.some((job) => job.describe),
      suspect: images.find(({ index }) => index === image) ?? (images.length === 1 ? images[0] : undefined),
      model,
    };
  }
}
