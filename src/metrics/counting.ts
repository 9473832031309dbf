import type { ClassIndex, Prediction } from '../domain/domain.js';
import { halfUnit, type PrintedFigure } from '../domain/printed-figure.js';
import type { Change, Changes } from './change.js';
import { isCorrect } from './top-k.js';
import type { GateName, GateVerdict } from './verdict.js';

/** The gates whose figure is a sum over images; a single class's drop is not. */
export type SummedGate = Exclude<GateName, 'max_class_drop'>;

/** One image as a gate sees it; the reference is null for a gate that needs none. */
export interface GatedImage {
  readonly label: ClassIndex;
  readonly candidate: Prediction;
  readonly reference: Prediction | null;
}

/** How a gate counts, the same in a check of all images and in a sequential one. */
export interface Counting {
  readonly unit: GateVerdict['unit'];
  /** What one image adds to the sum: 1 speaks against the candidate, -1 for it. */
  readonly change: (image: GatedImage) => Change;
  /** The changes that an image could make: an image that could not be used may have made any of them. */
  readonly possible: Changes;
  /** The largest sum over a population of so many images that passes. */
  readonly most: (limit: number, population: number) => number;
  /** The gate's figure where the sum is this share of the images, in its unit. */
  readonly figure: (share: number) => number;
}

/**
 * The largest whole number of images within `points` of 100, safe from rounding: 0.5 points of 50 000 are 250.
 */
export function maxDropImages(points: number, images: number): number {
  return Math.floor((points * images) / 100 + 1e-9);
}

/**
 * How a gate counts. An image that the candidate gains never counts against it: flips are those to the worse, and an
 * image that the candidate alone has right agrees.
 *
 * @param documented for `max_top1_drop_vs_documented` only: a drop that prints as the same figure is none
 */
export function countingOf(gate: SummedGate, documented: PrintedFigure | null = null): Counting {
  switch (gate) {
    case 'max_top1_drop':
      return {
        unit: 'points',
        possible: { least: -1, most: 1 },
        change: ({ label, candidate, reference }) =>
          toChange(Number(isRight(reference, label)) - Number(isRight(candidate, label))),
        most: maxDropImages,
        figure: (share) => 100 * share,
      };
    case 'max_top1_drop_vs_documented': {
      const percent = documented?.percent ?? 100;
      const nearest = documented === null ? 0 : halfUnit(documented.decimals);
      return {
        unit: 'points',
        possible: { least: 0, most: 1 },
        change: ({ label, candidate }) => (isRight(candidate, label) ? 0 : 1),
        most: (limit, population) =>
          Math.min(population, maxDropImages(100 - percent + Math.max(limit, nearest), population)),
        figure: (share) => percent - 100 + 100 * share,
      };
    }
    case 'max_flip_rate':
      return {
        ...countedShare,
        change: ({ label, candidate, reference }) =>
          isRight(reference, label) && !isRight(candidate, label) ? 1 : 0,
      };
    case 'max_ties':
      return { ...countedShare, change: ({ candidate }) => (candidate.tiedTop > 1 ? 1 : 0) };
    case 'min_agreement':
      return {
        ...countedShare,
        change: ({ label, candidate, reference }) => {
          const named = candidate.classes[0];
          const agrees = named !== undefined && (named === reference?.classes[0] || named === label);
          return agrees ? 0 : 1;
        },
        most: (limit, population) => maxDropImages(100 - limit, population),
        figure: (share) => 100 - 100 * share,
      };
  }
}

const countedShare = {
  unit: 'percent',
  possible: { least: 0, most: 1 },
  most: maxDropImages,
  figure: (share: number) => 100 * share,
} as const satisfies Omit<Counting, 'change'>;

function isRight(prediction: Prediction | null, label: ClassIndex): boolean {
  return prediction !== null && isCorrect(prediction.classes, label, 1);
}

function toChange(difference: number): Change {
  return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}
