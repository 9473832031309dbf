import type { LabelledImage, Prediction, TieRule } from '../domain/domain.js';
import type { Fault } from '../domain/errors.js';
import type { Recipe } from 'reference-pixels/recipe';
import type { ModelFacts, TensorStatistics } from '../record/provenance.js';
import type { NetworkPlan } from '../runtime/network.js';
import type { SessionSettings } from '../runtime/session-settings.js';

/** What a worker needs to know of one model. */
export interface WorkerModel {
  readonly name: string;
  readonly plan: NetworkPlan;
  readonly facts: ModelFacts;
  readonly recipe: Recipe;
  /** Classes of the data set, background not counted. */
  readonly classes: number;
}

export interface WorkerSetup {
  readonly models: readonly WorkerModel[];
  readonly settings: SessionSettings;
  readonly batch: number;
  readonly ties: TieRule;
  readonly decodeTimeoutMs: number;
  /** Int32 pair: index of the image and of the model at work, -1 for none; read by the host after a death. */
  readonly position: SharedArrayBuffer;
}

export interface JobImage extends LabelledImage {
  readonly index: number;
  readonly bytes: Uint8Array;
  /** Indices of the models that still need this image. */
  readonly models: readonly number[];
}

export interface Job {
  readonly id: number;
  readonly images: readonly JobImage[];
}

/** A fault as it crosses threads. */
export type PlainFault = Pick<Fault, 'code' | 'what' | 'remedy'>;

export type ImageResult =
  | {
      readonly kind: 'predicted';
      readonly index: number;
      readonly predictions: readonly (readonly [model: number, Prediction])[];
    }
  | {
      readonly kind: 'bad';
      readonly index: number;
      readonly model: number | null;
      readonly fault: PlainFault;
    };

/** Seconds spent, summed over the images of a job. */
export interface JobTimes {
  readonly decode: number;
  readonly prepare: number;
  /** By model. */
  readonly inference: readonly number[];
}

/** What a model was fed first; `model` is its index. */
export interface FirstTensor {
  readonly model: number;
  readonly tensor: TensorStatistics;
}

export type ToWorker =
  | { readonly kind: 'job'; readonly job: Job }
  /** Runs the job's images alone and batched and tells whether the scores are the same bits. */
  | { readonly kind: 'probe'; readonly job: Job }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly fault: PlainFault & { readonly where: string | null } }
  | {
      readonly kind: 'done';
      readonly job: number;
      readonly results: readonly ImageResult[];
      readonly times: JobTimes;
    }
  | { readonly kind: 'first-tensors'; readonly statistics: readonly FirstTensor[] }
  | { readonly kind: 'probed'; readonly invariant: readonly (boolean | null)[] };
