import type { Ranked } from './images.js';
import type { Following } from './progress.js';

/** What the server of `imagenet-eval view` answers, and its page reads: a run before its images. */
export interface RunDescription {
  readonly title: string;
  readonly folder: string;
  readonly models: readonly ViewedModel[];
  readonly classes: readonly { readonly name: string }[];
  readonly images: number;
  readonly running: boolean;
  /** Why there are no pictures; null where there are. */
  readonly pictures: string | null;
}

export interface ViewedModel {
  readonly name: string;
  /** Place of the model that it is compared with; null: of none. */
  readonly comparedWith: number | null;
}

/** A run's images as columns of equal length; those of a running run grow. */
export interface ImageColumns {
  readonly ids: string[];
  readonly labels: number[];
  /** By model. */
  readonly models: readonly {
    /** The class that the model names; -1 where it has no prediction (yet). */
    readonly top1: number[];
    /** Best score minus second best, in the model's units, to four digits; null where there is none. */
    readonly margin: (number | null)[];
    /** Softmax of the best score in [0, 1], to four digits; null where there is none. */
    readonly confidence: (number | null)[];
    /** 1 where several classes share the best score. */
    readonly tied: (0 | 1)[];
  }[];
}

/** One image with each model's best classes; confidence is the softmax of float logits. */
export interface ImageDetail {
  readonly models: readonly { readonly best: readonly Ranked[] }[];
}

/** News of a run that is going on. */
export interface News {
  /** null once it has ended. */
  readonly progress: Following | null;
  /** Images that can be asked for. */
  readonly images: number;
}
