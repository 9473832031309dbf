import type { ClassIndex, Prediction, Predictions } from '../domain/domain.js';
import { isCorrect } from './top-k.js';

/** One image's label and one model's prediction for it. */
export interface LabelledPrediction {
  readonly label: ClassIndex;
  readonly prediction: Prediction;
}

/** Images and what a model says of them, aligned. */
export function* labelled(
  samples: readonly { readonly label: ClassIndex }[],
  predictions: Predictions,
): Generator<LabelledPrediction> {
  for (const [at, { label }] of samples.entries()) yield { label, prediction: predictions.at(at)! };
}

/** Correct images under the run's tie rule, and the least and most that any way to break ties could give. */
interface TopK {
  readonly correct: number;
  readonly lowest: number;
  readonly highest: number;
}

interface Ties {
  /** Images whose highest score is shared by two classes or more. */
  readonly tiedTop: number;
  /** Images for which breaking the tie another way could change Top-1 correctness. */
  readonly canChangeTop1: number;
  /** The same for Top-5. */
  readonly canChangeTop5: number;
  /** The most classes that share one image's highest score; 1 = no image has a tie. Null without a valid image. */
  readonly largest: number | null;
}

/** How the top scores pile up: a sound float model has nearly as many distinct ones as images. */
interface Saturation {
  /** How many different values the top score takes over the images. */
  readonly distinctTopScores: number;
  /** The value that most images share (of several the highest), and how many do. */
  readonly mostCommon: { readonly score: number; readonly images: number };
  /** The highest top score of all, and how many images reach it. */
  readonly maximum: { readonly score: number; readonly images: number };
}

interface ClassTally {
  readonly class: ClassIndex;
  readonly images: number;
  readonly top1: number;
  readonly top5: number;
}

/** Counts of images only: shares and percentages are the report's business. */
export interface Tally {
  readonly images: number;
  readonly top1: TopK;
  readonly top5: TopK;
  readonly ties: Ties;
  /** Null if no image has a valid prediction. */
  readonly saturation: Saturation | null;
  /** Images whose scores hold a NaN: wrong for every k. */
  readonly invalid: number;
  /** One entry a class, in class order, classes without images included. */
  readonly perClass: readonly ClassTally[];
}

/**
 * Counts one model's results. Independent of the order of the images.
 *
 * @param classes how many classes the data set has; perClass gets as many entries
 * @throws RangeError if a label is outside [0, classes)
 */
export function tally(images: Iterable<LabelledPrediction>, classes: number): Tally {
  const top1 = { correct: 0, lowest: 0, highest: 0 };
  const top5 = { correct: 0, lowest: 0, highest: 0 };
  const perClass = Array.from({ length: classes }, (_, index) => ({
    class: index,
    images: 0,
    top1: 0,
    top5: 0,
  }));
  const topScores = new Map<number, number>();
  let count = 0;
  let invalid = 0;
  let tiedTop = 0;
  let largest: number | null = null;

  for (const { label, prediction } of images) {
    const ofClass = perClass[label];
    if (ofClass === undefined)
      throw new RangeError(`Expected a label from 0 to ${classes - 1} but received ${label}`);
    count++;
    ofClass.images++;
    if (prediction.invalid) {
      invalid++;
      continue;
    }
    if (countTopK(top1, prediction, label, 1)) ofClass.top1++;
    if (countTopK(top5, prediction, label, 5)) ofClass.top5++;
    if (prediction.tiedTop > 1) tiedTop++;
    largest = Math.max(largest ?? 0, prediction.tiedTop);
    const top = prediction.scores[0];
    if (top !== undefined) topScores.set(top, (topScores.get(top) ?? 0) + 1);
  }
  return {
    images: count,
    top1,
    top5,
    ties: {
      tiedTop,
      canChangeTop1: top1.highest - top1.lowest,
      canChangeTop5: top5.highest - top5.lowest,
      largest,
    },
    saturation: saturationOf(topScores),
    invalid,
    perClass,
  };
}

/** Adds one valid image to the counts; true if it is correct. */
function countTopK(
  counts: { correct: number; lowest: number; highest: number },
  prediction: Prediction,
  label: ClassIndex,
  k: number,
): boolean {
  const correct = isCorrect(prediction.classes, label, k);
  if (correct) counts.correct++;
  // The label is within k whatever breaks the tie if even all its equals go before it; it can be if none does.
  if (prediction.labelAbove + prediction.labelTied < k) counts.lowest++;
  if (prediction.labelAbove < k) counts.highest++;
  return correct;
}

function saturationOf(topScores: ReadonlyMap<number, number>): Saturation | null {
  let mostCommon: { score: number; images: number } | null = null;
  let maximum: { score: number; images: number } | null = null;
  for (const [score, images] of topScores) {
    if (
      mostCommon === null ||
      images > mostCommon.images ||
      (images === mostCommon.images && score > mostCommon.score)
    )
      mostCommon = { score, images };
    if (maximum === null || score > maximum.score) maximum = { score, images };
  }
  return mostCommon === null || maximum === null
    ? null
    : { distinctTopScores: topScores.size, mostCommon, maximum };
}
