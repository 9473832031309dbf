import type { ClassIndex, HashedImage, Prediction, Predictions } from '../../domain/domain.js';
import { isCorrect } from '../../metrics/top-k.js';
import { csv, safeText, type CsvCell } from '../csv.js';

import type { ReportFile, ReportWriter } from '../report.js';
import { scoreText } from '../score-text.js';

const PREDICTION_COLUMNS = [
  'file',
  'label',
  ...[1, 2, 3, 4, 5].map((place) => `c${place}`),
  ...[1, 2, 3, 4, 5].map((place) => `s${place}`),
  'correct1',
  'correct5',
  'tie',
  'label_above',
  'label_tied',
  'log_sum_exp',
] as const;

/**
 * `predictions/<model>.csv`: what a model said of each image, in the order of the data set, whatever the workers and
 * the batch size were.
 */
export const predictionsCsv: ReportWriter = ({ record, summary }): ReportFile[] =>
  record.models.map((model, index) => ({
    path: summary.models[index]!.predictions,
    content: csv(PREDICTION_COLUMNS, rows(record.samples, model.predictions)),
  }));

function* rows(samples: readonly HashedImage[], predictions: Predictions): Generator<CsvCell[]> {
  for (const [at, { id, label }] of samples.entries()) yield row(id, label, predictions.at(at)!);
}

function row(id: string, label: ClassIndex, prediction: Prediction): CsvCell[] {
  const { classes, scores } = prediction;
  const cells: CsvCell[] = [safeText(id), label];
  for (let place = 0; place < 5; place++) cells.push(classes[place] ?? null);
  for (let place = 0; place < 5; place++) {
    const score = scores[place];
    cells.push(score === undefined ? null : scoreText(score));
  }
  cells.push(
    isCorrect(classes, label, 1),
    isCorrect(classes, label, 5),
    prediction.tiedTop,
    prediction.labelAbove,
    prediction.labelTied,
    String(prediction.logSumExp),
  );
  return cells;
}
