import type { Fault } from '../../domain/errors.js';
import type { Section } from '../../report/document/document.js';
import type { RunRecord } from '../../record/run-record.js';
import type { Report } from '../../report/report.js';
import type { Judge } from '../../report/summary.js';
import type { Summary } from '../../report/summary-schema.js';
import type { Dataset } from '../../dataset/dataset.js';
import { reportPaths } from '../../report/report-paths.js';
import { refuseForeignFiles } from '../../store/own-folder.js';
import { markFinished } from '../../store/run-state.js';
import { measureOn } from './evaluate.js';
import { withDataset } from './open-dataset.js';
import type { EvaluateEvents, EvaluateOptions } from './options.js';

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

export interface ReportEvents extends EvaluateEvents {
  /** The last image was run, and the report is about to be made. */
  readonly onMeasured: () => void;
}

export interface ReportOptions extends EvaluateOptions {
  readonly out: string;
  readonly events: ReportEvents;
  /** Decides the gates of the config, where it has any. */
  readonly judge?: Judge;
  /** Pictures in the report; null: as many as it has by default. */
  readonly gallery?: number | null;
  /** Sections that the report has besides its own. */
  readonly more?: (record: RunRecord, summary: Summary) => readonly Section[];
  /** Paths of files that the caller writes beside the report, and then says itself that the run has ended. */
  readonly beside?: readonly string[];
}

/**
 * Measures the models of a config, writes the report folder, and says in it that the run has ended.
 * @throws StoreError `foreign-files` where the folder holds files of others that would be replaced, before anything is measured
 */
export async function evaluateToReport(options: ReportOptions): Promise<ReportedEvaluation> {
  await refuseForeignFiles(options.out, reportPaths(options.config.models.map(({ name }) => name)));
  const result = await withDataset(options, (dataset) => reportOn(dataset, options));
  if (!result.stopped && options.beside === undefined) await markFinished(options.out, result.files);
  return result;
}

/** What a report is made with, which takes a quarter of a second to load: no first image waits for it. */
async function loadReporting() {
  const [{ summarize }, { galleryChoice }, { writeReports }, { loadVega }, { thumbnails }] =
    await Promise.all([
      import('../../report/summary.js'),
      import('../../report/gallery-choice.js'),
      import('../../report/write-reports.js'),
      import('../../report/charts/draw.js'),
      import('./thumbnails.js'),
    ]);
  await loadVega();
  return { summarize, galleryChoice, writeReports, thumbnails };
}

async function reportOn(dataset: Dataset, options: ReportOptions): Promise<ReportedEvaluation> {
  const { events } = options;
  const { record, faults, stopped } = await measureOn(dataset, {
    ...options,
    events: {
      ...events,
      onFirstTensors: (statistics) => {
        void loadReporting();
        events.onFirstTensors(statistics);
      },
    },
  });
  events.onMeasured();
  const { summarize, galleryChoice, writeReports, thumbnails } = await loadReporting();
  const summary = summarize(record, stopped ? null : options.judge);
  const reused = record.models.reduce((sum, model) => sum + model.reused, 0);
  const ended = { summary, faults, stopped, reused };
  if (stopped) {
    const report: Report = { record, summary, thumbnails: new Map(), more: [] };
    return { ...ended, report, files: [] };
  }
  const { recipe } = record.models.find((model) => model.recipe !== null) ?? { recipe: null };
  const pictures =
    recipe === null
      ? new Map<string, Uint8Array>()
      : await thumbnails(dataset, galleryChoice(record, options.gallery ?? undefined), recipe);
  const more = options.more?.(record, summary) ?? [];
  const report: Report = { record, summary, thumbnails: pictures, more };
  return { ...ended, report, files: await writeReports(report, options.out, undefined, options.beside) };
}
