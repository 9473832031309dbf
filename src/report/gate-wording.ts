import { decimalsFor, points, signed } from './figures.js';
import type { ModelGates } from './gate-schema.js';

type Verdict = ModelGates['verdicts'][number];

/** A gate and its limit in words: `Top-1 drop at most 2 points`. */
export function gateTitle({ gate, limit }: Pick<Verdict, 'gate' | 'limit'>): string {
  switch (gate) {
    case 'max_top1_drop':
      return `Top-1 drop at most ${points(limit)}`;
    case 'max_top1_drop_vs_documented':
      return `Top-1 at most ${points(limit)} below the documented figure`;
    case 'max_flip_rate':
      return `at most ${limit} % of the images lost`;
    case 'max_ties':
      return `tied top scores on at most ${limit} % of the images`;
    case 'max_class_drop':
      return `no class drops more than ${points(limit)}`;
    case 'min_agreement':
      return `the same class, or the right one, on at least ${limit} % of the images`;
  }
}

/** `42.6 points` (of a drop: negative is a gain), with the interval where the verdict rests on one. */
export function gateMeasured(verdict: Verdict): string {
  const { measured, interval, unit } = verdict;
  if (measured === null) return 'n/a';
  const shown = `${bound(verdict, measured)} ${unit === 'points' ? 'points' : '%'}`;
  return interval === null ? shown : `${shown} (${intervalText(verdict, interval)})`;
}

function intervalText(verdict: Verdict, { lower, upper }: { lower: number; upper: number }): string {
  return `${bound(verdict, lower)} to ${bound(verdict, upper)}`;
}

/** A share never leaves 0 to 100 %. */
function bound({ unit, images }: Verdict, value: number): string {
  const inUnit = unit === 'percent' ? Math.min(100, Math.max(0, value)) : value;
  return signed(inUnit, decimalsFor(images)).replace('+', '');
}

export const gateLabel = {
  pass: 'Pass',
  fail: 'Fail',
  undecided: 'Undecided',
} as const satisfies Record<Verdict['status'], string>;

/** The verdict that decides what is said of a model: the first that fails, else that is open, else the first. */
export function worstVerdict({ verdicts }: ModelGates): Verdict {
  const of = (status: Verdict['status']): Verdict | undefined =>
    verdicts.find((verdict) => verdict.status === status);
  return of('fail') ?? of('undecided') ?? verdicts[0]!;
}

/**
 * Why a gate is as it is, as part of a sentence: `it loses 60.6 points against float (limit 1)`; of an open one with the
 * interval that reaches beyond the limit.
 */
export function gateReason(verdict: Verdict, subject: string, against: string | null): string {
  const { gate, measured, images, status } = verdict;
  if (measured === null) return `${subject}: ${verdict.rule}`;
  const decimals = decimalsFor(images);
  const limit =
    status === 'undecided' && verdict.interval !== null
      ? `${verdict.limit}; interval ${intervalText(verdict, verdict.interval)}`
      : String(verdict.limit);
  const share = `${Math.max(0, measured).toFixed(decimals)} %`;
  switch (gate) {
    case 'max_top1_drop':
      return `${subject} ${gainOrLoss(measured, decimals)} against ${against ?? 'its reference'} (limit ${limit})`;
    case 'max_top1_drop_vs_documented':
      return `${subject} ${gainOrLoss(measured, decimals)} against its documented Top-1 (limit ${limit})`;
    case 'max_flip_rate':
      return `${subject} loses ${share} of the images (limit ${limit})`;
    case 'max_ties':
      return `${subject} has tied top scores on ${share} of the images (limit ${limit})`;
    case 'max_class_drop':
      return `${subject} loses ${measured.toFixed(1)} points in a class (limit ${limit})`;
    case 'min_agreement':
      return `${subject} gives the class of ${against ?? 'its reference'} to ${share} of the images (at least ${limit})`;
  }
}

function gainOrLoss(drop: number, decimals: number): string {
  if (Number(drop.toFixed(decimals)) === 0) return 'loses nothing';
  return `${drop > 0 ? 'loses' : 'gains'} ${Math.abs(drop).toFixed(decimals)} points`;
}
