import type { ChangeCount, Changes } from './change.js';
import { wilsonInterval, type Interval } from './interval.js';
import { tangoInterval } from './paired-interval.js';

/** The images that a verdict speaks of. */
export interface Population {
  /** How many there are; null: nobody says, as where a subset has no manifest. */
  readonly images: number | null;
  /** Of these, images that are at hand but could not be used: whatever they would have given is possible. */
  readonly unusable: number;
}

/** A population of unknown size is taken for one of so many images: any larger number gives the same to six digits. */
export const ENDLESS = 1e9;

/** A population of known size, beside the images counted. */
export interface Extent {
  readonly images: number;
  readonly unusable: number;
  /** Images that were never at hand. */
  readonly unseen: number;
}

/** How far the images counted reach into their population. */
export function extentOf(counted: number, population: Population): Extent {
  const { unusable } = population;
  const listed = counted + unusable;
  if (population.images === null) {
    const share = listed === 0 ? 0 : unusable / listed;
    const lost = Math.ceil(ENDLESS * share);
    return { images: ENDLESS, unusable: lost, unseen: ENDLESS - lost - counted };
  }
  return {
    images: Math.max(population.images, listed),
    unusable,
    unseen: Math.max(0, population.images - listed),
  };
}

/**
 * Interval of the sum of changes over a whole population, in images, from those of it that were counted. With nothing
 * unseen it holds the sums that the unusable images leave possible, and without these it is the sum itself. Otherwise a
 * score interval of the usable part (Tango's where changes go both ways, Wilson's else) with the finite population taken
 * into account, rounded outwards to whole images (sums are whole: without this it would miss twice as often as it says
 * where few images are unseen), within what is certain, and the unusable images on top.
 *
 * Images unseen are taken to be like those counted, as in a random draw.
 */
export function sumInterval(
  counted: ChangeCount,
  possible: Changes,
  population: Population,
  confidence: number,
): Interval {
  const { images, unusable, unseen } = extentOf(counted.images, population);
  const sum = counted.against - counted.inFavour;
  const bound = { lower: sum + possible.least * unseen, upper: sum + possible.most * unseen };
  const usable = images - unusable;
  const score = unseen === 0 ? bound : scoreInterval(counted, possible, usable, confidence);
  return {
    lower: Math.max(bound.lower, Math.floor(score.lower + ROUNDING)) + possible.least * unusable,
    upper: Math.min(bound.upper, Math.ceil(score.upper - ROUNDING)) + possible.most * unusable,
  };
}

/** Of whole numbers that went through floating point. */
const ROUNDING = 1e-6;

function scoreInterval(
  { images, against, inFavour }: ChangeCount,
  possible: Changes,
  usable: number,
  confidence: number,
): Interval {
  if (images === 0) return { lower: possible.least * usable, upper: possible.most * usable };
  const share =
    possible.least === 0
      ? wilsonInterval(against, images, confidence, usable)
      : tangoInterval(
          {
            bothCorrect: images - against - inFavour,
            referenceOnly: against,
            candidateOnly: inFavour,
            bothWrong: 0,
          },
          confidence,
          usable,
        );
  return { lower: share.lower * usable, upper: share.upper * usable };
}
