import { Worker } from 'node:worker_threads';

import { readEncoded, type EncodedPlace } from '../dataset/encoded-file.js';
import { builtFile } from '../domain/package-folder.js';
import { encodedFile, type EncodedFile } from './encoded.js';
import type { PlainFault } from './messages.js';

type Answer = EncodedFile | PlainFault;

/** A message to a reading thread: files to read, or to end. */
export type ToReader = { readonly request: number; readonly places: readonly EncodedPlace[] } | 'close';

/** A reading thread's answer to one request. */
export interface FromReader {
  readonly request: number;
  /** In the order of the places. */
  readonly files: readonly Answer[];
}

interface Wanted {
  readonly place: EncodedPlace;
  readonly resolve: (file: Answer) => void;
}

/**
 * Threads that read and hash. What is asked for in one turn of the event loop goes to one of them in one message. Where
 * one dies its images are read on this thread.
 */
export class Readers {
  private readonly threads: { readonly worker: Worker; readonly asked: Map<number, readonly Wanted[]> }[] =
    [];
  private wanted: Wanted[] = [];
  private requests = 0;

  constructor(count: number, script: URL = builtFile('engine/reader.js')) {
    for (let number = 0; number < count; number++) this.start(new Worker(script));
  }

  read(place: EncodedPlace): Promise<Answer> {
    return new Promise((resolve) => {
      this.wanted.push({ place, resolve });
      if (this.wanted.length === 1)
        setImmediate(() => {
          this.ask();
        });
    });
  }

  close(): void {
    for (const { worker } of this.threads) worker.postMessage('close' satisfies ToReader);
  }

  private start(worker: Worker): void {
    const thread = { worker, asked: new Map<number, readonly Wanted[]>() };
    this.threads.push(thread);
    worker.on('message', ({ request, files }: FromReader) => {
      thread.asked.get(request)!.forEach(({ resolve }, index) => {
        resolve(files[index]!);
      });
      thread.asked.delete(request);
    });
    // What it died of shows when this thread reads the same.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      this.threads.splice(this.threads.indexOf(thread), 1);
      for (const wanted of thread.asked.values()) readHere(wanted);
    });
  }

  private ask(): void {
    const { wanted } = this;
    this.wanted = [];
    const thread = this.threads[this.requests % this.threads.length];
    if (thread === undefined) {
      readHere(wanted);
      return;
    }
    const request = this.requests++;
    thread.asked.set(request, wanted);
    const places = wanted.map(({ place }) => place);
    thread.worker.postMessage({ request, places } satisfies ToReader);
  }
}

function readHere(wanted: readonly Wanted[]): void {
  for (const { place, resolve } of wanted) void encodedFile(() => readEncoded(place)).then(resolve);
}
