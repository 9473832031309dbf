import { gateOutcome, type GateReport, type ModelGates } from './gate-schema.js';
import { percent, signed } from './figures.js';

type GateVerdict = ModelGates['verdicts'][number];

/** What each gate limits, in words. */
export const gateNamesInWords = {
  max_top1_drop: 'drop of Top-1 against the compared model',
  max_top1_drop_vs_documented: 'drop of Top-1 against the documented figure',
  max_flip_rate: 'images that flip',
  max_ties: 'images with tied top scores',
  max_class_drop: 'largest drop within a class',
  min_agreement: 'images with the same class',
} as const satisfies Record<GateVerdict['gate'], string>;

/** `at most 1 points`, `at least 97 %`. */
export function gateLimit({ gate, unit, limit }: GateVerdict): string {
  return `${gate === 'min_agreement' ? 'at least' : 'at most'} ${limit} ${unit === 'points' ? 'points' : '%'}`;
}

/** What was measured, with its interval where the verdict rests on one. */
export function gateMeasured({ unit, measured, interval }: GateVerdict): string {
  if (measured === null) return 'nothing to judge';
  const figure = (value: number): string => (unit === 'points' ? signed(value) : percent(value));
  return interval === null
    ? figure(measured)
    : `${figure(measured)} (${figure(interval.lower)} to ${figure(interval.upper)})`;
}

/** All gates in a sentence. */
export function gatesSentence(report: GateReport): string {
  const all = report.models.flatMap((model) => model.verdicts);
  const of = (status: GateVerdict['status']): number =>
    all.filter((verdict) => verdict.status === status).length;
  const undecided = of('undecided');
  const told =
    undecided === 0 ? '' : ` ${undecided} could not be decided, which counts as a ${report.undecidedIs}.`;
  switch (gateOutcome(report)) {
    case 'pass':
      return `All ${all.length} gates hold.`;
    case 'fail':
      return `${of('fail')} of ${all.length} gates broken.${told}`;
    case 'undecided':
      return `No gate is broken.${told}`;
  }
}
