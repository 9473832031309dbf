import type { Config } from '../../config/config.js';
import type { Dataset } from '../../dataset/dataset.js';
import type { Shard } from '../../dataset/shard.js';
import type { Prediction } from '../../domain/domain.js';
import type { FirstTensor } from '../../engine/messages.js';
import type { EngineProgress, EngineSample } from '../../engine/options.js';
import type { MachineFacts } from '../../record/provenance.js';
import type { Regressions } from './guard.js';
import type { RunModel } from './run-models.js';

export interface EvaluateOptions {
  readonly config: Config;
  /** Folder of the journal; null keeps nothing on disk. */
  readonly out: string | null;
  /** Folder of the prediction cache; null to do without. */
  readonly cache: string | null;
  readonly fresh: boolean;
  readonly limit: number | null;
  readonly limitSeed: number;
  readonly workers: number | null;
  readonly batch: number | null;
  /** Part of the list to run, e.g. { index: 3, of: 8 }. */
  readonly shard: Shard | null;
  /** Stop where the first few hundred images say that the set-up is wrong. */
  readonly guard: boolean;
  /** Verdicts that are asked for, which that must not keep from being given. */
  readonly regressions?: (plan: Plan) => Regressions;
  /** The command that repeats the run, for the reports. */
  readonly command: string;
  /** What was found out before the run and belongs into its report, e.g. how a recipe was chosen. */
  readonly notes?: readonly string[];
  readonly signal: AbortSignal;
  readonly events: EvaluateEvents;
  /** The worker threads' script; benches give one whose network sleeps. */
  readonly workerFile?: URL;
  /** Where other images are run than all of them in their usual order. */
  readonly sampling?: (plan: Plan) => Sampling;
}

/** Of a run of which nothing is kept: all images of its config, whatever their accuracy. */
export const unkept = {
  out: null,
  cache: null,
  fresh: false,
  limit: null,
  limitSeed: 0,
  shard: null,
  guard: false,
  command: '',
} as const satisfies Partial<EvaluateOptions>;

/** Which samples are run in what order, and when they are enough. */
export interface Sampling {
  /** Places in the plan's samples, in the order in which they are run. */
  readonly order: readonly number[];
  /** Why these are not all samples; null where they are. */
  readonly part: string | null;
  /** Told of every prediction as it comes: workers finish out of order. */
  readonly onPrediction?: (model: number, sample: number, prediction: Prediction) => void;
  readonly onBad?: (sample: number) => void;
  /** Ends the run early and cleanly. */
  readonly enough?: AbortSignal;
}

export interface EvaluateEvents {
  /** Everything is open and the first image is about to be read. */
  readonly onStart: (plan: Plan) => void;
  readonly onProgress: (progress: EngineProgress) => void;
  readonly onFirstTensors: (statistics: readonly FirstTensor[]) => void;
  readonly onWarning: (text: string) => void;
}

const nothing = (): void => undefined;

/** Of a run that nobody watches. */
export const silent: EvaluateEvents = {
  onStart: nothing,
  onProgress: nothing,
  onFirstTensors: nothing,
  onWarning: nothing,
};

/** What is about to run. */
export interface Plan {
  readonly dataset: Dataset;
  readonly samples: readonly EngineSample[];
  readonly models: readonly RunModel[];
  readonly workers: number;
  /** One worker feeds a device, and the others decode for it. */
  readonly onDevice: boolean;
  readonly batch: number;
  readonly machine: MachineFacts;
}
