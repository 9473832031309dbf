import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Prediction } from '../domain/domain.js';
import type { ModelKey } from './key.js';
import { cacheFileSuffix } from './cache-folder.js';
import { decodeTable, encodeTable } from './parquet.js';
import { column, predictionColumns, predictionReader } from './prediction-columns.js';
import type { ImageName } from './table.js';

const kind = { format: 'onnx-imagenet-eval/cache', version: 1 } as const;

const headShape = z.object({
  format: z.literal(kind.format),
  version: z.literal(kind.version),
  /** The model key that the predictions are of. */
  key: z.string(),
});

/** A prediction of an image. */
export interface CachedPrediction {
  readonly name: ImageName;
  readonly prediction: Prediction;
}

/** An immutable file of predictions under one model key: a Parquet file of `sha256`, `label` and their columns. */
export interface CacheFile {
  /** Follows from the contents: two runs that write the same write the same file. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Predictions of one model key as a file of the cache; equal ones give equal bytes and an equal name. */
export function encodeCacheFile(key: ModelKey, entries: readonly CachedPrediction[]): CacheFile {
  const head: z.infer<typeof headShape> = { ...kind, key };
  const bytes = encodeTable(head, [
    { name: 'sha256', type: 'STRING', values: entries.map(({ name }) => name.sha256) },
    { name: 'label', type: 'INT32', values: entries.map(({ name }) => name.label) },
    ...predictionColumns(
      entries.map(({ prediction }) => prediction),
      { scores: 'all' },
    ),
  ]);
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { name: `${digest.slice(0, 32)}${cacheFileSuffix}`, bytes };
}

/** A cache file as it was read, row by row: what a run knows already is never made an object of. */
export interface ReadCacheFile {
  readonly rows: number;
  name(row: number): ImageName;
  prediction(row: number): Prediction;
}

/** @returns null if the bytes are not exactly what `encodeCacheFile` made for this key */
export async function decodeCacheFile(key: ModelKey, bytes: Buffer): Promise<ReadCacheFile | null> {
  try {
    const table = await decodeTable(bytes);
    if (headShape.parse(table.head).key !== key) return null;
    const [sha256, labels] = [column(table, 'sha256'), column(table, 'label')];
    return {
      rows: table.rows,
      name: (row) => ({ sha256: String(sha256[row]), label: Number(labels[row]) }),
      prediction: predictionReader(table),
    };
  } catch {
    return null;
  }
}
