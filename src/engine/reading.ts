import { hash } from 'node:crypto';

import type { Sha256 } from '../domain/domain.js';
import { messageOf } from '../domain/errors.js';
import type { JobImage, PlainFault } from './messages.js';
import type { EngineOptions } from './options.js';

/** An image's encoded file; `bytes` is null where only its prepared pixels are at hand. */
interface EncodedFile {
  readonly sha256: Sha256;
  readonly bytes: Uint8Array | null;
}

type Source = Pick<EngineOptions, 'samples' | 'prepared'>;

/** Reads and hashes a sample's file. */
export async function readSample(
  { samples }: Source,
  index: number,
): Promise<{ readonly index: number; readonly file: EncodedFile | PlainFault }> {
  const { sha256, ...sample } = samples[index]!;
  if (sha256 !== undefined) return { index, file: { sha256, bytes: null } };
  try {
    const bytes = await sample.read();
    return { index, file: { sha256: hash('sha256', bytes, 'hex'), bytes } };
  } catch (error) {
    return {
      index,
      file: { code: 'image-unreadable', what: `can't be read: ${messageOf(error)}`, remedy: null },
    };
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
