import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { ClassIndex, ImageId, Prediction, Sha256 } from '../domain/domain.js';
import { StoreError, messageOf } from '../domain/errors.js';
import { tally } from '../metrics/tally.js';
import {
  decodeHead,
  encodeHead,
  type BaselineFigures,
  type BaselineHead,
  type BaselineModelHead,
} from './baseline-head.js';
import { ByteReader, ByteWriter } from './byte-stream.js';
import { writeDurably, writeFault } from './durable.js';
import { decodeNames, encodeNames } from './image-names.js';
import { decodePredictions, encodePredictions } from './prediction-columns.js';
import type { ScoreDetail } from './score-column.js';

export type { BaselineFigures, BaselineHead, BaselineModelHead } from './baseline-head.js';

export interface BaselineModel extends BaselineModelHead {
  readonly figures: BaselineFigures;
  /**
   * Aligned with the samples. Exact: all classes, labelTied, tiedTop, invalid; labelAbove up to 5, where 5 stands for 5
   * or more. `scores` has the top score only, within `scorePrecision`. logSumExp is not kept: NaN.
   */
  readonly predictions: readonly Prediction[];
  /** By how much at most a top score differs from the run's; 0: not at all. */
  readonly scorePrecision: number;
}

export interface BaselineSample {
  readonly id: ImageId;
  readonly label: ClassIndex;
  /** The first four hexadecimal digits of the image's SHA-256: an altered image is told with 65 535 chances in 65 536. */
  readonly sha256Prefix: string;
}

/** A run's predictions and figures in one small file, for comparing later runs with it image by image. */
export interface Baseline extends BaselineHead {
  readonly models: readonly BaselineModel[];
  readonly samples: readonly BaselineSample[];
}

/** What a baseline is made from. */
export interface BaselineSource extends BaselineHead {
  readonly models: readonly (BaselineModelHead & { readonly predictions: readonly Prediction[] })[];
  readonly samples: readonly { readonly id: ImageId; readonly label: ClassIndex; readonly sha256: Sha256 }[];
}

const FORMAT = 'onnx-imagenet-eval baseline 1';
/** Above this many bytes at the quick quality, top scores are kept within a small step instead of exactly. */
const ROOMY = 950_000;
/** Some 5 % larger files than the best quality, ten times as fast. */
const QUICK = 5;
/** Nothing that this program writes comes near it; it stops a hostile file from filling the memory. */
const LARGEST = 1 << 30;

/**
 * The file: a line with format, version and the SHA-256 of what follows; a line of JSON with everything but the images;
 * then images and predictions as columns, compressed with Brotli. Equal runs give equal bytes.
 *
 * @throws RangeError if predictions and samples differ in number
 */
export function encodeBaseline(source: BaselineSource): Buffer {
  const roomy = encodeWith(source, 'exact', QUICK).length <= ROOMY;
  return encodeWith(source, roomy ? 'exact' : 'compact', constants.BROTLI_MAX_QUALITY);
}

function encodeWith(
  { samples, models, ...run }: BaselineSource,
  detail: ScoreDetail,
  quality: number,
): Buffer {
  const labels = samples.map(({ label }) => label);
  const classes = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  const heads = models.map(({ predictions, ...model }) => {
    if (predictions.length !== samples.length)
      throw new RangeError(`Expected ${samples.length} predictions but received ${predictions.length}`);
    const labelled = predictions.map((prediction, at) => ({ prediction, label: labels[at]! }));
    const { images, top1, top5, ties, saturation, invalid } = tally(labelled, classes);
    return { ...model, figures: { images, top1, top5, ties, saturation, invalid } };
  });
  const columns = new ByteWriter();
  const add = (column: Buffer): void => {
    columns.varint(column.length);
    columns.block(column);
  };
  add(encodeNames(samples.map(({ id }) => id)));
  add(labelColumn(labels));
  add(Buffer.from(samples.map(({ sha256 }) => sha256.slice(0, PREFIX)).join(''), 'hex'));
  models.forEach(({ predictions }, at) => {
    add(encodePredictions(labels, predictions, models[at - 1]?.predictions ?? null, detail));
  });
  const body = Buffer.concat([
    Buffer.from(`${encodeHead({ ...run, models: heads })}\n`),
    brotliCompressSync(columns.bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: columns.bytes.length,
      },
    }),
  ]);
  return Buffer.concat([Buffer.from(`${FORMAT} ${digestOf(body)}\n`), body]);
}

