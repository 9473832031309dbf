import type { PixelVersions } from 'reference-pixels/versions';
import type { BatchFinding } from '../domain/batch-finding.js';
import type { LabelledImage, Prediction, Sha256, TieRule } from '../domain/domain.js';
import type { Fault } from '../domain/errors.js';
import type { PixelBlock, Recipe } from 'reference-pixels/recipe';
import type { PreparedPlace } from '../prepared/reader.js';
import type { NetworkFacts, TensorStatistics } from '../record/provenance.js';
import type { NetworkPlan } from '../runtime/network.js';
import type { SessionSettings } from '../runtime/session-settings.js';
import type { BatchPlan } from './batch-plan.js';

/** What a worker needs to know of one model. */
export interface WorkerModel {
  readonly name: string;
  readonly plan: NetworkPlan;
  readonly facts: NetworkFacts;
  readonly recipe: Recipe;
  /** Folder that keeps what the recipe's geometry makes of images, to be filled; null for none. */
  readonly keepIn?: string | null;
  /** Classes of the data set, background not counted. */
  readonly classes: number;
}

/** What a worker thread is told once, before anything else. */
export interface WorkerSetup {
  readonly models: readonly WorkerModel[];
  readonly settings: SessionSettings;
  readonly batch: number;
  readonly ties: TieRule;
  readonly decodeTimeoutMs: number;
  /** It opens no network, and answers a job with the pixels of its images. */
  readonly decodesOnly?: boolean;
  /** Int32 pair: index of the image and of the model at work, -1 for none; read by the host after a death. */
  readonly position: SharedArrayBuffer;
}

/** An image on its way to a worker. */
export interface JobImage extends LabelledImage {
  readonly index: number;
  /** The encoded file; null where all that is needed of it is prepared. */
  readonly bytes: Uint8Array | null;
  readonly sha256: Sha256;
  /** Indices of the models that still need this image. */
  readonly models: readonly number[];
  /** For each of `models`: where its prepared pixels lie; null where they don't. */
  readonly places: readonly (PreparedPlace | null)[];
  /** Where another thread has made its pixels. */
  readonly made?: MadePixels;
}

/** An image's pixels on their way between threads, in memory that both see. */
export interface MadePixels {
  /** By recipe. */
  readonly blocks: ReadonlyMap<number, PixelBlock>;
  readonly decodeSeconds: number;
  readonly prepareSeconds: number;
}

/** Images that a worker runs together. */
export interface Job {
  readonly id: number;
  /** The tensors of its first image are described, before it is run. */
  readonly describe: boolean;
  readonly images: readonly JobImage[];
}

/** A fault as it crosses threads. */
export type PlainFault = Pick<Fault, 'code' | 'what' | 'remedy'>;

/** What came of an image: predictions, or why it can't be used. */
export type ImageResult =
  | {
      readonly kind: 'predicted';
      readonly index: number;
      /** Of the models that were asked for and have not failed. */
      readonly predictions: readonly (readonly [model: number, Prediction])[];
    }
  | {
      readonly kind: 'bad';
      readonly index: number;
      readonly model: number | null;
      readonly fault: PlainFault;
    };

/** A network that can't be run, whatever the image. */
export interface ModelFailure {
  readonly model: number;
  readonly fault: PlainFault;
}

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

/** How a model is called; null where it has failed and is passed over. */
export type ModelPlan = Pick<BatchPlan, 'rows' | 'imagesPerCall'> | null;

/** A message to a worker thread. */
export type ToWorker =
  /** Comes first, and once. */
  | { readonly kind: 'setup'; readonly setup: WorkerSetup }
  /** How each model is called from now on; the first stands before any job. */
  | { readonly kind: 'plan'; readonly plans: readonly ModelPlan[] }
  | { readonly kind: 'job'; readonly job: Job }
  /** Runs each image's models on it alone and on all images in one call, and tells what became of it. */
  | { readonly kind: 'examine'; readonly job: Job }
  | { readonly kind: 'close' };

/** What came of trying a model on a few images; null where nothing could be learned. */
export type Examined = BatchFinding | { readonly failed: PlainFault } | null;

/** A message of a worker thread. */
export type FromWorker =
  /** Of a thread that was started before its time: its modules are there, then onnxruntime is. */
  | { readonly kind: 'loaded'; readonly pixels: PixelVersions }
  | { readonly kind: 'started' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly fault: PlainFault & { readonly where: string | null } }
  | {
      readonly kind: 'done';
      readonly job: number;
      readonly results: readonly ImageResult[];
      readonly failures: readonly ModelFailure[];
      readonly times: JobTimes;
    }
  /** Of a job that was to be described; none where not one of its images can be decoded. */
  | { readonly kind: 'first-tensors'; readonly statistics: readonly FirstTensor[] }
  | { readonly kind: 'examined'; readonly models: readonly Examined[] }
  /** By image of a job; null where there are none. */
  | { readonly kind: 'pixels'; readonly job: number; readonly made: readonly (MadePixels | null)[] }
  /** A file of prepared images that can't be used, and why. */
  | { readonly kind: 'damaged'; readonly file: string; readonly why: string }
  | { readonly kind: 'warning'; readonly text: string };
