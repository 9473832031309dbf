import { classNamer } from '../class-name.js';
import { csv, safeText, type CsvCell } from '../csv.js';
import { flips, type Flip, type FlipSide } from '../flips.js';
import type { ReportFile, ReportWriter } from '../report.js';
import { scoreText } from '../score-text.js';

const header = [
  'model',
  'compared_with',
  'file',
  'label',
  'label_name',
  'kind',
  'compared_class',
  'compared_name',
  'compared_score',
  'class',
  'name',
  'score',
];

/** `flips.csv`: every image to which compared models give different Top-1 classes; absent where none is compared. */
export const flipsCsv: ReportWriter = ({ record, summary }): ReportFile[] => {
  if (summary.models.every((model) => model.comparison === null)) return [];
  const nameOf = classNamer(record.dataset.classes);
  const side = ({ class: index, score }: FlipSide): CsvCell[] => [
    index,
    index === null ? null : safeText(nameOf(index)),
    score === null ? null : scoreText(score),
  ];
  const row = (flip: Flip): CsvCell[] => [
    safeText(flip.model),
    safeText(flip.compareWith),
    safeText(flip.image),
    flip.label,
    safeText(nameOf(flip.label)),
    flip.kind,
    ...side(flip.reference),
    ...side(flip.candidate),
  ];
  function* rows(): Generator<CsvCell[]> {
    for (const model of record.models) for (const flip of flips(model, record)) yield row(flip);
  }
  return [{ path: 'flips.csv', content: csv(header, rows()) }];
};
