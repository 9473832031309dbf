import type { HistogramState } from './histogram.js';

/** A tensor to look at in both networks. */
export interface Observed {
  /** Name in the float network; null where only the int8 network has it. */
  readonly float: string | null;
  /** Name in the int8 network, quantized and dequantized where a quantizer stands there. */
  readonly int8: string;
  /** The quantizer whose range the tensor is held against; null where there is none. */
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
