import { parentPort, workerData } from 'node:worker_threads';

import { pixelVersions } from 'reference-pixels/versions';

import type { FromWorker } from './messages.js';
import { Network } from './network.js';
import { serve } from './serve.js';

serve((model, settings, batch) => Network.open(model, settings, batch));

// Given by threads.ts to a thread that it starts before its time.
if (workerData === 'early') {
  parentPort!.postMessage({ kind: 'loaded', pixels: pixelVersions() } satisfies FromWorker);
  // Most networks are run by onnxruntime.
  const { startOnnxruntime } = await import('../runtime/onnxruntime/session.js');
  await startOnnxruntime();
  parentPort!.postMessage({ kind: 'started' } satisfies FromWorker);
}
