import { Worker } from 'node:worker_threads';

import type { PixelVersions } from 'reference-pixels/versions';

import { builtFile } from '../domain/package-folder.js';
// Loads onnxruntime, before any thread does: it has crashed where two threads loaded it first at once.
import '../runtime/onnxruntime/version.js';
import type { FromWorker } from './messages.js';

/** Jobs a thread has at most: the one that it works on and the next, whose images it prepares meanwhile. */
export const JOBS_PER_THREAD = 2;

const script = builtFile('engine/worker.js');

/** A worker makes little garbage that lives: without this its young generation grew to three times the size for nothing. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 } as const;

let early: Worker | null = null;
let pixelsOfEarly: Promise<PixelVersions | null> = Promise.resolve(null);

/** Starts a worker thread before it is known what it is to run, so that its modules load beside this thread's. */
export function startEarly(): void {
  if (early !== null) return;
  const thread = start(script, 'early');
  pixelsOfEarly = new Promise((resolve) => {
    thread.on('message', (message: FromWorker) => {
      if (message.kind === 'loaded') resolve(message.pixels);
      // A command that ends without work for it does not wait for it, but never ends while it starts onnxruntime: that crashed.
      if (message.kind === 'started' && early === thread) thread.unref();
    });
    // What it died of shows when this thread, or the next one, loads the same.
    thread.on('error', () => undefined);
    thread.once('exit', () => {
      if (early === thread) early = null;
      resolve(null);
    });
  });
  early = thread;
}

/** What makes the pixels, as the thread says that was started early: this one need not load it before the first image. */
export async function versionsOfPixels(): Promise<PixelVersions> {
  return (await pixelsOfEarly) ?? (await import('reference-pixels/versions')).pixelVersions();
}

/** A thread that waits for its set-up: the one that was started early, where it is there and runs this script. */
export function takeThread(file: URL = script): Worker {
  if (early === null || file !== script) return start(file);
  const taken = early;
  early = null;
  taken.ref();
  return taken;
}

function start(file: URL, workerData?: 'early'): Worker {
  return new Worker(file, { resourceLimits, workerData });
}
