import type { Worker } from 'node:worker_threads';

import type { FromWorker, Job, WorkerSetup } from './messages.js';
import type { PoolEvents } from './pool.js';
import { takeThread } from './threads.js';

/** Jobs a thread holds at most: the one it works on and the next. */
const HELD = 2;

interface Decoder {
  readonly thread: Worker;
  readonly held: Map<number, (made: Job) => void>;
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
  async *decoded(jobs: AsyncIterable<Job>): AsyncGenerator<Job, void, void> {
    const underWay: Promise<Job>[] = [];
    for await (const job of jobs) {
      underWay.push(this.#decode(job));
      if (underWay.length >= HELD * this.#all.length) yield await underWay.shift()!;
    }
    for (const job of underWay) yield await job;
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const { thread } of this.#all) thread.postMessage({ kind: 'close' });
    await Promise.all(this.#all.map(({ exited }) => exited));
  }

  #decode(job: Job): Promise<Job> {
    const [idle] = [...this.#all].sort((a, b) => a.held.size - b.held.size);
    if (idle === undefined) return Promise.resolve(job);
    return new Promise((resolve) => {
      this.#jobs.set(job.id, job);
      idle.held.set(job.id, resolve);
      idle.thread.postMessage({ kind: 'job', job });
    });
  }

  #start(setup: Omit<WorkerSetup, 'position'>, workerFile?: URL): Decoder {
    const thread = takeThread(workerFile);
    const exited = new Promise<void>((resolve) => {
      thread.once('exit', () => {
        this.#gone(decoder);
        resolve();
      });
    });
    const decoder: Decoder = { thread, held: new Map(), exited };
    // Its exit follows, which says all.
    thread.on('error', () => undefined);
    thread.on('message', (message: FromWorker) => {
      if (message.kind === 'damaged') this.events.onDamaged(message.file, message.why);
      if (message.kind === 'warning') this.events.onWarning(message.text);
      if (message.kind !== 'pixels') return;
      const { images, ...job } = this.#jobs.get(message.job)!;
      this.#give(decoder, {
        ...job,
        images: images.map((image, at) => {
          const made = message.made[at] ?? null;
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

  #give(decoder: Decoder, job: Job): void {
    this.#jobs.delete(job.id);
    decoder.held.get(job.id)?.(job);
    decoder.held.delete(job.id);
  }

  #gone(decoder: Decoder): void {
    if (!this.#closing)
      this.events.onWarning(`a thread that decodes died; ${decoder.held.size} job(s) are decoded again`);
    this.#all.splice(this.#all.indexOf(decoder), 1);
    for (const id of decoder.held.keys()) this.#give(decoder, this.#jobs.get(id)!);
  }
}
