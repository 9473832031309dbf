/**
 * The built worker with a death built in, as a crash in native code would be. `globalThis.death` says how: `phase`
 * `start`, `decode`, `inference` or `examine`; `image`, an index, where it comes to that; `mark`, a file's name or null,
 * to die only where that file is not there yet. With `phase` `silent` it lives, and never tells what a trial found.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

const { phase, image, mark } = globalThis.death;

function die() {
  if (mark !== null && existsSync(mark)) return;
  if (mark !== null) writeFileSync(mark, '');
  process.exit(9);
}

if (phase === 'start') die();
if (phase === 'silent') {
  const post = parentPort.postMessage.bind(parentPort);
  parentPort.postMessage = (message, ...more) => {
    if (message.kind !== 'examined') post(message, ...more);
  };
}

// Before any listener: what comes until there is one would be lost to the worker's own.
await import('../../dist/engine/worker.js');

parentPort.on('message', (message) => {
  if (phase === 'decode' && message.kind === 'job' && message.job.images.some(({ index }) => index === image))
    die();
  if (phase === 'examine' && message.kind === 'examine') die();
  if (phase === 'inference' && message.kind === 'setup') dieAt(message.setup.position);
});

function dieAt(position) {
  const store = Atomics.store;
  Atomics.store = (array, index, value) => {
    if (array.buffer === position && index === 0 && value === image) die();
    return store(array, index, value);
  };
}
