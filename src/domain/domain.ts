/** Index of a class in sorted-WNID order, 0 to 999 for ImageNet-1k. */
export type ClassIndex = number;

/** Name of an image within its data set: a path with forward slashes, unique; e.g. `ILSVRC2012_val_00000001.JPEG`. */
export type ImageId = string;

/** An image and the class that it is labelled with. */
export interface LabelledImage {
  readonly id: ImageId;
  readonly label: ClassIndex;
}

/** A labelled image with the SHA-256 of its encoded file. */
export interface HashedImage extends LabelledImage {
  readonly sha256: Sha256;
}

/** Lower-case hexadecimal SHA-256. */
export type Sha256 = string;

/** WordNet id of a class, e.g. `n01440764`. */
export type Wnid = string;

/** A class of a data set. */
export interface ClassName {
  readonly index: ClassIndex;
  readonly wnid: Wnid;
  /** For display only: two ImageNet classes are called "crane". */
  readonly name: string;
}

/** Who wins among equal scores. numpy's stable order gives the lowest index, timm's onnx_validate the highest. */
export const tieRules = ['lowest-index', 'highest-index'] as const;
/** Who wins among equal scores: a word of `tieRules`. */
export type TieRule = (typeof tieRules)[number];

/** What a network's scores may be; integers stay in their quantized units, float16 comes as float32, int64 as float64. */
export type ScoreArray = Float32Array | Float64Array | Int32Array | Uint8Array | Int8Array;

/** What one model said of one image, and where the label stands in it. */
export interface Prediction {
  /** Up to five best classes, best first, ties by the run's `TieRule`; fewer where the model has fewer classes. */
  readonly classes: readonly ClassIndex[];
  /** Their scores as the model gave them (logits, probabilities or quantized integers). */
  readonly scores: readonly number[];
  /** How many classes score strictly above the label. */
  readonly labelAbove: number;
  /** How many other classes score exactly as the label does. */
  readonly labelTied: number;
  /** How many classes share the highest score; 1 = no tie. */
  readonly tiedTop: number;
  /** ln of the sum of exp(score) over all classes; exp(scores[0] - logSumExp) is the softmax confidence. */
  readonly logSumExp: number;
  /** Any score is NaN: the image counts as wrong for every k. */
  readonly invalid: boolean;
}

/**
 * One model's predictions, image by image, each made when it is asked for: as objects, those of ten models on 50 000
 * images take 140 MB. An array of predictions is one of these.
 */
export interface Predictions extends Iterable<Prediction> {
  readonly length: number;
  /** Undefined past the end. */
  at(image: number): Prediction | undefined;
  map<T>(of: (prediction: Prediction, image: number) => T): T[];
}

/** Order of names everywhere: by UTF-16 code unit, the same on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
