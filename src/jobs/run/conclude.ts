import type { GateReport } from '../../report/gate-schema.js';
import type { RunRecord } from '../../report/record.js';
import { summarize } from '../../report/summary.js';
import type { Summary } from '../../report/summary-schema.js';

/** Decides the gates of a finished run. */
export type Judge = (record: RunRecord, summary: Summary) => GateReport;

/** Counts a finished run and, where there is a judge, decides its gates. */
export function conclude(
  measured: RunRecord,
  judge: Judge | undefined,
): { readonly record: RunRecord; readonly summary: Summary } {
  const counted = summarize(measured);
  if (judge === undefined) return { record: measured, summary: counted };
  const gates = judge(measured, counted);
  return { record: { ...measured, gates }, summary: { ...counted, gates } };
}
