/** The library: what `imagenet-eval run` does, from code. */
import { loadConfig } from './config/config.js';
import type { EngineProgress } from './engine/options.js';
import type { Fault } from './domain/errors.js';
import { evaluateToReport } from './jobs/run/evaluate-to-report.js';
import { silent } from './jobs/run/options.js';
import type { RunRecord } from './record/run-record.js';
import type { Summary } from './report/summary-schema.js';

export {
  ConfigError,
  DatasetError,
  EvalError,
  ImageError,
  ModelError,
  RunError,
  StoreError,
} from './domain/errors.js';
export type { ClassIndex, ClassName, ImageId, Prediction, Sha256, TieRule } from './domain/domain.js';
export type { EngineProgress } from './engine/options.js';
export type { Fault } from './domain/errors.js';
export type { Recipe } from 'reference-pixels/recipe';
export type { ModelRecord, RunRecord } from './record/run-record.js';
export type { ModelSummary, Summary } from './report/summary-schema.js';
export { readRun } from './report/read-run.js';

export interface EvaluateInput {
  /** Path of a YAML config. */
  readonly config: string;
  /** Report folder; an interrupted run in it is gone on with. */
  readonly out: string;
  /** Only so many images, drawn by class with `limitSeed`. */
  readonly limit?: number;
  readonly limitSeed?: number;
  /** Worker threads; default: one a core. */
  readonly workers?: number;
  /** Images a call of onnxruntime; default 4. */
  readonly batch?: number;
  /** Folder of the prediction cache; default: none. */
  readonly cache?: string;
  /** Forget what an earlier run left in `out`. */
  readonly fresh?: boolean;
  /** false: measure on even where accuracy is near chance. */
  readonly guard?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EngineProgress) => void;
  readonly onWarning?: (text: string) => void;
}

export interface EvaluateOutput {
  /** What summary.json holds. */
  readonly summary: Summary;
  /** All predictions, image by image. */
  readonly record: RunRecord;
  /** Images and labels that could not be used: with any of them the figures don't stand for all that was asked for. */
  readonly faults: readonly Fault[];
  /** Files written, relative to `out`; none where `signal` stopped the run. */
  readonly files: readonly string[];
  /** `signal` stopped the run; the same call goes on from there. */
  readonly stopped: boolean;
}

/**
 * Measures every model of a config on its images and writes the report folder.
 * @throws EvalError of one of the classes above, whose message says what was wrong, where, and what to do.
 */
export async function evaluate(input: EvaluateInput): Promise<EvaluateOutput> {
  const config = await loadConfig(input.config);
  const { summary, report, faults, files, stopped } = await evaluateToReport({
    config,
    out: input.out,
    cache: input.cache ?? null,
    fresh: input.fresh ?? false,
    limit: input.limit ?? null,
    limitSeed: input.limitSeed ?? 0,
    workers: input.workers ?? null,
    batch: input.batch ?? null,
    shard: null,
    guard: input.guard ?? true,
    command: `evaluate(${JSON.stringify({ config: input.config, out: input.out, limit: input.limit })})`,
    signal: input.signal ?? new AbortController().signal,
    events: {
      ...silent,
      onMeasured: () => undefined,
      ...(input.onProgress && { onProgress: input.onProgress }),
      ...(input.onWarning && { onWarning: input.onWarning }),
    },
  });
  return { summary, record: report.record, faults, files, stopped };
}
