import type { Changes } from '../../metrics/change.js';
import { dropConfidenceInterval } from '../../metrics/confidence-sequence.js';
import { countingOf, type Counting, type GatedImage, type SummedGate } from '../../metrics/counting.js';
import { inUnit } from '../../metrics/gates.js';
import { extentOf, type Extent, type Population } from '../../metrics/population.js';
import { SequentialGate } from '../../metrics/sequential.js';
import type { GateVerdict } from '../../metrics/verdict.js';
import type { PrintedFigure } from '../../domain/printed-figure.js';
import type { SequentialTestRecord } from '../../report/check.js';

export interface SequentialTestOptions {
  readonly gate: SummedGate;
  readonly limit: number;
  readonly documented: PrintedFigure | null;
  /** Images that the answer is about; `unusable` are those known to be left out. */
  readonly population: Population;
  /** Images there are to look at. */
  readonly listed: number;
  /** Of a false fail, and of a false pass: this test's share of the whole check's. */
  readonly errorRate: number;
}

/** One gate of one model, tested image by image in the order of one random permutation. */
export class SequentialTest {
  readonly gate: SummedGate;
  private readonly counting: Counting;
  private readonly test: SequentialGate;
  private readonly changes: Changes[] = [];
  private readonly extent: Extent;

  constructor(private readonly options: SequentialTestOptions) {
    const { gate, limit, documented, population, errorRate } = options;
    this.gate = gate;
    this.counting = countingOf(gate, documented);
    this.extent = extentOf(options.listed, population);
    const { images, unusable } = this.extent;
    const { possible, most } = this.counting;
    const within = (sum: number): number => Math.max(unusable - images, Math.min(images - unusable, sum));
    this.test = new SequentialGate({
      population: images - unusable,
      maxDropImages: within(most(limit, images) - possible.most * unusable),
      failAbove: most(limit, images) - possible.least * unusable,
      falseFail: errorRate,
      falsePass: errorRate,
    });
  }

  get verdict(): 'pass' | 'fail' | null {
    return this.test.decision?.verdict ?? null;
  }

  /** The next image of the permutation, null for one that could not be used; ignored once the test has decided. */
  observe(image: GatedImage | null): void {
    if (this.test.decision !== null) return;
    if (image === null) {
      this.changes.push(this.counting.possible);
      this.test.observeUnusable(this.counting.possible);
      return;
    }
    const change = this.counting.change(image);
    this.changes.push({ least: change, most: change });
    this.test.observe(change);
  }

  record(): SequentialTestRecord {
    const { errorRate, limit } = this.options;
    const { images, unusable } = this.extent;
    const { possible, most } = this.counting;
    const confidence = 1 - 2 * errorRate;
    const usable = dropConfidenceInterval(this.changes, images - unusable, possible, confidence);
    return {
      gate: this.gate,
      maxImages: most(limit, images),
      errorRate,
      outcome: this.test.finish(),
      interval: {
        lower: usable.lower + possible.least * unusable,
        upper: usable.upper + possible.most * unusable,
      },
      confidence,
    };
  }

  gateVerdict({ outcome, interval, maxImages }: SequentialTestRecord): GateVerdict {
    const population = this.extent.images;
    const { figure, unit } = this.counting;
    const { limit, errorRate } = this.options;
    const known = this.options.population.images !== null;
    const all = known ? `all ${population} images` : 'all images of a set of unknown size';
    const usable = outcome.imagesSeen - outcome.unusable;
    const ended = {
      bound: `decided by the evidence after ${outcome.imagesSeen} images`,
      certain: `decided after ${outcome.imagesSeen} images, as those left can't change it`,
      exhausted: `decided by counting all ${outcome.imagesSeen} images: the answer is exact`,
      limit: `not decided by the ${outcome.imagesSeen} images there were to look at`,
      unusable: `open, as it hangs on the ${outcome.unusable} images that could not be used`,
    }[outcome.decidedBy];
    return {
      gate: this.gate,
      status: outcome.verdict,
      unit,
      limit,
      measured: usable === 0 ? null : figure(outcome.drop / usable),
      interval: inUnit(interval, population, figure),
      basis: 'sequential',
      images: outcome.imagesSeen,
      population: known ? population : null,
      pWithin: outcome.pMore,
      imagesToDecide: null,
      rule: `sequential test in random order of a sum of at most ${maxImages} over ${all}, ${ended}, at an error rate of ${Number(errorRate.toPrecision(3))} either way; the interval is the confidence sequence's for ${all}`,
    };
  }
}
