import type { BatchFinding } from '../domain/batch-finding.js';

/** One dimension as the file states it: a number, or the name of a free one. */
export type Dimension = number | string;

/** Number of elements of a tensor: the product of its dimensions. */
export function elementCount(dims: ArrayLike<number>): number {
  return Array.from(dims).reduce((product, size) => product * size, 1);
}

/** How integers stand for real numbers: `real = (integer - zeroPoint) * scale`. */
export interface Quantization {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** An input or output of a network. */
export interface Port {
  readonly name: string;
  /** As numpy calls it: float32, uint8, float16 ... */
  readonly dtype: string;
  readonly shape: readonly Dimension[];
  /** Of the whole tensor; null where it has none, or it is not stated. */
  readonly quantization: Quantization | null;
}

/** What a network says of itself before it is checked against any recipe or data set, whatever runs it. */
export interface NetworkDescription {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** E.g. `float32`, `QDQ int8 per-channel (activations uint8)`. */
  readonly scheme: string;
  /** null where only the runtime could tell and does not. */
  readonly parameters: number | null;
  /** null where it is no ONNX model. */
  readonly opset: number | null;
  readonly producer: string;
  /** What its operators do to several images in one call; none where none is known to do anything. */
  readonly batchFinding?: BatchFinding | null;
}

/** E.g. `input: float32 [batch, 3, 224, 224]`. */
export function describePort({ name, dtype, shape }: Port): string {
  return `${name}: ${dtype} [${shape.join(', ')}]`;
}

/** Dtypes of scores that are read as exactly their numbers. */
export const scoreTypes: readonly string[] = [
  'float16',
  'bfloat16',
  'float32',
  'float64',
  'int64',
  'int32',
  'int16',
  'uint16',
  'int8',
  'uint8',
];
