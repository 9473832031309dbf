import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import type { HashedImage, ImageId, Predictions } from '../domain/domain.js';
import { messageOf, StoreError, systemCode } from '../domain/errors.js';
import { decodePredictionFile } from '../store/prediction-file.js';
import { originalText } from './csv.js';
import { readGallery } from './formats/gallery-json.js';
import { provenance, type Provenance } from '../record/provenance.js';
import type { RunRecord } from '../record/run-record.js';
import type { Report } from './report.js';
import { summarySchema, type Summary } from './summary-schema.js';
import { summarize } from './summary.js';

/**
 * Reads `summary.json` of a report folder.
 * @throws StoreError if there is none or it is no summary of a version that this program reads
 */
export async function readSummary(dir: string): Promise<Summary> {
  return (await readSummaryFile(dir)).summary;
}

/** summary.json's figures, and what it says of how they came about. */
async function readSummaryFile(
  dir: string,
): Promise<{ readonly summary: Summary; readonly origin: Provenance }> {
  const file = join(dir, 'summary.json');
  const text = await readText(file);
  return within(file, () => {
    const content: unknown = JSON.parse(text);
    return { summary: summarySchema.parse(content), origin: provenance.parse(content) };
  });
}

/** What a report folder says besides the predictions. */
export interface ReadReport {
  readonly summary: Summary;
  /** How the figures came about. */
  readonly origin: Provenance;
  readonly samples: RunRecord['samples'];
  readonly realLabels: RunRecord['realLabels'];
  readonly thumbnails: Report['thumbnails'];
}

/**
 * Reads summary.json, images.csv and the gallery of a report folder.
 * @throws StoreError if a file is missing or damaged
 */
export async function readReport(dir: string): Promise<ReadReport> {
  return {
    ...(await readSummaryFile(dir)),
    ...(await readImages(join(dir, 'images.csv'))),
    thumbnails: await readThumbnails(join(dir, 'gallery.json')),
  };
}

/**
 * Reads a report folder back into what it was written from, predictions included. The figures are counted anew from the
 * predictions.
 *
 * @throws StoreError if a file is missing, damaged, or contradicts summary.json
 */
export async function readRun(dir: string): Promise<Report> {
  const { summary, origin, samples, realLabels, thumbnails } = await readReport(dir);
  const models: RunRecord['models'][number][] = [];
  for (const [at, model] of origin.models.entries()) {
    const { slug, verdict } = summary.models[at]!;
    const file = join(dir, 'predictions', `${slug}.parquet`);
    models.push({
      ...model,
      tolerance: verdict.tolerance,
      predictions: await readModelPredictions(file, samples),
    });
  }
  const record: RunRecord = { ...origin, models, samples, realLabels };
  const counted: Summary = { ...summarize(record), gates: summary.gates };
  counted.models.forEach((model, index) => {
    const stored = summary.models[index]!;
    if (model.top1.correct === stored.top1.correct && model.top5.correct === stored.top5.correct) return;
    throw new StoreError({
      code: 'report-contradiction',
      what: `the predictions of ${stored.name} give ${model.top1.correct} and ${model.top5.correct} correct images, summary.json says ${stored.top1.correct} and ${stored.top5.correct}`,
      where: dir,
      remedy: 'A file of this report was changed after the run: restore it or run again.',
    });
  });
  return { record, summary: counted, thumbnails };
}

const cells = z.array(z.array(z.string()));

function rows(text: string): string[][] {
  return cells.parse(parse(text, { relax_column_count: false }));
}

async function readImages(file: string): Promise<Pick<RunRecord, 'samples' | 'realLabels'>> {
  const text = await readText(file);
  return within(file, () => {
    const [header, ...body] = rows(text);
    const real = header?.indexOf('real') ?? -1;
    const samples = body.map(([id, label, sha256]): HashedImage => ({
      id: originalText(id!),
      label: integer(label),
      sha256: sha256!,
    }));
    const realLabels =
      real === -1 ? null : body.map((row) => (row[real] === '' ? [] : row[real]!.split(' ').map(integer)));
    return { samples, realLabels };
  });
}

async function readModelPredictions(file: string, samples: readonly HashedImage[]): Promise<Predictions> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw systemCode(cause) === 'ENOENT' ? missingPredictions(file, cause) : unreadable(file, cause);
  });
  return decodePredictionFile(bytes, samples).catch((cause: unknown) => {
    throw damaged(file, cause);
  });
}

function missingPredictions(file: string, cause: unknown): StoreError {
  return new StoreError({
    code: 'report-old-format',
    what: 'is not there: the folder is incomplete, or a version wrote it that kept predictions as CSV only',
    where: file,
    remedy: 'Run again into this folder with --fresh; what the cache holds is not computed again.',
    cause,
  });
}

function integer(cell: string | undefined): number {
  const value = Number(cell);
  if (cell === undefined || cell.trim() === '' || !Number.isInteger(value))
    throw new Error(`expected a whole number but found '${cell ?? ''}'`);
  return value;
}

async function readThumbnails(file: string): Promise<ReadonlyMap<ImageId, Uint8Array>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return new Map();
    throw unreadable(file, error);
  }
  return within(file, () => readGallery(text));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): StoreError {
  return new StoreError({
    code: 'report-unreadable',
    what: `can't be read: ${messageOf(cause)}`,
    where: file,
    remedy: 'Give the folder that `imagenet-eval run … --out` wrote.',
    cause,
  });
}

function within<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw damaged(file, cause);
  }
}

function damaged(file: string, cause: unknown): StoreError {
  return new StoreError({
    code: 'report-damaged',
    what: `is no report file of this program: ${cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)}`,
    where: file,
    remedy: 'Restore the file, or run again.',
    cause,
  });
}
