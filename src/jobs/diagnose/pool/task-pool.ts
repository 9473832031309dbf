import { Worker } from 'node:worker_threads';

import { RunError } from '../../../domain/errors.js';
import { builtFile } from '../../../domain/package-folder.js';
import type { FromWorker, Results, Task, ToWorker } from './messages.js';

/** Thrown out of a task that was not begun, or not ended, when the user stopped the work. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stopped';
  }
}

interface Waiting {
  /** Makes the task when a worker is free for it, so that no more networks are in memory than there are workers. */
  readonly make: () => Task;
  readonly resolve: (result: Results[Task['kind']]) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  current: Waiting | null;
  readonly exited: Promise<void>;
}

/** Worker threads that take tasks in the order in which they are given, one each at a time. */
export class TaskPool {
  private readonly threads: Thread[] = [];
  private readonly waiting: Waiting[] = [];
  private failure: Error | null = null;
  private closing = false;

  private constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', this.stop);
  }

  /** Starts the workers one after the other: onnxruntime has crashed on concurrent first imports. */
  static async start(
    count: number,
    signal: AbortSignal,
    workerFile: URL = builtFile('jobs/diagnose/pool/worker.js'),
  ): Promise<TaskPool> {
    const pool = new TaskPool(signal);
    for (let i = 0; i < count; i++) await pool.add(workerFile);
    return pool;
  }

  get size(): number {
    return this.threads.length;
  }

  /** Whether it takes nothing any more: the work was stopped, or a thread has died. */
  get ended(): boolean {
    return this.signal.aborted || this.failure !== null;
  }

  run<K extends Task['kind']>(make: () => Extract<Task, { kind: K }>): Promise<Results[K]> {
    return new Promise((resolve, reject) => {
      if (this.signal.aborted) reject(new Stopped());
      else if (this.failure !== null) reject(this.failure);
      else {
        // A worker answers a task of kind K with the result of kind K.
        this.waiting.push({ make, resolve: resolve as Waiting['resolve'], reject });
        this.assign();
      }
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    this.signal.removeEventListener('abort', this.stop);
    for (const { worker } of this.threads) worker.postMessage({ kind: 'close' } satisfies ToWorker);
    await Promise.all(this.threads.map(({ exited }) => exited));
  }

  private readonly stop = (): void => {
    this.failAll(new Stopped());
  };

  private failAll(error: Error): void {
    for (const one of this.waiting.splice(0)) one.reject(error);
    for (const thread of this.threads) {
      thread.current?.reject(error);
      // Its answer comes and is dropped; until then it takes nothing.
    }
  }

  private async add(workerFile: URL): Promise<void> {
    const worker = new Worker(workerFile);
    const exited = new Promise<void>((resolve) =>
      worker.once('exit', () => {
        resolve();
      }),
    );
    const thread: Thread = { worker, current: null, exited };
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', () => {
        resolve();
      });
      worker.once('exit', (code) => {
        reject(this.died(code));
      });
    });
    worker.removeAllListeners('message');
    worker.on('message', (message: FromWorker) => {
      this.take(thread, message);
    });
    worker.on('exit', (code) => {
      if (this.closing) return;
      this.failure = this.died(code);
      this.failAll(this.failure);
    });
    this.threads.push(thread);
  }

  private died(code: number): RunError {
    return new RunError({
      code: 'worker-died',
      what: `a worker thread ended with code ${code} while it ran a network`,
      where: null,
      remedy: 'Memory may be short: try --workers 1 or fewer --images.',
    });
  }

  private take(thread: Thread, message: FromWorker): void {
    const { current } = thread;
    thread.current = null;
    switch (message.kind) {
      case 'ready':
        break;
      case 'done':
        current?.resolve(message.result);
        break;
      case 'failed': {
        const { code, what, where, remedy } = message;
        current?.reject(new RunError({ code, what, where, remedy }));
        break;
      }
    }
    this.assign();
  }

  private assign(): void {
    if (this.signal.aborted) return;
    for (const thread of this.threads) {
      if (thread.current !== null) continue;
      const next = this.waiting.shift();
      if (next === undefined) return;
      let task: Task;
      try {
        task = next.make();
      } catch (error) {
        next.reject(error instanceof Error ? error : new Error(String(error)));
        continue;
      }
      thread.current = next;
      const transfer = task.kind === 'score' ? [task.bytes.buffer as ArrayBuffer] : [];
      thread.worker.postMessage({ kind: 'task', task } satisfies ToWorker, transfer);
    }
  }
}
