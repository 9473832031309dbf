import * as z from 'zod';
import type { HashedImage, Predictions } from '../domain/domain.js';
import { isCorrect } from '../metrics/top-k.js';
import { modelOrigin } from '../record/provenance.js';
import type { ModelRecord } from '../record/run-record.js';
import { decodeTable, encodeTable } from './parquet.js';
import { column, predictionColumns, readPredictions } from './prediction-columns.js';

const kind = { format: 'onnx-imagenet-eval/predictions', version: 1 } as const;

/** What stands beside the columns: the model that said so. */
const headShape = z.object({
  format: z.literal(kind.format),
  version: z.literal(kind.version),
  model: modelOrigin,
});

/** What a model said of each image, as a Parquet file with the columns of predictions/<model>.csv, in its order. */
export function encodePredictionFile(model: ModelRecord, samples: readonly HashedImage[]): Buffer {
  const { predictions } = model;
  const right = (k: number) =>
    predictions.map(({ classes }, index) => isCorrect(classes, samples[index]!.label, k));
  return encodeTable(z.encode(headShape, { ...kind, model }), [
    { name: 'file', type: 'STRING', values: samples.map(({ id }) => id) },
    { name: 'label', type: 'INT32', values: samples.map(({ label }) => label) },
    ...predictionColumns(predictions, { scores: 'all' }),
    { name: 'correct1', type: 'BOOLEAN', values: right(1) },
    { name: 'correct5', type: 'BOOLEAN', values: right(5) },
  ]);
}

/** @throws an Error if these are not the predictions of just these images, as they were written */
export async function decodePredictionFile(
  bytes: Buffer,
  samples: readonly HashedImage[],
): Promise<Predictions> {
  const table = await decodeTable(bytes);
  headShape.parse(table.head);
  if (table.rows !== samples.length)
    throw new Error(`expected ${samples.length} images but found ${table.rows}`);
  const files = column(table, 'file');
  const other = samples.findIndex(({ id }, row) => files[row] !== id);
  if (other !== -1)
    throw new Error(`expected ${samples[other]!.id} in row ${other + 1} but found ${String(files[other])}`);
  return readPredictions(table);
}
