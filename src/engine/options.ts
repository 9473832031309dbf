import type { BatchFinding } from '../domain/batch-finding.js';
import type { EncodedPlace } from '../dataset/encoded-file.js';
import type { LabelledImage, Prediction, Sha256, TieRule } from '../domain/domain.js';
import type { PreparedImages } from '../prepared/folder.js';
import type { SessionSettings } from '../runtime/session-settings.js';
import type { BatchPlan } from './batch-plan.js';
import type { FirstTensor, PlainFault, WorkerModel } from './messages.js';

/** An image to run, with the way to its bytes. */
export interface EngineSample extends LabelledImage {
  read(): Promise<Uint8Array>;
  /** Where the file lies, for a thread that reads it; where there is none `read` is called. */
  place?(): EncodedPlace | undefined;
  /** Of the encoded file, where it is known without reading it: then only prepared pixels are used. */
  readonly sha256?: Sha256 | undefined;
}

/** What earlier runs know, and where this run's predictions go as they come. */
export interface EngineStore {
  get(model: number, sample: number, sha256: Sha256): Prediction | undefined;
  /** All predictions of one image, those that `get` gave included; none of a model that has failed. */
  put(sample: number, sha256: Sha256, predictions: ReadonlyMap<number, Prediction>): void;
  putBad(sample: number, sha256: Sha256 | null, fault: PlainFault): void;
  /** Why an image must not be tried again: an earlier run saw it kill workers. */
  knownToKill(sample: number, sha256: Sha256): PlainFault | null;
  /** Resolves when the store can take more; throws where it can't be written. */
  ready(): Promise<void>;
}

/** How far a run has come. */
export interface EngineProgress {
  /** Images finished, bad ones included. */
  readonly done: number;
  /** Those among them that an earlier run had measured already. */
  readonly known: number;
  readonly total: number;
  readonly seconds: number;
  /** By model: images and Top-1 hits so far. */
  readonly running: readonly { readonly images: number; readonly top1: number }[];
}

/** What a run is given: images, models, settings, and who listens. */
export interface EngineOptions {
  readonly samples: readonly EngineSample[];
  /** Indices into `samples` in the order in which they are run. */
  readonly order: readonly number[];
  readonly models: readonly WorkerModel[];
  readonly workers: number;
  /** One worker feeds a device, and the others decode for it. */
  readonly onDevice?: boolean;
  readonly batch: number;
  /** The user gave the batch size; otherwise it is the default, which a network may refuse. */
  readonly batchExplicit: boolean;
  /** By model: what is known of its batches from an earlier run; null to try it. */
  readonly findings: readonly (BatchFinding | null)[];
  /** Told once, before `openStore`, what was found for each model that had nothing known. */
  readonly onFindings?: (findings: readonly (BatchFinding | null)[]) => void;
  /** By model: images that are prepared for its recipe; null for none. */
  readonly prepared?: readonly (PreparedImages | null)[];
  readonly settings: SessionSettings;
  readonly ties: TieRule;
  readonly decodeTimeoutMs: number;
  /** Opens the store, once it is known how each model is called: its predictions are kept under that. */
  readonly openStore: (plans: readonly BatchPlan[]) => Promise<EngineStore>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EngineProgress) => void;
  readonly onFirstTensors: (statistics: readonly FirstTensor[]) => void;
  readonly onWarning: (text: string) => void;
  /** Called after each image of each model; throws to stop the run (a wrong set-up, a decided gate). */
  readonly onPrediction: (model: number, sample: number, prediction: Prediction) => void;
  /** Called once for each image that can't be used. */
  readonly onBad?: (sample: number) => void;
  /** Called once for each model that can't be run; throws to stop the run. */
  readonly onModelFailed?: (model: number, fault: PlainFault) => void;
  /** Seconds after which trying the models on the first images is given up. */
  readonly trialSeconds?: number;
  readonly workerFile?: URL;
}
