import type { Fault } from '../../domain/errors.js';
import { galleryChoice } from '../../report/gallery-choice.js';
import type { Section } from '../../report/document/document.js';
import type { RunRecord } from '../../record/run-record.js';
import type { Report } from '../../report/report.js';
import { summarize, type Judge } from '../../report/summary.js';
import type { Summary } from '../../report/summary-schema.js';
import type { Dataset } from '../../dataset/dataset.js';
import { markFinished } from '../../store/run-state.js';
import { measureOn, withDataset, type EvaluateEvents, type EvaluateOptions } from './evaluate.js';
import { thumbnails } from './thumbnails.js';

export interface ReportedEvaluation {
  readonly summary: Summary;
  readonly report: Report;
  readonly faults: readonly Fault[];
  /** Those among them that `on_bad_image` does not forgive. */
  readonly fatal: readonly Fault[];
  /** Paths written, relative to the report folder; none where the run was stopped. */
  readonly files: readonly string[];
  readonly stopped: boolean;
  /** Predictions that were not computed anew. */
  readonly reused: number;
}

export interface ReportOptions extends EvaluateOptions {
  readonly out: string;
  readonly events: EvaluateEvents & { readonly onMeasured: () => void };
  /** Decides the gates of the config, where it has any. */
  readonly judge?: Judge;
  /** Pictures in the report; null: as many as it has by default. */
  readonly gallery?: number | null;
  /** Sections that the report has besides its own. */
  readonly more?: (record: RunRecord, summary: Summary) => readonly Section[];
  /** Paths of files that the caller writes beside the report. */
  readonly beside?: readonly string[];
}

/** Measures the models of a config, writes the report folder, and says in it that the run has ended. */
export async function evaluateToReport(options: ReportOptions): Promise<ReportedEvaluation> {
  const result = await measureAndReport(options);
  if (!result.stopped) await markFinished(options.out, result.files);
  return result;
}

/** The same for a job that writes more into the folder before it has ended. */
export async function measureAndReport(options: ReportOptions): Promise<ReportedEvaluation> {
  return withDataset(options, (dataset) => reportOn(dataset, options));
}

function loadFormats(): Promise<typeof import('../../report/write-reports.js')> {
  return import('../../report/write-reports.js');
}

async function reportOn(dataset: Dataset, options: ReportOptions): Promise<ReportedEvaluation> {
  const { events } = options;
  // The formats take a quarter of a second to load: no first image waits for them.
  const { record, faults, fatal, stopped } = await measureOn(dataset, {
    ...options,
    events: {
      ...events,
      onFirstTensors: (statistics) => {
        void loadFormats();
        events.onFirstTensors(statistics);
      },
    },
  });
  events.onMeasured();
  const summary = summarize(record, stopped ? null : options.judge);
  const reused = record.models.reduce((sum, model) => sum + model.reused, 0);
  const { recipe } = record.models.find((model) => model.recipe !== null) ?? { recipe: null };
  const pictures =
    stopped || recipe === null
      ? new Map<string, Uint8Array>()
      : await thumbnails(dataset, galleryChoice(record, options.gallery ?? undefined), recipe);
  const more = stopped ? [] : (options.more?.(record, summary) ?? []);
  const report: Report = { record, summary, thumbnails: pictures, more };
  const files = stopped
    ? []
    : await (await loadFormats()).writeReports(report, options.out, undefined, options.beside);
  return { summary, report, faults, fatal, files, stopped, reused };
}
