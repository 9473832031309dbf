import { Worker } from 'node:worker_threads';

import { builtFile } from '../domain/package-folder.js';
// Loads onnxruntime, before any thread does: it has crashed where two threads loaded it first at once.
import '../runtime/onnxruntime/version.js';

const script = builtFile('engine/worker.js');

/** A worker makes little garbage that lives: without this its young generation grew to three times the size for nothing. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 } as const;

let early: Worker | null = null;

/** Starts a worker thread before it is known what it is to run, so that its modules load beside this thread's. */
export function startEarly(): void {
  early ??= start(script, 'early');
  // A command that ends without work for it does not wait for it.
  early.unref();
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
