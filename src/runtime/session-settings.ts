/** onnxruntime's levels of graph optimisation. */
export const graphOptimizations = ['disabled', 'basic', 'extended', 'all'] as const;

/** Settings that change speed, never counts. Thread counts are always explicit. */
export interface SessionSettings {
  readonly intraOpNumThreads: number;
  readonly graphOptimization: (typeof graphOptimizations)[number];
  /** Intra-op threads spin while idle; of no use with one thread a session. */
  readonly spinning: boolean;
  readonly arena: boolean;
  /** onnxruntime is told the batch size before it optimises the graph. */
  readonly fixedDimensions: boolean;
}

/** Settings that hold where a config says nothing else. */
export const defaultSettings: SessionSettings = {
  intraOpNumThreads: 1,
  graphOptimization: 'all',
  spinning: false,
  arena: true,
  fixedDimensions: false,
};
