import type { Fault } from '../../domain/errors.js';
import type { CheckRecord } from '../../report/check.js';
import type { ReportEvents } from '../run/evaluate-to-report.js';
import type { EvaluateOptions } from '../run/options.js';

export interface SequentialSettings {
  /** Fixed before the first look; null: it follows from the candidates' files. */
  readonly seed: number | null;
  /** Chance at most of any false fail, and of any false pass, over all tests of the check. */
  readonly errorRate: number;
}

export interface CheckOptions extends Omit<EvaluateOptions, 'sampling' | 'out' | 'shard' | 'events'> {
  readonly out: string;
  /** Name or path; null: each model is compared with its compare_with. */
  readonly baseline: string | null;
  readonly sequential: SequentialSettings | null;
  /** Pictures in the report; null: as many as it has by default. */
  readonly gallery?: number | null;
  readonly events: ReportEvents;
}

/** What a check gives. */
export interface CheckResult {
  /** null where the run was stopped by its signal. */
  readonly check: CheckRecord | null;
  readonly faults: readonly Fault[];
  readonly files: readonly string[];
}
