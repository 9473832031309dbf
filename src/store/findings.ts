import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { batchFinding, type BatchFinding } from '../domain/batch-finding.js';
import { makeFolder, writeDurably } from './durable.js';
import type { ModelKey } from './key.js';

/** What earlier runs found of a model's batches, beside its predictions: a run that takes all from the cache tells it too. */

const VERSION = 1;
const shape = batchFinding.extend({ version: z.literal(VERSION) });

function folderOf(cache: string): string {
  return `${cache}/findings`;
}

/** @returns null where nothing is known, or what is there can't be read: then it is found again */
export async function readFinding(cache: string, key: ModelKey): Promise<BatchFinding | null> {
  try {
    return shape.parse(JSON.parse(await readFile(`${folderOf(cache)}/${key}.json`, 'utf8')));
  } catch {
    return null;
  }
}

/** Keeps a finding. A cache that can't be written loses nothing but time. */
export async function writeFinding(
  cache: string,
  key: ModelKey,
  { behaviour, why }: BatchFinding,
): Promise<void> {
  try {
    await makeFolder(folderOf(cache));
    await writeDurably(
      `${folderOf(cache)}/${key}.json`,
      `${JSON.stringify({ version: VERSION, behaviour, why })}\n`,
    );
  } catch {
    // The cache warns of itself where its predictions can't be kept.
  }
}
