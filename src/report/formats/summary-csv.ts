import { csv, safeText } from '../csv.js';
import type { ReportFile, ReportWriter } from '../report.js';

const header = [
  'model',
  'sha256',
  'images',
  'top1_correct',
  'top1_percent',
  'top1_wilson95_low',
  'top1_wilson95_high',
  'top5_correct',
  'top5_percent',
  'top5_wilson95_low',
  'top5_wilson95_high',
  'real_images',
  'real_top1_correct',
  'documented_top1',
  'difference_points',
  'tolerance_points',
  'verdict',
  'verdict_reason',
  'ties_rule',
  'ties_images',
  'top1_lowest',
  'top1_highest',
  'top5_lowest',
  'top5_highest',
  'compared_with',
  'compared_points',
  'compared_tango95_low',
  'compared_tango95_high',
  'lost',
  'gained',
  'mcnemar_mid_p',
  'agreeing',
] as const;

/** `summary.csv`: one line a model with the figures of summary.json. */
export const summaryCsv: ReportWriter = ({ summary }): ReportFile[] => {
  const rows = summary.models.map((model) => {
    const { top1, top5, real, ties, verdict, comparison } = model;
    const paired = comparison?.top1 ?? null;
    return [
      safeText(model.name),
      model.sha256,
      model.images,
      top1.correct,
      top1.percent,
      ...top1.wilson95,
      top5.correct,
      top5.percent,
      ...top5.wilson95,
      real?.images ?? null,
      real?.top1.correct ?? null,
      model.documented?.top1 ?? null,
      verdict.difference,
      verdict.tolerance,
      verdict.outcome,
      verdict.reason,
      ties.rule,
      ties.images,
      ties.top1.lowest,
      ties.top1.highest,
      ties.top5.lowest,
      ties.top5.highest,
      comparison === null ? null : safeText(comparison.with),
      paired?.difference.points ?? null,
      paired?.difference.tango95[0] ?? null,
      paired?.difference.tango95[1] ?? null,
      comparison?.flips.lost ?? null,
      comparison?.flips.gained ?? null,
      paired?.mcnemarMidP ?? null,
      comparison?.agreement.images ?? null,
    ];
  });
  return [{ path: 'summary.csv', content: csv(header, rows) }];
};
