/** How a worker opens a network in LiteRT. */
export interface LitertPlan {
  readonly runtime: 'litert';
  /** The TFLite file, shared between all workers. */
  readonly bytes: SharedArrayBuffer;
  /** Place of the output that holds the scores among the outputs. */
  readonly output: number;
}
