import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';

import type { ImageId, ScoreArray, Sha256 } from '../domain/domain.js';
import { ModelError, messageOf } from '../domain/errors.js';
import { numberOfHalf } from '../domain/half.js';
import { npyTypes, readNpyHeader, type NpyType } from '../domain/npy.js';
import { readModelFile } from './model-file.js';
import { tensorsFiles, tensorsNote, type TensorsNote } from './tensors-folder.js';

/** An image that scores are for; `sha256` of the file that they were made from, null where nobody says. */
interface ScoredImage {
  readonly id: ImageId;
  readonly sha256: Sha256 | null;
}

/** Scores that were made elsewhere. */
export interface ScoresFile {
  readonly sha256: Sha256;
  readonly bytes: number;
  /** Row-major, `classes` an image. */
  readonly scores: ScoreArray;
  /** As numpy calls it; of a CSV int32 where all are whole numbers, else float64. */
  readonly dtype: string;
  readonly classes: number;
  /** By row. */
  readonly images: readonly ScoredImage[];
  /** The file that gives the rows their images; null where each names its own. */
  readonly index: { readonly file: string; readonly sha256: Sha256 } | null;
  /** What the folder of tensors says that the index lies in; null where it is in none. */
  readonly tensors: TensorsNote | null;
}

/**
 * Reads a .npy of shape [N, classes] in the order of an index, or a CSV with an image's id and its scores a line.
 * @param index of a .npy; null: index.csv beside it
 * @throws ModelError where it can't be read, does not fit its index, or holds NaN
 */
export async function readScoresFile(name: string, file: string, index: string | null): Promise<ScoresFile> {
  const where = `${name} (${basename(file)})`;
  const read = /\.csv$/i.test(file) ? await readCsv(file, where) : await readNpy(name, file, index, where);
  const at = read.scores.findIndex((score) => Number.isNaN(score));
  if (at < 0) return read;
  throw new ModelError({
    code: 'scores-nan',
    what: `a score of ${read.images[Math.floor(at / read.classes)]!.id} is NaN, of class ${at % read.classes}`,
    where,
    remedy: 'Scores must be numbers: look at what the network gave for this image.',
  });
}

async function readNpy(name: string, file: string, given: string | null, where: string): Promise<ScoresFile> {
  const shared = await readModelFile(file, name);
  const bytes = new Uint8Array(shared);
  const indexFile = given ?? join(dirname(file), tensorsFiles.index);
  const index = await readIndex(indexFile, where);
  let array;
  try {
    array = readNpyHeader(bytes);
  } catch (cause) {
    throw unreadable(where, messageOf(cause), cause);
  }
  const { dtype, shape, offset } = array;
  const [rows = 0, classes = 0, ...rest] = shape;
  if (shape.length < 2 || rest.some((size) => size !== 1))
    throw unreadable(where, `its shape is (${shape.join(', ')}), where (images, classes) is due`);
  if (rows !== index.images.length)
    throw new ModelError({
      code: 'scores-index',
      what: `it has ${rows} rows, and ${basename(indexFile)} lists ${index.images.length} images`,
      where,
      remedy: 'Write a row for every line of the index, in its order.',
    });
  const scores = valuesOf(bytes.subarray(offset), dtype, rows * classes);
  if (scores === null) throw unreadable(where, `it ends before ${rows} rows of ${classes} ${dtype}`);
  return {
    sha256: hash('sha256', bytes, 'hex'),
    bytes: bytes.length,
    scores,
    dtype,
    classes,
    images: index.images,
    index: { file: indexFile, sha256: index.sha256 },
    tensors: await readNote(dirname(indexFile)),
  };
}

/** Values in memory of their own, for numpy's headers need not be as long as a value's alignment. */
function valuesOf(bytes: Uint8Array, dtype: NpyType, length: number): ScoreArray | null {
  const { array } = npyTypes[dtype];
  const size = array.BYTES_PER_ELEMENT;
  if (bytes.length < length * size) return null;
  const values = new array(Uint8Array.from(bytes.subarray(0, length * size)).buffer);
  return values instanceof Uint16Array ? Float32Array.from(values, numberOfHalf) : values;
}

async function readIndex(
  file: string,
  where: string,
): Promise<{ readonly images: ScoredImage[]; readonly sha256: Sha256 }> {
  try {
    const text = await readFile(file);
    const rows = parseAtOnce<Record<string, string>>(text, { columns: true, skip_empty_lines: true });
    const images = rows.map(({ id, sha256 }): ScoredImage => {
      if (id === undefined) throw new Error('it has no column called id');
      return { id, sha256: sha256 ?? null };
    });
    return { images, sha256: hash('sha256', text, 'hex') };
  } catch (cause) {
    throw new ModelError({
      code: 'scores-index',
      what: `a .npy has no names of images, and the index ${file} can't be read: ${messageOf(cause)}`,
      where,
      remedy:
        'Put the index.csv of `imagenet-eval tensors` beside it, or name it: scores: { file: scores.npy, index: tensors/index.csv }.',
      cause,
    });
  }
}

async function readNote(folder: string): Promise<TensorsNote | null> {
  const text = await readFile(join(folder, tensorsFiles.note), 'utf8').catch(() => null);
  return text === null ? null : (tensorsNote.safeParse(JSON.parse(text)).data ?? null);
}

async function readCsv(file: string, where: string): Promise<ScoresFile> {
  const images: ScoredImage[] = [];
  const rows: Float64Array[] = [];
  const sum = createHash('sha256');
  let bytes = 0;
  try {
    const lines = parse({ relax_column_count: true, skip_empty_lines: true, bom: true });
    createReadStream(file)
      .on('data', (chunk) => {
        sum.update(chunk);
        bytes += chunk.length;
      })
      .on('error', (error) => lines.destroy(error))
      .pipe(lines);
    // Without `columns` a record is a list of its fields.
    for await (const [id, ...fields] of lines as AsyncIterable<[string, ...string[]]>) {
      if (images.length === 0 && id.toLowerCase() === 'id') continue;
      const row = Float64Array.from(fields, (field) => (field.trim() === '' ? NaN : Number(field)));
      if (row.length !== (rows[0] ?? row).length)
        throw new Error(`${id} has ${row.length} scores, and ${images[0]!.id} ${rows[0]!.length}`);
      images.push({ id, sha256: null });
      rows.push(row);
    }
  } catch (cause) {
    throw unreadable(where, messageOf(cause), cause);
  }
  const classes = rows[0]?.length ?? 0;
  const scores = new Float64Array(rows.length * classes);
  rows.forEach((row, index) => {
    scores.set(row, index * classes);
  });
  return {
    sha256: sum.digest('hex'),
    bytes,
    scores,
    dtype: scores.every(Number.isInteger) ? 'int32' : 'float64',
    classes,
    images,
    index: null,
    tensors: null,
  };
}

function unreadable(where: string, what: string, cause?: unknown): ModelError {
  return new ModelError({
    code: 'scores-unreadable',
    what: `these are no scores: ${what}`,
    where,
    remedy:
      'Expected a .npy of float64, float32, float16, int32, int8 or uint8 and shape (images, classes), or a CSV: id, then the scores of all classes.',
    cause,
  });
}
