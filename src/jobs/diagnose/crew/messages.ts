import type { Recipe, TensorSpec } from 'reference-pixels/recipe';
import type { Arithmetic } from '../../../runtime/onnxruntime/graph.js';
import type { Observation, Observed } from '../observe/observation.js';

/** One kind of input tensor that images are made into, in memory that all threads share: row r is the image in row r of the block. */
export interface InputSet {
  readonly recipe: Recipe;
  readonly tensor: TensorSpec;
  /** Rows of 3 x width x height elements of the tensor's dtype. */
  readonly buffer: SharedArrayBuffer;
}

/** How the scores of a network are read. */
export interface ScoreReading {
  readonly output: string;
  /** Scores a row, background included. */
  readonly columns: number;
  readonly classOffset: number;
  readonly classes: number;
  /** Of an integer output; null where it has none or is float. */
  readonly grid: { readonly scale: number; readonly zeroPoint: number } | null;
  /** Scores are logits where the other network gives probabilities. */
  readonly softmax: boolean;
}

export interface PrepareTask {
  readonly kind: 'prepare';
  readonly images: readonly { readonly row: number; readonly id: string; readonly bytes: Uint8Array }[];
  readonly inputs: readonly InputSet[];
  readonly decodeTimeoutMs: number;
}

export interface ScoreTask {
  readonly kind: 'score';
  readonly where: string;
  /** The ONNX file; it changes hands. */
  readonly bytes: Uint8Array;
  readonly arithmetic: Arithmetic;
  readonly input: InputSet;
  readonly rows: readonly number[];
  /** Images a call of onnxruntime. */
  readonly batch: number;
  readonly reading: ScoreReading;
}

export interface ObserveTask {
  readonly kind: 'observe';
  readonly float: { readonly bytes: SharedArrayBuffer; readonly input: InputSet };
  readonly int8: { readonly bytes: SharedArrayBuffer; readonly input: InputSet };
  readonly rows: readonly number[];
  /** Images a call of onnxruntime; rows are a multiple of it. */
  readonly batch: number;
  readonly tensors: readonly Observed[];
}

export type Task = PrepareTask | ScoreTask | ObserveTask;

export interface Results {
  /** By image: why it can't be used; null where it can. */
  readonly prepare: readonly (string | null)[];
  /** Rows of `classes` scores. */
  readonly score: Float32Array;
  readonly observe: readonly (Observation | null)[];
}

export type ToWorker = { readonly kind: 'task'; readonly task: Task } | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: Results[Task['kind']] }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly what: string;
      readonly where: string | null;
      readonly remedy: string | null;
    };
