import type { ClassIndex } from '../domain/domain.js';
import { assertAligned } from './aligned.js';
import { binomialUpperTail } from './binomial.js';
import { benjaminiHochberg } from './false-discovery.js';
import { mcNemarMidP } from './mcnemar.js';
import type { PairedOutcome } from './paired.js';

/** How one class fared under the candidate against the reference: counts, and p-values adjusted over all classes. */
export interface ClassDrift {
  readonly class: ClassIndex;
  readonly images: number;
  /** Images of the class that only the reference has right. */
  readonly lost: number;
  /** Images of the class that only the candidate has right. */
  readonly gained: number;
  /** McNemar's two-sided mid-p within the class. */
  readonly midP: number;
  /** `midP` adjusted by Benjamini-Hochberg. */
  readonly adjustedP: number;
  /**
   * P(X >= lost) for X ~ Bin(lost + gained, all lost / all flips): small if the class loses more of its flips than
   * the whole data set does, so that an overall drop is not found again in every class.
   */
  readonly worseThanRestP: number;
  /** `worseThanRestP` adjusted by Benjamini-Hochberg. */
  readonly worseThanRestAdjustedP: number;
}

/** What the per-class tests could find at all: with 50 images a class, little. */
interface ClassDriftPower {
  readonly classes: number;
  /** The false discovery rate at which classes are flagged. */
  readonly falseDiscoveryRate: number;
  /** The least number of flips, all of them losses, at which a class that drifts alone is flagged. */
  readonly leastOneWayFlips: number;
  /** Images in the largest class. */
  readonly imagesInLargestClass: number;
  /** No class has even that many images: the tests can flag no lone class, and an empty list says nothing. */
  readonly blind: boolean;
}

/** Classes that drift, and what the tests could have found. */
export interface ClassDriftReport {
  readonly perClass: readonly ClassDrift[];
  /** Classes with adjustedP <= rate, smallest p first (equal p: lowest class). An empty list is not "no drift": see `power`. */
  readonly flagged: readonly ClassIndex[];
  /** Classes with worseThanRestAdjustedP <= rate, in the same order. */
  readonly worseThanRest: readonly ClassIndex[];
  readonly power: ClassDriftPower;
}

/**
 * Looks for classes that drift, over a run of fixed length: never call it on a run that the sequential gate stopped.
 * Classes without images are not tested and not counted.
 *
 * @param labels one label an image, aligned with both lists
 * @param falseDiscoveryRate in (0, 1)
 * @throws RangeError if the lists differ in length
 */
export function classDrift(
  labels: ArrayLike<ClassIndex>,
  reference: readonly PairedOutcome[],
  candidate: readonly PairedOutcome[],
  falseDiscoveryRate = 0.05,
): ClassDriftReport {
  assertAligned(labels, reference, candidate);
  const counts = new Map<ClassIndex, { images: number; lost: number; gained: number }>();
  let lost = 0;
  let gained = 0;
  reference.forEach((first, index) => {
    const label = labels[index]!;
    const second = candidate[index]!;
    const ofClass = counts.get(label) ?? { images: 0, lost: 0, gained: 0 };
    counts.set(label, ofClass);
    ofClass.images++;
    if (first.correct && !second.correct) {
      ofClass.lost++;
      lost++;
    } else if (!first.correct && second.correct) {
      ofClass.gained++;
      gained++;
    }
  });

  const lossShare = lost + gained === 0 ? 1 : lost / (lost + gained);
  const tested = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([label, ofClass]) => ({
      class: label,
      ...ofClass,
      midP: mcNemarMidP(ofClass.lost, ofClass.gained),
      worseThanRestP: binomialUpperTail(ofClass.lost, ofClass.lost + ofClass.gained, lossShare),
    }));
  const adjusted = benjaminiHochberg(tested.map((drift) => drift.midP));
  const adjustedRest = benjaminiHochberg(tested.map((drift) => drift.worseThanRestP));
  const perClass = tested.map((drift, index) => ({
    ...drift,
    adjustedP: adjusted[index]!,
    worseThanRestAdjustedP: adjustedRest[index]!,
  }));
  const leastFlips = leastOneWayFlips(perClass.length, falseDiscoveryRate);
  const largest = perClass.reduce((most, drift) => Math.max(most, drift.images), 0);
  return {
    perClass,
    flagged: perClass
      .filter((drift) => drift.adjustedP <= falseDiscoveryRate)
      .sort((a, b) => a.midP - b.midP || a.class - b.class)
      .map((drift) => drift.class),
    worseThanRest: perClass
      .filter((drift) => drift.worseThanRestAdjustedP <= falseDiscoveryRate)
      .sort((a, b) => a.worseThanRestP - b.worseThanRestP || a.class - b.class)
      .map((drift) => drift.class),
    power: {
      classes: perClass.length,
      falseDiscoveryRate,
      leastOneWayFlips: leastFlips,
      imagesInLargestClass: largest,
      blind: largest < leastFlips,
    },
  };
}

/**
 * The least number of flips in one direction, none in the other, at which a class that drifts alone among `classes`
 * is flagged: the mid-p of b flips to 0 is 2^-b, and Benjamini-Hochberg asks 2^-b <= rate / classes.
 * 15 for 1000 classes at 0.05.
 */
export function leastOneWayFlips(classes: number, falseDiscoveryRate: number): number {
  let flips = 1;
  while (classes * 2 ** -flips > falseDiscoveryRate) flips++;
  return flips;
}
