import { halfUnit, type PrintedFigure } from '../domain/printed-figure.js';

/** Why a measurement and a documented figure can't be compared. */
type NoComparison =
  'no-documented-figure' | 'hash-mismatch' | 'other-data-set' | 'subset' | 'unusable-images';

/** A measurement, the documented figure, and what they have in common. */
export interface ReproductionInput {
  readonly correct: number;
  readonly images: number;
  /** Images of the set that could not be used: they may have been right or wrong. */
  readonly unusable: number;
  /** The published figure; null if the model has none. */
  readonly documented: PrintedFigure | null;
  /** Points of accuracy. */
  readonly tolerancePoints: number;
  /** The model file is the one that the figure belongs to (SHA-256). */
  readonly sameModel: boolean;
  /** The data set is the one that the figure was measured on. */
  readonly sameDataSet: boolean;
  /** Every image of the data set was counted or is among `unusable`. */
  readonly wholeDataSet: boolean;
}

/**
 * How near a measurement comes to the documented figure. 'printed-digit': it prints as the same figure. 'tolerance':
 * within the tolerance. 'outside': neither. 'far-above': so much more that it can't be the same measurement.
 */
type ReproductionGrade = 'printed-digit' | 'tolerance' | 'outside' | 'far-above';

/** Whether a documented figure was reproduced, as data. Only 'below' is a failure. */
export type ReproductionVerdict =
  | {
      readonly status: 'reproduced' | 'above' | 'below';
      readonly grade: ReproductionGrade;
      readonly correct: number;
      readonly images: number;
      readonly documented: PrintedFigure;
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

/** Points above the documented figure from which on a measurement is suspected rather than praised. */
const FAR_ABOVE = 2;

/**
 * Compares a measured accuracy with the documented one, with sign: within the tolerance, ends included, or printing as
 * the same figure is 'reproduced'; more is 'above'; less is 'below'. Where images could not be used, all that they
 * could have been must lead to one answer. There is no verdict ('none') where the two figures are not about the same
 * model, data set and images.
 */
export function reproductionVerdict(input: ReproductionInput): ReproductionVerdict {
  const { correct, images, unusable, documented, tolerancePoints } = input;
  if (documented === null) return none('no-documented-figure');
  if (!input.sameModel) return none('hash-mismatch');
  if (!input.sameDataSet) return none('other-data-set');
  if (!input.wholeDataSet || images === 0) return none('subset');
  const half = halfUnit(documented.decimals);
  const differenceAt = (right: number, of: number): number => (100 * right) / of - documented.percent;
  const worst = statusOf(differenceAt(correct, images + unusable), half, tolerancePoints);
  const best = statusOf(differenceAt(correct + unusable, images + unusable), half, tolerancePoints);
  if (worst.status !== best.status) return none('unusable-images');
  const differencePoints = differenceAt(correct, images);
  return {
    ...(worst.grade === best.grade ? worst : { ...worst, grade: 'tolerance' }),
    correct,
    images,
    documented,
    tolerancePoints,
    differencePoints,
    rule: ruleOf(worst.grade, documented, tolerancePoints, unusable),
  };
}

function statusOf(
  difference: number,
  half: number,
  tolerance: number,
): { readonly status: 'reproduced' | 'above' | 'below'; readonly grade: ReproductionGrade } {
  const size = Math.abs(difference);
  if (size <= half + ROUNDING) return { status: 'reproduced', grade: 'printed-digit' };
  if (size <= tolerance + ROUNDING) return { status: 'reproduced', grade: 'tolerance' };
  if (difference < 0) return { status: 'below', grade: 'outside' };
  return { status: 'above', grade: difference > FAR_ABOVE ? 'far-above' : 'outside' };
}

/** Absorbs the rounding of decimal points in binary: far below one image in a million. */
const ROUNDING = 1e-9;

function ruleOf(
  grade: ReproductionGrade,
  { percent, decimals }: PrintedFigure,
  tolerance: number,
  unusable: number,
): string {
  const printed = `${percent.toFixed(decimals)} %`;
  const words = {
    'printed-digit': `it prints as the documented ${printed}`,
    tolerance: `within ${tolerance} points of the documented ${printed}`,
    outside: `more than ${tolerance} points from the documented ${printed}`,
    'far-above': `far above the documented ${printed}: not a reproduction; leaked or other labels?`,
  }[grade];
  return unusable === 0
    ? words
    : `${words}, whatever the ${unusable} images that could not be used would have given`;
}

function none(reason: NoComparison): ReproductionVerdict {
  return { status: 'none', reason, rule: WHY_NONE[reason] };
}

const WHY_NONE = {
  'no-documented-figure': 'the model has no documented figure',
  'hash-mismatch': 'the documented figure belongs to a model file with another SHA-256',
  'other-data-set': 'the documented figure was measured on another data set',
  subset: 'only a part of the data set was counted: its figure is not the documented one',
  'unusable-images': 'the answer hangs on images that could not be used',
} as const satisfies Record<NoComparison, string>;
