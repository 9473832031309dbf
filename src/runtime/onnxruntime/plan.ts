import type { Provider } from './provider.js';

/** How a worker opens a network in onnxruntime. */
export interface OnnxruntimePlan {
  readonly runtime: 'onnxruntime';
  /**
   * The ONNX file, shared between all workers, with a Cast where it takes or gives bfloat16; null where its weights lie in
   * other files, and it is opened by its path.
   */
  readonly bytes: SharedArrayBuffer | null;
  readonly file: string;
  /** The files that were hashed, where its weights lie in other files: no worker opens others. */
  readonly stamps: readonly FileStamp[];
  readonly provider: Provider;
  readonly inputName: string;
  /** As the file has it; float16 is made from float32 here, bfloat16 by the network that is opened. */
  readonly inputDtype: string;
  readonly outputName: string;
  /** Name of the input's free batch dimension; null where it is fixed or has none. */
  readonly batchDimension: string | null;
}

/** What tells that a file is still the one that was hashed. */
export interface FileStamp {
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
}
