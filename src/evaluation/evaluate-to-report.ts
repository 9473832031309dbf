import type { Fault } from '../errors.js';
const galleryChoice = (): string[] => [];
import type { Report } from '../report/report.js';
import { summarize } from '../report/summary.js';
import type { Summary } from '../report/summary-schema.js';
import { writeReports } from '../report/write-reports.js';
import { measure, openConfiguredDataset, type EvaluateEvents, type EvaluateOptions } from './evaluate.js';
import { thumbnails } from './thumbnails.js';

/** Images in the gallery at most. */
const GALLERY = 60;

export interface ReportedEvaluation {
  readonly summary: Summary;
  readonly report: Report;
  readonly faults: readonly Fault[];
  /** Paths written, relative to the report folder; none where the run was stopped. */
  readonly files: readonly string[];
  readonly stopped: boolean;
  /** Predictions that were not computed anew. */
  readonly reused: number;
}

/** Measures the models of a config and writes the report folder. */
export async function evaluateToReport(
  options: EvaluateOptions & {
    readonly out: string;
    readonly events: EvaluateEvents & { onMeasured(): void };
  },
): Promise<ReportedEvaluation> {
  const { record, faults, stopped } = await measure(options);
  options.events.onMeasured();
  const summary = summarize(record);
  const reused = record.models.reduce((sum, model) => sum + model.reused, 0);
  if (stopped)
    return {
      summary,
      report: { record, summary, thumbnails: new Map() },
      faults,
      files: [],
      stopped,
      reused,
    };
  const ids = galleryChoice();
  const dataset = await openConfiguredDataset(options.config, options.limit, options.limitSeed);
  let pictures: Report['thumbnails'];
  try {
    pictures = await thumbnails(dataset, ids, record.models[0]!.recipe);
  } finally {
    await dataset.close();
  }
  const report: Report = { record, summary, thumbnails: pictures };
  return { summary, report, faults, files: await writeReports(report, options.out), stopped, reused };
}
