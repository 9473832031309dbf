import type { Worker } from 'node:worker_threads';

import type { FromWorker, Job, WorkerSetup } from './messages.js';
import type { PoolEvents } from './pool.js';
import { readAhead } from './read-ahead.js';
import { JOBS_PER_THREAD, takeThread } from './threads.js';

interface Decoder {
  readonly thread: Worker;
  /** By job: takes it with its pixels. */
  readonly pending: Map<number, (made: Job) => void>;
  readonly exited: Promise<void>;
}

/**
 * Threads that make pixels for a worker that feeds a device, and run nothing. What they can't do, an image that is bad or
 * that kills its thread included, is left to that worker, which knows what to do about it.
 */
export class Decoders {
  readonly #jobs = new Map<number, Job>();
  readonly #all: Decoder[];
  #closing = false;

  constructor(
    setup: Omit<WorkerSetup, 'position'>,
    count: number,
    private readonly events: Pick<PoolEvents, 'onDamaged' | 'onWarning'>,
    workerFile?: URL,
  ) {
    this.#all = Array.from({ length: count }, () => this.#start(setup, workerFile));
  }

  /** The same jobs in the same order, with the pixels of their images. */
  decoded(jobs: AsyncIterable<Job>): AsyncGenerator<Job, void, void> {
    return readAhead(jobs, JOBS_PER_THREAD * this.#all.length, (job) => this.#decode(job));
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const { thread } of this.#all) thread.postMessage({ kind: 'close' });
    await Promise.all(this.#all.map(({ exited }) => exited));
  }

  #decode(job: Job): Promise<Job> {
    const [idle] = [...this.#all].sort((a, b) => a.pending.size - b.pending.size);
    if (idle === undefined) return Promise.resolve(job);
    return new Promise((resolve) => {
      this.#jobs.set(job.id, job);
      idle.pending.set(job.id, resolve);
      idle.thread.postMessage({ kind: 'job', job });
    });
  }

  #start(setup: Omit<WorkerSetup, 'position'>, workerFile?: URL): Decoder {
    const thread = takeThread(workerFile);
    const exited = new Promise<void>((resolve) => {
      thread.once('exit', () => {
        this.#lost(decoder);
        resolve();
      });
    });
    const decoder: Decoder = { thread, pending: new Map(), exited };
    // Its exit follows, which says all.
    thread.on('error', () => undefined);
    thread.on('message', (message: FromWorker) => {
      if (message.kind === 'damaged') this.events.onDamaged(message.file, message.why);
      if (message.kind === 'warning') this.events.onWarning(message.text);
      if (message.kind !== 'pixels') return;
      const { images, ...job } = this.#jobs.get(message.job)!;
      this.#resolve(decoder, {
        ...job,
        images: images.map((image, index) => {
          const made = message.made[index] ?? null;
          return made === null ? image : { ...image, bytes: null, made };
        }),
      });
    });
    thread.postMessage({
      kind: 'setup',
      setup: { ...setup, decodesOnly: true, position: new SharedArrayBuffer(8) },
    });
    return decoder;
  }

  #resolve(decoder: Decoder, job: Job): void {
    this.#jobs.delete(job.id);
    decoder.pending.get(job.id)?.(job);
    decoder.pending.delete(job.id);
  }

  #lost(decoder: Decoder): void {
    if (!this.#closing)
      this.events.onWarning(`a thread that decodes died; ${decoder.pending.size} job(s) are decoded again`);
    this.#all.splice(this.#all.indexOf(decoder), 1);
    for (const id of decoder.pending.keys()) this.#resolve(decoder, this.#jobs.get(id)!);
  }
}
