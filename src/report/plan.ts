import type { GateName } from '../metrics/verdict.js';

/** What `plan` found: how many images the gates of a config need, before any is spent. */
export interface PlanRecord {
  readonly format: 'onnx-imagenet-eval/plan';
  readonly version: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly dataset: string;
  /** Images at hand. */
  readonly images: number;
  /** Images that the verdicts speak of; null: more than are at hand, nobody says how many. */
  readonly population: number | null;
  /** As measured on this machine, for all models together; null where it was not asked for. */
  readonly imagesPerSecond: number | null;
  /** Chance of a decision that the numbers of images are for. */
  readonly power: number;
  /** Two-sided confidence of a gate in a plain check, shared among the gates. */
  readonly confidence: number;
  /** Error rate of a gate in a sequential check, either way, shared among the gates. */
  readonly errorRate: number;
  /** Percent of the images whose correctness is assumed to flip besides the drop, half of them to the better. */
  readonly flips: number;
  readonly gates: readonly PlannedGateRecord[];
}

export interface PlannedGateRecord {
  readonly model: string;
  readonly gate: GateName;
  readonly limit: number;
  /** What the gate's figure is assumed to be, and what that needs; empty for a gate that no number of images decides. */
  readonly needs: readonly {
    /** In the gate's unit. */
    readonly figure: number;
    readonly plain: number;
    /** null where the gate is not tested sequentially. */
    readonly sequential: { readonly median: number; readonly enough: number } | null;
  }[];
  /** What else is to be known, in sentences: a gate that is a coin toss, one that can't be decided on these images. */
  readonly notes: readonly string[];
}
