/**
 * What the list of images is fed, whoever feeds it: a report that carries it packed in itself, or a server that has
 * the whole run. Columns are read by place, so that 50 000 images are a few arrays.
 */
export interface ImageSource {
  /** Names by class index. */
  readonly classes: readonly string[];
  readonly models: readonly ImageModel[];
  readonly images: ImageTable;
  /** Address of a picture of an image, of the crop unless another step is asked for; null where there is none. */
  readonly picture: (at: number, step?: Step) => string | null;
  /** Whether it has pictures of every step. */
  readonly steps?: boolean;
  /** Exact confidence of a model's answer in [0, 1]; null where scores have none, or it is not at hand. */
  readonly sure: (model: number, at: number) => number | null;
  /** Every model's best classes, in the models' order; null where they are not at hand. */
  readonly best: (at: number) => readonly (readonly Ranked[])[] | null;
}

/** Steps of a recipe that can be looked at: the decoded image, the whole of it resized, the crop that is fed. */
export const steps = ['decoded', 'resized', 'crop'] as const;
export type Step = (typeof steps)[number];

export interface ImageModel {
  readonly name: string;
  readonly slug: string;
  /** Place of the model that it is compared with; null for none. */
  readonly against: number | null;
}

/** A place is that of the image in the run. */
export interface ImageTable {
  readonly count: number;
  readonly name: (at: number) => string;
  readonly label: (at: number) => number;
  /** Top-1 class; null for an invalid row. */
  readonly top1: (model: number, at: number) => number | null;
  /** Best score less second best, or the lower edge of the bar that it lies in; null where there is none. */
  readonly margin: (model: number, at: number) => number | null;
  /** In [0, 1], or the middle of the bin that it lies in; null where scores have none. */
  readonly confidence: (model: number, at: number) => number | null;
  /** The highest score is shared. */
  readonly tied: (model: number, at: number) => boolean;
}

export interface Ranked {
  readonly class: number;
  readonly score: number;
  /** In [0, 1]; null where scores have none. */
  readonly confidence: number | null;
}
