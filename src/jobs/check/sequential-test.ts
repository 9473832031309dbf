import type { ClassIndex, Prediction } from '../../domain/domain.js';
import { dropConfidenceInterval } from '../../metrics/confidence-sequence.js';
import type { GateName, GateVerdict } from '../../metrics/verdict.js';
import { maxDropImages, SequentialGate, type Change } from '../../metrics/sequential.js';
import { isCorrect } from '../../metrics/top-k.js';
import type { SequentialTestRecord } from '../../report/check.js';

/** The gates whose figure is a sum over images, which a sequential test can decide; a class's drop is not. */
export type SummedGate = Exclude<GateName, 'max_class_drop'>;

/** One image as a test sees it: null stands for an image that could not be used, which counts as wrong. */
export interface TestedImage {
  readonly label: ClassIndex;
  readonly candidate: Prediction | null;
  readonly reference: Prediction | null;
}

/** How a gate counts: what an image adds to the sum, and the figure that a sum over all images means. */
interface Counting {
  readonly unit: 'points' | 'percent';
  readonly change: (image: TestedImage) => Change;
  /** The largest sum over `population` images that passes. */
  readonly most: (limit: number, population: number) => number;
  /** The gate's figure where a `share` of the images counts, in its unit. */
  readonly figure: (share: number) => number;
}

/** @param documented percent, for the gate against the documented figure */
function countingOf(gate: SummedGate, documented: number): Counting {
  const percent = { unit: 'percent', most: maxDropImages, figure: (share: number) => 100 * share } as const;
  switch (gate) {
    case 'max_top1_drop':
      return {
        ...percent,
        unit: 'points',
        change: ({ label, candidate, reference }) =>
          toChange(Number(isRight(reference, label)) - Number(isRight(candidate, label))),
      };
    case 'max_top1_drop_vs_documented':
      return {
        unit: 'points',
        change: ({ label, candidate }) => (isRight(candidate, label) ? 0 : 1),
        most: (limit, population) =>
          Math.min(population, maxDropImages(100 - documented + limit, population)),
        figure: (share) => documented - 100 + 100 * share,
      };
    case 'max_flip_rate':
      return {
        ...percent,
        change: ({ label, candidate, reference }) =>
          isRight(reference, label) === isRight(candidate, label) ? 0 : 1,
      };
    case 'max_ties':
      return { ...percent, change: ({ candidate }) => ((candidate?.tiedTop ?? 0) > 1 ? 1 : 0) };
    case 'min_agreement':
      return {
        unit: 'percent',
        change: ({ candidate, reference }) => {
          const named = candidate?.classes[0];
          return named !== undefined && named === reference?.classes[0] ? 0 : 1;
        },
        most: (limit, population) => maxDropImages(100 - limit, population),
        figure: (share) => 100 - 100 * share,
      };
  }
}

/** One gate of one model, tested image by image in the order of one random permutation. */
export class SequentialTest {
  private readonly counting: Counting;
  private readonly test: SequentialGate;
  private readonly changes: Change[] = [];

  constructor(
    readonly gate: SummedGate,
    private readonly limit: number,
    documented: number | null,
    population: number,
    /** Of a false fail, and of a false pass: this test's share of the whole check's. */
    private readonly errorRate: number,
  ) {
    this.counting = countingOf(gate, documented ?? 100);
    this.test = new SequentialGate({
      population,
      maxDropImages: this.counting.most(limit, population),
      falseFail: errorRate,
      falsePass: errorRate,
    });
  }

  get verdict(): 'pass' | 'fail' | null {
    return this.test.decision?.verdict ?? null;
  }

  /** The next image of the permutation; ignored once the test has decided. */
  observe(image: TestedImage): void {
    if (this.test.decision !== null) return;
    const change = this.counting.change(image);
    this.changes.push(change);
    this.test.observe(change);
  }

  record(): SequentialTestRecord {
    const { population, maxDropImages: most } = this.test.plan;
    const confidence = 1 - 2 * this.errorRate;
    return {
      gate: this.gate,
      maxImages: most,
      errorRate: this.errorRate,
      outcome: this.test.finish(),
      interval: dropConfidenceInterval(this.changes, population, confidence),
      confidence,
    };
  }

  /** @param partOf why the list is not the whole data set: then its pass is no pass for that; null if it is the whole */
  gateVerdict(record: SequentialTestRecord, partOf: string | null): GateVerdict {
    const { outcome, interval, maxImages } = record;
    const { population } = this.test.plan;
    const { figure, unit } = this.counting;
    const ends = [figure(interval.lower / population), figure(interval.upper / population)] as const;
    const downgraded = outcome.verdict === 'pass' && partOf !== null;
    const decided =
      outcome.decidedBy === 'limit'
        ? `not decided within ${outcome.imagesSeen} of ${population} images`
        : `decided by '${outcome.decidedBy}' after ${outcome.imagesSeen} of ${population} images`;
    return {
      gate: this.gate,
      status: downgraded ? 'undecided' : outcome.verdict,
      unit,
      limit: this.limit,
      measured: outcome.imagesSeen === 0 ? null : figure(outcome.drop / outcome.imagesSeen),
      interval: { lower: Math.min(...ends), upper: Math.max(...ends) },
      basis: 'sequential',
      images: outcome.imagesSeen,
      rule:
        `sequential test in random order of a sum of at most ${maxImages} images, ${decided}, at an error rate of ${Number(this.errorRate.toPrecision(3))} either way; the interval is the confidence sequence's for all ${population} images` +
        (downgraded
          ? `. These ${population} images would pass, but are a part of the data set: ${partOf}`
          : ''),
    };
  }
}

function isRight(prediction: Prediction | null, label: ClassIndex): boolean {
  return prediction !== null && isCorrect(prediction.classes, label, 1);
}

function toChange(difference: number): Change {
  return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}