/** @throws StoreError if it is no baseline, one of another version, or not as it was written */
export function decodeBaseline(bytes: Buffer, file: string): Baseline {
  const firstEnd = bytes.indexOf(LF);
  const [, version, digest] =
    /^onnx-imagenet-eval baseline (\d+) ([0-9a-f]{64})$/.exec(
      bytes.toString('latin1', 0, Math.min(firstEnd, 200)),
    ) ?? [];
  if (version === undefined) throw unusable(file, 'is no baseline of onnx-imagenet-eval');
  if (version !== '1')
    throw unusable(file, `is a baseline of version ${version}, and this program reads version 1`);
  const body = bytes.subarray(firstEnd + 1);
  if (digest !== digestOf(body))
    throw unusable(
      file,
      'is not as it was written (SHA-256): cut short, or changed by a conversion of line ends',
    );
  const headEnd = body.indexOf(LF);
  try {
    const head = decodeHead(body.toString('utf8', 0, headEnd));
    const columns = brotliDecompressSync(body.subarray(headEnd + 1), { maxOutputLength: LARGEST });
    return decodeColumns(head, new ByteReader(columns));
  } catch (error) {
    throw unusable(file, `can't be read: ${messageOf(error)}`, error);
  }
}

function decodeColumns(head: ReturnType<typeof decodeHead>, reader: ByteReader): Baseline {
  const column = () => reader.block(reader.varint());
  const ids = decodeNames(column());
  const labels = readLabels(column(), ids.length);
  const prefixes = column().toString('hex');
  const samples = ids.map((id, at) => ({
    id,
    label: labels[at]!,
    sha256Prefix: prefixes.slice(at * PREFIX, (at + 1) * PREFIX),
  }));
  const models: BaselineModel[] = [];
  for (const model of head.models)
    models.push({ ...model, ...decodePredictions(labels, column(), models.at(-1)?.predictions ?? null) });
  return { ...head, models, samples };
}

/**
 * Writes a baseline; its folder is made if it is missing.
 *
 * @returns the file's size in bytes
 * @throws StoreError if it can't be written
 */
export async function saveBaseline(path: string, source: BaselineSource): Promise<number> {
  const bytes = encodeBaseline(source);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeDurably(path, bytes);
  } catch (error) {
    throw writeFault(path, error);
  }
  return bytes.length;
}

/** @throws StoreError if there is none, or as `decodeBaseline` does */
export async function readBaseline(path: string): Promise<Baseline> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw unusable(path, `can't be read: ${messageOf(error)}`, error);
  }
  return decodeBaseline(bytes, path);
}

const LF = 0x0a;
/** Hexadecimal digits of a digest that are kept. */
const PREFIX = 4;

function digestOf(bytes: Buffer): Sha256 {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Low bytes, then high bytes. */
function labelColumn(labels: readonly ClassIndex[]): Buffer {
  const column = Buffer.alloc(labels.length * 2);
  labels.forEach((label, at) => {
    if (!Number.isInteger(label) || label < 0 || label > 0xffff)
      throw new RangeError(`Expected a label from 0 to 65535 but received ${label}`);
    column[at] = label & 0xff;
    column[labels.length + at] = label >>> 8;
  });
  return column;
}

function readLabels(column: Buffer, count: number): ClassIndex[] {
  if (column.length !== 2 * count) throw new RangeError(`Expected ${count} labels`);
  return Array.from({ length: count }, (_, at) => column[at]! + 256 * column[count + at]!);
}

function unusable(where: string, what: string, cause?: unknown): StoreError {
  const remedy =
    'Save it again with `baseline save`, or restore the file; it is binary for git: *.baseline -text';
  return new StoreError({ code: 'baseline-unusable', what, where, remedy, cause });
}
