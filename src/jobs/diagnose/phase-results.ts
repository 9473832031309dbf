import type { Measured } from './measurer.js';
import type { ObservedTensor } from './observe/observe.js';
import type { RestorationStep } from './restoration.js';
import type { Candidate } from './screening.js';
import type { WeightComparison } from './weights.js';

/** What the phases of a diagnosis found; maps are empty for a phase that was not reached. */
export interface PhaseResults {
  readonly float: Measured;
  readonly fused: Measured;
  readonly undisturbed: Measured;
  readonly constants: readonly (WeightComparison | null)[];
  readonly observedTensors: readonly ObservedTensor[];
  readonly observedImages: number;
  /** By the quantizer's place. */
  readonly quantizers: ReadonlyMap<number, Candidate>;
  /** By the layer's place. */
  readonly layers: ReadonlyMap<number, Candidate>;
  readonly steps: readonly RestorationStep[];
}
