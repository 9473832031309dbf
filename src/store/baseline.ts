import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { LabelledImage, Predictions } from '../domain/domain.js';
import { StoreError, messageOf, systemCode } from '../domain/errors.js';
import { datasetFacts, machineFacts, modelOrigin, runFacts, toolFacts } from '../record/provenance.js';
import type { RunRecord } from '../record/run-record.js';
import { makeFolder, writeDurably, writeFault } from './durable.js';
import { decodeTable, encodeTable } from './parquet.js';
import { column, predictionColumns, readPredictions } from './prediction-columns.js';

const FORMAT = 'onnx-imagenet-eval/baseline';
const VERSION = 2;

/** What a baseline says of its run: what equal runs have in common. */
const headShape = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  tool: toolFacts,
  run: runFacts.pick({ title: true, config: true, batch: true, ties: true }),
  dataset: datasetFacts.omit({ classes: true }),
  machine: machineFacts.pick({ os: true, cpu: true, cpuFlags: true, exactProducts: true, versions: true }),
  models: z.array(modelOrigin).readonly(),
});
type Head = z.infer<typeof headShape>;

interface BaselineSample extends LabelledImage {
  /** The first four hexadecimal digits of the image's SHA-256: an altered image is told with 65 535 chances in 65 536. */
  readonly sha256Prefix: string;
}

/** A run's predictions in one small file, for comparing later runs with it image by image. */
export interface Baseline extends Omit<Head, 'format' | 'version'> {
  readonly models: readonly (Head['models'][number] & {
    /** Aligned with the samples; all exact. `scores` has the top score only, and logSumExp is not kept: NaN. */
    readonly predictions: Predictions;
  })[];
  readonly samples: readonly BaselineSample[];
}

/** A model of a baseline with its predictions. */
export type BaselineModel = Baseline['models'][number];

/** Hexadecimal digits of a digest that are kept. */
const PREFIX = 4;

/**
 * A Parquet file: `file`, `label`, `sha256_prefix`, and for each model the columns of `predictionColumns` behind its
 * number, `m1_c1` and so on. Equal runs give equal bytes.
 */
export function encodeBaseline(record: RunRecord): Buffer {
  const { samples, models } = record;
  const head = z.encode(headShape, { ...record, format: FORMAT, version: VERSION });
  return encodeTable(head, [
    { name: 'file', type: 'STRING', values: samples.map(({ id }) => id) },
    { name: 'label', type: 'INT32', values: samples.map(({ label }) => label) },
    { name: 'sha256_prefix', type: 'STRING', values: samples.map(({ sha256 }) => sha256.slice(0, PREFIX)) },
    ...models.flatMap(({ predictions }, index) =>
      predictionColumns(predictions, { prefix: prefixOf(index), scores: 'top' }),
    ),
  ]);
}

function prefixOf(model: number): string {
  return `m${model + 1}_`;
}

/** @throws StoreError if it is no baseline, one of another version, or not as it was written */
export async function decodeBaseline(bytes: Buffer, file: string): Promise<Baseline> {
  if (isOldBaseline(bytes))
    throw unusable(
      file,
      'is a baseline of version 1, from before baselines were Parquet files, and this program reads version 2',
      'Make it anew from a run of the same models: imagenet-eval baseline save NAME --run REPORT_FOLDER',
    );
  try {
    const table = await decodeTable(bytes);
    const { format, version, ...head } = headShape.parse(table.head);
    const [ids, labels, prefixes] = ['file', 'label', 'sha256_prefix'].map((name) => column(table, name));
    return {
      ...head,
      samples: Array.from({ length: table.rows }, (_, row) => ({
        id: String(ids![row]),
        label: Number(labels![row]),
        sha256Prefix: String(prefixes![row]),
      })),
      models: head.models.map((model, index) => ({
        ...model,
        predictions: readPredictions(table, prefixOf(index)),
      })),
    };
  } catch (error) {
    throw unusable(file, `is no baseline that this program can read: ${reasonOf(error)}`, undefined, error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
}

function isOldBaseline(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 28) === 'onnx-imagenet-eval baseline ';
}

/**
 * Writes a baseline; its folder is made if it is missing. It replaces a baseline and nothing else.
 *
 * @returns the file's size in bytes
 * @throws StoreError if it can't be written, or another file has its name
 */
export async function saveBaseline(path: string, record: RunRecord): Promise<number> {
  if (!(await isFree(path)))
    throw new StoreError({
      code: 'not-a-baseline',
      what: 'is there already and is no sound baseline: it is left as it is',
      where: path,
      remedy: 'Give a name, or a path that ends in .baseline, or remove that file first.',
    });
  const bytes = encodeBaseline(record);
  try {
    await makeFolder(dirname(path));
    await writeDurably(path, bytes);
  } catch (error) {
    throw writeFault(path, error);
  }
  return bytes.length;
}

/** Whether there is nothing at a path, or a baseline. */
async function isFree(path: string): Promise<boolean> {
  let there: Buffer;
  try {
    there = await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true;
    throw writeFault(path, error);
  }
  if (isOldBaseline(there)) return true;
  return decodeBaseline(there, path).then(
    () => true,
    () => false,
  );
}

/** @throws StoreError if there is none, or as `decodeBaseline` does */
export async function readBaseline(path: string): Promise<Baseline> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw unusable(path, `can't be read: ${messageOf(error)}`, undefined, error);
  }
  return decodeBaseline(bytes, path);
}

function unusable(
  where: string,
  what: string,
  remedy = 'Save the baseline again from a run; in git, keep such files as binary (`*.baseline -text`).',
  cause?: unknown,
): StoreError {
  return new StoreError({ code: 'baseline-unusable', what, where, remedy, cause });
}
