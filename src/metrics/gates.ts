import type { ChangeCount } from './change.js';
import type { PrintedFigure } from '../domain/printed-figure.js';
import { countingOf, maxDropImages, type Counting, type SummedGate } from './counting.js';
import type { Interval } from './interval.js';
import { extentOf, sumInterval, type Population } from './population.js';
import { missing, type GateHead, type GateVerdict } from './verdict.js';

/** What a gate is asked, beside the images counted for it. */
export interface GateQuestion {
  readonly limit: number;
  readonly population: Population;
  /** Two-sided, in (0, 1): of the interval that decides where images are unseen. */
  readonly confidence: number;
}

/**
 * Judges a sum over images. All images of the population counted: exact, and a tie with the limit passes. Some unusable:
 * decided where all they could have given leads to one answer. Some unseen: decided where the interval for the whole
 * population lies on one side of the limit, in either direction alike.
 */
export function sumGate(
  gate: SummedGate,
  { limit, population, confidence }: GateQuestion,
  counted: ChangeCount,
  documented: PrintedFigure | null = null,
): GateVerdict {
  const counting = countingOf(gate, documented);
  const head = { gate, unit: counting.unit, limit };
  if (counted.images === 0) return missing(head, 'no image was counted');
  const question = { limit, population, confidence };
  const verdict = judgeSum(head, counting, question, counted);
  if (verdict.basis !== 'interval') return verdict;
  const within = pWithin(counting, question, counted);
  if (verdict.status !== 'undecided') return { ...verdict, pWithin: within };
  const deciding = imagesToDecide(counting, question, counted);
  const words =
    deciding === null
      ? 'no number of images would decide it if the figure stays as measured'
      : `about ${deciding} images would decide it if the figure stays as measured`;
  return { ...verdict, pWithin: within, imagesToDecide: deciding, rule: `${verdict.rule}; ${words}` };
}

function judgeSum(
  head: GateHead,
  counting: Counting,
  { limit, population, confidence }: GateQuestion,
  counted: ChangeCount,
): GateVerdict {
  const { possible, figure } = counting;
  const extent = extentOf(counted.images, population);
  const most = counting.most(limit, extent.images);
  const sums = sumInterval(counted, possible, population, confidence);
  const status = sums.upper <= most ? 'pass' : sums.lower > most ? 'fail' : 'undecided';
  const place = { pass: 'within', fail: 'beyond', undecided: 'on both sides of' }[status];
  const measured = figure((counted.against - counted.inFavour) / counted.images);
  const basis = extent.unseen > 0 ? 'interval' : extent.unusable > 0 ? 'bounds' : 'exact';
  const common = {
    ...head,
    status,
    measured,
    basis,
    images: counted.images,
    population: population.images === null ? null : extent.images,
    pWithin: null,
    imagesToDecide: null,
  } as const;
  const unusable =
    extent.unusable === 0 || extent.unseen === 0
      ? ''
      : `; ${population.unusable} unusable images count as the worst and as the best that they could have been`;
  switch (basis) {
    case 'exact':
      return {
        ...common,
        interval: null,
        rule: `all ${counted.images} images were counted: the figure is exact, and a tie with the limit passes`,
      };
    case 'bounds':
      return {
        ...common,
        interval: inUnit(sums, extent.images, figure),
        rule: `${population.unusable} of ${extent.images} images could not be used: whatever they would have given, the figure lies ${place} the limit of ${limit}`,
      };
    case 'interval': {
      const of = population.images === null ? 'of a set of unknown size' : `of ${extent.images}`;
      return {
        ...common,
        interval: inUnit(sums, extent.images, figure),
        rule: `${counted.images} images ${of} were counted: the interval for all of them, at confidence ${Number(confidence.toPrecision(6))}, lies ${place} the limit of ${limit}${unusable}`,
      };
    }
  }
}

/** An interval of a sum as one of the gate's figure, in its unit. */
export function inUnit(sums: Interval, population: number, figure: Counting['figure']): Interval {
  const ends = [figure(sums.lower / population), figure(sums.upper / population)] as const;
  return { lower: Math.min(...ends), upper: Math.max(...ends) };
}

