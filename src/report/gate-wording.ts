import { count } from './figures.js';
import type { GateReport, ModelGates } from './gate-schema.js';
import { gateOutcome } from './gate-schema.js';

type Verdict = ModelGates['verdicts'][number];

/** A gate and its limit in words: `Top-1 drop at most 2 points`. */
export function gateTitle({ gate, limit }: Pick<Verdict, 'gate' | 'limit'>): string {
  switch (gate) {
    case 'max_top1_drop':
      return `Top-1 drop at most ${limit} points`;
    case 'max_top1_drop_vs_documented':
      return `Top-1 at most ${limit} points below the documented figure`;
    case 'max_flip_rate':
      return `correctness flips on at most ${limit} % of the images`;
    case 'max_ties':
      return `tied top scores on at most ${limit} % of the images`;
    case 'max_class_drop':
      return `no class drops more than ${limit} points`;
    case 'min_agreement':
      return `same class on at least ${limit} % of the images`;
  }
}

/** `42.600 points` (of a drop: negative is a gain), with the interval where the verdict rests on one. */
export function gateMeasured(verdict: Verdict): string {
  const { measured, interval, unit } = verdict;
  if (measured === null) return 'n/a';
  const number = (value: number): string => value.toFixed(3).replace('-', '\u2212');
  const shown = `${number(measured)} ${unit === 'points' ? 'points' : '%'}`;
  return interval === null ? shown : `${shown} (${number(interval.lower)} to ${number(interval.upper)})`;
}

export const gateLabel = {
  pass: 'Pass',
  fail: 'Fail',
  undecided: 'Undecided',
} as const satisfies Record<Verdict['status'], string>;

/** One gate of one model in a sentence. */
export function gateSentence(verdict: Verdict): string {
  return `${gateLabel[verdict.status]}: ${gateTitle(verdict)}; measured ${gateMeasured(verdict)} on ${count(
    verdict.images,
  )} images. ${verdict.rule}.`;
}

/** All gates in a sentence: which models may ship. */
export function gatesHeadline(report: GateReport): string {
  const having = (status: Verdict['status']): string[] =>
    report.models
      .filter(({ verdicts }) => verdicts.some((verdict) => verdict.status === status))
      .map(({ model }) => model);
  switch (gateOutcome(report)) {
    case 'pass':
      return 'All gates pass.';
    case 'fail':
      return `A gate is broken by ${having('fail').join(', ')}.`;
    case 'undecided':
      return `Undecided for ${having('undecided').join(', ')}, which ${
        report.undecidedIs === 'fail' ? 'is not a pass' : 'counts as a pass here (on_undecided)'
      }.`;
  }
}
