import { addHistograms, type HistogramState } from './histogram.js';

/** A tensor to look at in both networks. */
export interface TensorToObserve {
  /** Name in the float network; null where only the int8 network has it. */
  readonly float: string | null;
  /** Name in the int8 network, quantized and dequantized where a quantizer stands there. */
  readonly int8: string;
  /** Of the quantizer whose range the tensor is compared with; null where there is none. */
  readonly grid: {
    readonly scale: number;
    readonly zeroPoint: number;
    readonly lowest: number;
    readonly highest: number;
  } | null;
}

/** Sums over a tensor's elements and images. */
export interface Observation {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  /** Sum of squares of the float tensor. */
  readonly signal: number;
  /** Sum of squares of float minus int8 network; null where only one has the tensor, or they differ in size. */
  readonly noise: number | null;
  /** The two networks' tensors have other numbers of elements: the match was wrong. */
  readonly mismatch: boolean;
  /** Elements below and above the quantizer's range. */
  readonly below: number;
  readonly above: number;
  /** Squared error that this quantizer alone makes on the float tensor, of elements outside and inside its range. */
  readonly clipError: number;
  readonly roundError: number;
  /** Elements of the int8 network's own tensor that stand on its lowest and highest level. */
  readonly lowestLevel: number;
  readonly highestLevel: number;
  /** How often each level is used by the float tensor; of up to 8 bits only, else how many levels. */
  readonly levels: Uint32Array | null;
  readonly levelsUsed: number;
  readonly histogram: HistogramState;
  /** Largest absolute value by channel (the second dimension); none for tensors of fewer than three dimensions. */
  readonly channels: Float32Array | null;
}

/** What two threads saw of one tensor, as if one had seen it all. */
export function mergeObservations(a: Observation | null, b: Observation | null): Observation | null {
  if (a === null || b === null) return a ?? b;
  const levels = a.levels === null || b.levels === null ? null : a.levels.map((n, i) => n + b.levels![i]!);
  return {
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    signal: a.signal + b.signal,
    noise: a.noise === null || b.noise === null ? null : a.noise + b.noise,
    mismatch: a.mismatch || b.mismatch,
    below: a.below + b.below,
    above: a.above + b.above,
    clipError: a.clipError + b.clipError,
    roundError: a.roundError + b.roundError,
    lowestLevel: a.lowestLevel + b.lowestLevel,
    highestLevel: a.highestLevel + b.highestLevel,
    levels,
    levelsUsed: levels?.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) ?? 0,
    histogram: addHistograms(a.histogram, b.histogram),
    channels:
      a.channels === null || b.channels === null
        ? null
        : a.channels.map((size, i) => Math.max(size, b.channels![i]!)),
  };
}
