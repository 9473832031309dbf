import { join } from 'node:path';
import { writeAtomically } from './atomic-file.js';
import { csv, safeText } from './csv.js';
import { renderPage } from './document/html.js';
import { renderMarkdown } from './document/markdown.js';
import { historyDocument } from './documents/history.js';
import { history, type HistoryRun, type StoredSummary } from './history.js';
import type { ReportFile } from './report.js';

/** What a comparison over time writes into its folder. */
export const historyFiles = ['history.csv', 'history.md', 'history.html'] as const;

/**
 * Writes several runs as a comparison over time.
 * @returns the paths written, from the folder
 */
export async function writeHistory(stored: readonly StoredSummary[], dir: string): Promise<string[]> {
  const runs = history(stored);
  const document = historyDocument(runs, dir);
  const files: (ReportFile & { readonly path: (typeof historyFiles)[number] })[] = [
    { path: 'history.csv', content: historyCsv(runs) },
    { path: 'history.md', content: [renderMarkdown(document)] },
    { path: 'history.html', content: [await renderPage(document)] },
  ];
  for (const file of files) await writeAtomically(join(dir, file.path), file.content);
  return files.map((file) => file.path);
}

function historyCsv(runs: readonly HistoryRun[]): Iterable<string> {
  const header = [
    'started_at',
    'title',
    'model',
    'sha256',
    'images',
    'images_digest',
    'top1_correct',
    'top1_percent',
    'top1_wilson95_low',
    'top1_wilson95_high',
    'top5_correct',
    'top1_change_points',
    'verdict',
    'differences',
    'folder',
    'answer',
    'exit_code',
  ];
  return csv(
    header,
    runs.flatMap(({ summary, points, dir, answer }) =>
      points.map(({ model, change, differences }) => [
        summary.run.startedAt,
        safeText(summary.run.title ?? ''),
        safeText(model.name),
        model.sha256,
        model.images,
        summary.dataset.digest,
        model.top1.correct,
        model.top1.percent,
        ...model.top1.wilson95,
        model.top5.correct,
        change,
        model.verdict.outcome,
        differences === null ? null : differences.join('; '),
        safeText(dir),
        safeText(answer.said),
        answer.exit,
      ]),
    ),
  );
}
