import { join } from 'node:path';
import { writeAtomically } from './atomic-file.js';
import { csv, safeText } from './csv.js';
import { count, percent, range, signed } from './figures.js';
import { history, type HistoryRun } from './history.js';
import { historyPage } from './html/history-page.js';
import { plain, table } from './markdown.js';
import type { ReportFile } from './report.js';
import type { Summary } from './summary-schema.js';
import { verdictLabel } from './wording.js';

/**
 * Writes several runs as a comparison over time: `history.html`, `history.md`, `history.csv`.
 * @returns the paths written, from the folder
 */
export async function writeHistory(summaries: readonly Summary[], dir: string): Promise<string[]> {
  const runs = history(summaries);
  const files: ReportFile[] = [
    { path: 'history.csv', content: historyCsv(runs) },
    { path: 'history.md', content: [historyMarkdown(runs)] },
    { path: 'history.html', content: [await historyPage(runs)] },
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
  ];
  return csv(
    header,
    runs.flatMap(({ summary, points }) =>
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
      ]),
    ),
  );
}

function historyMarkdown(runs: readonly HistoryRun[]): string {
  const left = ['Run', 'Model'].map((head) => ({ head, align: 'left' as const }));
  const right = ['Top-1', '95 % interval', 'Change', 'Top-5'].map((head) => ({
    head,
    align: 'right' as const,
  }));
  const last = ['Verdict', 'What else differs'].map((head) => ({ head, align: 'left' as const }));
  const rows = runs.flatMap(({ label, points }) =>
    points.map(({ model, change, differences }) => [
      label,
      plain(model.name),
      `${percent(model.top1.percent)} (${count(model.top1.correct)} / ${count(model.images)})`,
      range(model.top1.wilson95, 2),
      change === null ? '' : signed(change),
      percent(model.top5.percent),
      verdictLabel[model.verdict.outcome],
      differences === null ? 'first run' : plain(differences.join(', ')) || 'nothing',
    ]),
  );
  return `# Accuracy over ${count(runs.length)} runs\n\n${table([...left, ...right, ...last], rows)}\n`;
}