/**
 * One-sided p of "the figure is beyond the limit": half the error at which the interval for the population just reaches
 * the limit, so that a gate passes exactly where this is at most half of its error.
 */
function pWithin(counting: Counting, { limit, population }: GateQuestion, counted: ChangeCount): number {
  const most = counting.most(limit, extentOf(counted.images, population).images);
  const reaches = (p: number, side: 'upper' | 'lower'): boolean => {
    const sums = sumInterval(counted, counting.possible, population, 1 - 2 * p);
    return side === 'upper' ? sums.upper <= most : sums.lower > most;
  };
  const least = (side: 'upper' | 'lower'): number | null => {
    if (!reaches(0.4999, side)) return null;
    let [low, high] = [Math.log(1e-12), Math.log(0.4999)];
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2;
      if (reaches(Math.exp(middle), side)) high = middle;
      else low = middle;
    }
    return Math.exp(high);
  };
  const beyond = least('lower');
  return least('upper') ?? (beyond === null ? 0.5 : 1 - beyond);
}

/** The least number of images at which the same shares would be decided; null where none would be. */
function imagesToDecide(
  counting: Counting,
  { limit, population, confidence }: GateQuestion,
  counted: ChangeCount,
): number | null {
  const known = extentOf(counted.images, population);
  const most = counting.most(limit, known.images);
  const decided = (images: number): boolean => {
    const scale = images / counted.images;
    const scaled = {
      images,
      against: Math.round(counted.against * scale),
      inFavour: Math.round(counted.inFavour * scale),
    };
    const { lower, upper } = sumInterval(scaled, counting.possible, population, confidence);
    return upper <= most || lower > most;
  };
  let low = counted.images;
  let high = known.images - known.unusable;
  if (!decided(high)) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (decided(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** One class's part of `max_class_drop`. */
export interface ClassCount {
  readonly class: number;
  readonly counted: ChangeCount;
  readonly population: Population;
}

/**
 * The largest drop of Top-1 within one class: at most `limit` points. Each class is judged as a whole data set is; where
 * images are unseen, at an error divided among the classes. One class beyond the limit fails, all within pass. A class so
 * small that a single image is more than the limit is not failed for one image, nor passed with it.
 *
 * @returns the verdict, whose `images`, `population` and `interval` are those of the class that decides, or drops most, and
 *   that class; null where no image was counted
 */
export function classDropGate(
  { limit, confidence }: Omit<GateQuestion, 'population'>,
  classes: readonly ClassCount[],
): { readonly verdict: GateVerdict; readonly deciding: number | null } {
  const head = { gate: 'max_class_drop', unit: 'points', limit } as const;
  const counted = classes.filter((one) => one.counted.images > 0);
  if (counted.length === 0) return { verdict: missing(head, 'no image was counted'), deciding: null };
  const counting = countingOf('max_top1_drop');
  const each = counted.map((one) => ({
    class: one.class,
    verdict: lenient(
      judgeSum(
        head,
        counting,
        { limit, population: one.population, confidence: 1 - (1 - confidence) / counted.length },
        one.counted,
      ),
      one,
      limit,
    ),
  }));
  const worstOf = (status: GateVerdict['status']) =>
    each
      .filter(({ verdict }) => verdict.status === status)
      .reduce<(typeof each)[number] | null>(
        (most, next) => (most === null || next.verdict.measured! > most.verdict.measured! ? next : most),
        null,
      );
  const deciding = worstOf('fail') ?? worstOf('undecided') ?? worstOf('pass')!;
  const others =
    deciding.verdict.status === 'pass' ? `; no other of ${counted.length} classes lost more` : '';
  return {
    verdict: { ...deciding.verdict, rule: `${deciding.verdict.rule}${others}` },
    deciding: deciding.class,
  };
}

/** A verdict on a class, taken back where it rests on one image that by itself is more than the limit. */
function lenient(verdict: GateVerdict, { counted }: ClassCount, limit: number): GateVerdict {
  const lost = counted.against - counted.inFavour;
  if (verdict.status !== 'fail' || lost > 1 || maxDropImages(limit, counted.images) >= 1) return verdict;
  return {
    ...verdict,
    status: 'undecided',
    rule: `one image lost of ${counted.images} is more than the limit of ${limit} points by itself: the class is too small for it`,
  };
}
