import type { Recipe, TensorSpec } from 'reference-pixels/recipe';
import type { Arithmetic } from '../../../runtime/onnxruntime/graph.js';
import type { Observation, TensorToObserve } from '../observe/observation.js';

/** One kind of input tensor that images are made into, in memory that all threads share: row r is the image in row r of the block. */
export interface InputSet {
  readonly recipe: Recipe;
  readonly tensor: TensorSpec;
  /** Rows of 3 x width x height elements of the tensor's dtype. */
  readonly buffer: SharedArrayBuffer;
}

/** What the int8 network, as it is, computes for a tensor of levels, in memory that all threads share: row r is image `firstRow` + r of the block. */
export interface StoredTensor {
  readonly name: string;
  /** TensorProto.DataType: int8, uint8, int16 or uint16. */
  readonly dataType: number;
  /** Of a batch. */
  readonly dims: readonly number[];
  readonly firstRow: number;
  readonly buffer: SharedArrayBuffer;
}

/** The rest of the int8 network from a cut on, which many variants have in common. */
export interface Tail {
  /** The same for the same bytes: a thread keeps the last one open. */
  readonly key: number;
  readonly bytes: SharedArrayBuffer;
  /** Tensors that the variant's own network gives. */
  readonly made: readonly string[];
  readonly given: readonly StoredTensor[];
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
  /** What it takes in place of the input, where it begins at a cut. */
  readonly given: readonly StoredTensor[];
  readonly tail: Tail | null;
  readonly rows: readonly number[];
  /** Images a call of onnxruntime. */
  readonly batch: number;
  readonly reading: ScoreReading;
}

/** Runs the int8 network and keeps some of its tensors. */
export interface KeepTask {
  readonly kind: 'keep';
  readonly where: string;
  readonly bytes: SharedArrayBuffer;
  readonly input: InputSet;
  readonly rows: readonly number[];
  readonly batch: number;
  readonly tensors: readonly StoredTensor[];
}

/** Asks for the dimensions of tensors. */
export interface ShapesTask {
  readonly kind: 'shapes';
  readonly where: string;
  readonly bytes: SharedArrayBuffer;
  readonly input: InputSet;
  readonly batch: number;
  readonly tensors: readonly string[];
}

export interface ObserveTask {
  readonly kind: 'observe';
  readonly float: { readonly bytes: SharedArrayBuffer; readonly input: InputSet };
  readonly int8: { readonly bytes: SharedArrayBuffer; readonly input: InputSet };
  readonly rows: readonly number[];
  /** Images a call of onnxruntime; rows are a multiple of it. */
  readonly batch: number;
  readonly tensors: readonly TensorToObserve[];
}

export type Task = PrepareTask | ScoreTask | KeepTask | ShapesTask | ObserveTask;

export interface Results {
  /** By image: why it can't be used; null where it can. */
  readonly prepare: readonly (string | null)[];
  /** Rows of `classes` scores. */
  readonly score: Float32Array;
  readonly keep: null;
  readonly shapes: readonly (readonly number[])[];
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
