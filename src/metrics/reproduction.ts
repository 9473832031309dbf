import { ROUNDING } from './verdict.js';

/** A figure that somebody published. */
export interface DocumentedFigure {
  /** Percent in [0, 100]. */
  readonly percent: number;
  /** Where it was published. */
  readonly source: string;
}

/** Why a measurement and a documented figure must not be compared. */
export type NoComparison = 'no-documented-figure' | 'hash-mismatch' | 'other-data-set' | 'subset';

export interface ReproductionInput {
  readonly correct: number;
  readonly images: number;
  /** Null if the model has none. */
  readonly documented: DocumentedFigure | null;
  /** Points of accuracy. */
  readonly tolerancePoints: number;
  /** The model file is the one that the figure belongs to (SHA-256). */
  readonly sameModel: boolean;
  /** The data set is the one that the figure was measured on. */
  readonly sameDataSet: boolean;
  /** Every image of the data set was counted. */
  readonly wholeDataSet: boolean;
}

/** Whether a documented figure was reproduced, as data. Only 'below' is a failure; 'above' is told, not failed. */
export type ReproductionVerdict =
  | {
      readonly status: 'reproduced' | 'above' | 'below';
      readonly correct: number;
      readonly images: number;
      readonly documented: DocumentedFigure;
      readonly tolerancePoints: number;
      /** Measured minus documented, in points; not rounded. */
      readonly differencePoints: number;
      /** The rule in words. */
      readonly rule: string;
    }
  | {
      readonly status: 'none';
      /** The first of these, in this order, that holds. */
      readonly reason: NoComparison;
      readonly rule: string;
    };

/**
 * Compares a measured accuracy with the documented one, with sign: within the tolerance, ends included, is
 * 'reproduced'; more is 'above'; less is 'below'. There is no verdict ('none') where the two figures are not about
 * the same model, data set and images.
 */
export function reproductionVerdict(input: ReproductionInput): ReproductionVerdict {
  const { correct, images, documented, tolerancePoints } = input;
  if (documented === null) return none('no-documented-figure');
  if (!input.sameModel) return none('hash-mismatch');
  if (!input.sameDataSet) return none('other-data-set');
  if (!input.wholeDataSet || images === 0) return none('subset');
  const differencePoints = (100 * correct) / images - documented.percent;
  const within = Math.abs(differencePoints) <= tolerancePoints + ROUNDING;
  return {
    status: within ? 'reproduced' : differencePoints > 0 ? 'above' : 'below',
    correct,
    images,
    documented,
    tolerancePoints,
    differencePoints,
    rule: `reproduced within ${tolerancePoints} points of the documented ${documented.percent} %; more is above, less is below`,
  };
}

function none(reason: NoComparison): ReproductionVerdict {
  return { status: 'none', reason, rule: WHY_NONE[reason] };
}

const WHY_NONE = {
  'no-documented-figure': 'the model has no documented figure',
  'hash-mismatch': 'the documented figure belongs to a model file with another SHA-256',
  'other-data-set': 'the documented figure was measured on another data set',
  subset: 'only a part of the data set was counted: its figure is not the documented one',
} as const satisfies Record<NoComparison, string>;
