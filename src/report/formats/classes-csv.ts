import { classTable } from '../class-table.js';
import { csv, safeText } from '../csv.js';
import type { ReportFile, ReportWriter } from '../report.js';

/** `classes.csv`: one line a class with the counts of every model and, for compared models, flips and p-values. */
export const classesCsv: ReportWriter = ({ record, summary }): ReportFile[] => {
  const header = [
    'class',
    'wnid',
    'name',
    'images',
    ...summary.models.flatMap(({ slug, comparison }) => [
      `${slug}_top1`,
      `${slug}_top5`,
      ...(comparison === null
        ? []
        : [`${slug}_lost`, `${slug}_gained`, `${slug}_mid_p`, `${slug}_adjusted_p`]),
    ]),
  ];
  const rows = classTable(record, summary).map((entry) => [
    entry.class,
    safeText(entry.wnid),
    safeText(entry.name),
    entry.images,
    ...entry.models.flatMap(({ top1, top5, drift }) => [
      top1,
      top5,
      ...(drift === null ? [] : [drift.lost, drift.gained, drift.midP, drift.adjustedP]),
    ]),
  ]);
  return [{ path: 'classes.csv', content: csv(header, rows) }];
};
