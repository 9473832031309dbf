import type { EngineOptions } from './options.js';
import { encodedFile, type EncodedFile } from './encoded.js';
import type { JobImage, PlainFault } from './messages.js';
import { Readers } from './readers.js';

type Source = Pick<EngineOptions, 'samples' | 'prepared'>;

/** Workers up to which the main thread reads for all of them. */
const MAIN_THREAD_WORKERS = 12;
/** Beyond these, workers that one reading thread reads for. */
const WORKERS_PER_READER = 32;

/** Reads and hashes samples: on this thread for few workers, on threads of their own for many. */
export class Reading {
  private readers: Readers | null = null;

  constructor(private readonly options: Pick<EngineOptions, 'samples' | 'workers'>) {}

  async read(index: number): Promise<{ readonly index: number; readonly file: EncodedFile | PlainFault }> {
    const sample = this.options.samples[index]!;
    const { sha256 } = sample;
    if (sha256 !== undefined) return { index, file: { sha256, bytes: null } };
    const { workers } = this.options;
    const place = workers <= MAIN_THREAD_WORKERS ? undefined : sample.place?.();
    if (place === undefined) return { index, file: await encodedFile(() => sample.read()) };
    this.readers ??= new Readers(Math.ceil(workers / WORKERS_PER_READER));
    return { index, file: await this.readers.read(place) };
  }

  close(): void {
    this.readers?.close();
  }
}

/** A sample for a worker to run `models` on. */
export function jobImage(
  { samples, prepared }: Source,
  index: number,
  { sha256, bytes }: EncodedFile,
  models: readonly number[],
): JobImage {
  const { id, label } = samples[index]!;
  const places = models.map((model) => prepared?.[model]?.find(sha256) ?? null);
  return { index, id, label, bytes, sha256, models, places };
}
