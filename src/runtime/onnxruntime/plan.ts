/** How a worker opens a network in onnxruntime. */
export interface OnnxruntimePlan {
  readonly runtime: 'onnxruntime';
  /** The ONNX file, shared between all workers. */
  readonly bytes: SharedArrayBuffer;
  readonly inputName: string;
  readonly outputName: string;
  /** Name of the input's free batch dimension; null where it is fixed or has none. */
  readonly batchDimension: string | null;
}
