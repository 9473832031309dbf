import { readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import * as z from 'zod';
import type { Sha256 } from '../domain/domain.js';
import { StoreError, systemCode } from '../domain/errors.js';
import { sha256 } from '../domain/values.js';
import { canonicalJson } from './canonical-json.js';
import { writeDurably } from './durable.js';
import { modelKeyParts, type ModelKey, type ModelKeyParts } from './key.js';

/** How the names of cached predictions end. */
export const cacheFileSuffix = '.parquet';
/** How the files ended that were no Parquet. */
const oldCacheFileSuffix = '.predictions';

/** What stands beside the predictions of a model key, for people. */
export interface CacheNote {
  readonly parts: ModelKeyParts;
  /** The model's name in the run that made the folder. */
  readonly model: string;
  /** The recipe's name, or null for one that was spelled out. */
  readonly recipe: string | null;
}

const noteFile = 'key.json';
const noteShape = z.object({
  version: z.literal(1),
  parts: modelKeyParts,
  model: z.string(),
  recipe: z.string().nullable(),
});

/** Where a model key's predictions lie in a cache folder. */
export function predictionsFolder(cache: string, key: ModelKey): string {
  return `${cache}/predictions/${key}`;
}

/** Writes what stands beside a model key's predictions. @throws whatever the system throws */
export async function writeNote(folder: string, note: CacheNote): Promise<void> {
  const { parts, model, recipe } = note;
  await writeDurably(`${folder}/${noteFile}`, `${canonicalJson({ version: 1, parts, model, recipe })}\n`);
}

/** Marks a key as used now, for `rm` by age. @returns false if it has no note */
export async function touchNote(folder: string): Promise<boolean> {
  try {
    await utimes(`${folder}/${noteFile}`, new Date(), new Date());
    return true;
  } catch {
    return false;
  }
}

/** One model key's share of the cache. */
export interface CachedModel {
  readonly key: ModelKey;
  /** Null if the note is missing or unreadable. */
  readonly note: CacheNote | null;
  readonly files: number;
  /** Files of a version that did not write Parquet: nothing reads them any more. */
  readonly oldFiles: number;
  /** At most: a prediction in two files counts twice. */
  readonly predictions: number;
  readonly bytes: number;
  readonly lastUsed: Date;
}

/** What the cache holds, last used first. @throws StoreError if it can't be read */
export async function listCache(cache: string): Promise<CachedModel[]> {
  const keys = (await namesIn(`${cache}/predictions`)).filter((name) => sha256.safeParse(name).success);
  const models = await Promise.all(keys.map((key) => describe(key, predictionsFolder(cache, key))));
  return models.filter((model) => model !== null).sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
}

async function describe(key: ModelKey, folder: string): Promise<CachedModel | null> {
  const files = await namesIn(folder);
  const sizes = await Promise.all(
    files.map(async (file) => (await statIfThere(`${folder}/${file}`))?.size ?? 0),
  );
  const ours = files.filter((file) => file.endsWith(cacheFileSuffix));
  const { rowsOf } = await import('./parquet.js');
  const counts = await Promise.all(ours.map((file) => readFile(`${folder}/${file}`).then(rowsOf, () => 0)));
  const used = (await statIfThere(`${folder}/${noteFile}`)) ?? (await statIfThere(folder));
  if (used === null) return null;
  return {
    key,
    note: await readNote(folder),
    files: ours.length,
    oldFiles: files.filter((file) => file.endsWith(oldCacheFileSuffix)).length,
    predictions: counts.reduce((sum, count) => sum + count, 0),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    lastUsed: used.mtime,
  };
}

async function readNote(folder: string): Promise<CacheNote | null> {
  try {
    return noteShape.safeParse(JSON.parse(await readFile(`${folder}/${noteFile}`, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** What to remove from the cache. */
export type CacheSelection =
  | { readonly kind: 'all' }
  /** Every key of the model file whose SHA-256 begins so. */
  | { readonly kind: 'model'; readonly sha256Prefix: string }
  | { readonly kind: 'unused-since'; readonly date: Date };

/**
 * Removes what was selected. A run that uses it at this time goes on, and writes its own predictions at its end.
 *
 * @returns what was removed
 * @throws StoreError if nothing can be removed, or a prefix fits several model files
 */
export async function removeFromCache(cache: string, selection: CacheSelection): Promise<CachedModel[]> {
  const chosen = choose(await listCache(cache), selection);
  for (const { key } of chosen) {
    const folder = predictionsFolder(cache, key);
    try {
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      throw unusable(folder, "can't be removed", error);
    }
  }
  return chosen;
}

function choose(models: readonly CachedModel[], selection: CacheSelection): CachedModel[] {
  switch (selection.kind) {
    case 'all':
      return [...models];
    case 'unused-since':
      return models.filter((model) => model.lastUsed < selection.date);
    case 'model': {
      const prefix = selection.sha256Prefix.toLowerCase();
      const found = models.filter((model) => model.note?.parts.model.startsWith(prefix));
      const files = new Set(found.map((model): Sha256 | undefined => model.note?.parts.model));
      if (prefix === '' || files.size > 1)
        throw new StoreError({
          code: 'ambiguous-model',
          what: `"${prefix}" fits ${files.size} model files of the cache`,
          where: null,
          remedy: 'Give more digits of the SHA-256; `cache ls` shows them.',
        });
      return found;
    }
  }
}

/** Names in a folder, sorted; none if it is missing. @throws StoreError if it can't be read */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw unusable(folder, "can't be read", error);
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}

function unusable(where: string, what: string, cause: unknown): StoreError {
  const remedy = 'Name a folder of your own in IMAGENET_EVAL_CACHE, or give --no-cache.';
  return new StoreError({ code: 'cache-unusable', what, where, remedy, cause });
}
