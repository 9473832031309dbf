import { parentPort } from 'node:worker_threads';

import { readEncoded } from '../dataset/encoded-file.js';
import { encodedFile } from './encoded.js';
import type { FromReader, ToReader } from './readers.js';

/** A thread that reads and hashes images for a main thread that feeds many workers. */
parentPort!.on('message', (message: ToReader) => {
  if (message === 'close') parentPort!.close();
  else void answer(message);
});

async function answer({ request, places }: Exclude<ToReader, string>): Promise<void> {
  const files = await Promise.all(places.map((place) => encodedFile(() => readEncoded(place))));
  const moved = files.flatMap((file) => ('bytes' in file && file.bytes !== null ? [file.bytes.buffer] : []));
  parentPort!.postMessage({ request, files } satisfies FromReader, moved as ArrayBuffer[]);
}
