import * as z from 'zod';

import { gateVerdictSchema } from '../metrics/verdict.js';

export const findingSchema = z.object({
  code: z.enum(['near-chance', 'tied-scores', 'saturated-scores', 'nan-scores', 'one-class']),
  text: z.string(),
});

const modelGates = z.object({
  model: z.string(),
  against: z.string().nullable().describe('The model or baseline that it is compared with; null for none.'),
  verdicts: z.array(gateVerdictSchema).readonly(),
  findings: z.array(findingSchema).readonly().describe('What in the scores explains a failure.'),
});

export const gateReportSchema = z
  .object({
    undecidedIs: z.enum(['fail', 'pass']).describe('What an undecided gate does to the exit code.'),
    models: z.array(modelGates).readonly(),
  })
  .describe('Verdicts of the gates of the config.');

export type GateReport = z.infer<typeof gateReportSchema>;
export type ModelGates = GateReport['models'][number];
export type Finding = z.infer<typeof findingSchema>;

/** Fails if any gate does; undecided if any is and none fails. */
export function gateOutcome(report: GateReport): 'pass' | 'fail' | 'undecided' {
  const all = report.models.flatMap((model) => model.verdicts.map((verdict) => verdict.status));
  if (all.includes('fail')) return 'fail';
  return all.includes('undecided') ? 'undecided' : 'pass';
}

/** Whether the exit code is that of a broken gate: a failed one, or an undecided one where that counts so. */
export function gatesBroken(report: GateReport): boolean {
  const outcome = gateOutcome(report);
  return outcome === 'fail' || (outcome === 'undecided' && report.undecidedIs === 'fail');
}
