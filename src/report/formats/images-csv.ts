import { csv, safeText, type CsvCell } from '../csv.js';
import type { RunRecord } from '../../record/run-record.js';
import type { ReportFile, ReportWriter } from '../report.js';

/**
 * `images.csv`: the images that the figures rest on, in order, with what the data set's digest is made of. `real`
 * holds the accepted ReaL classes separated by spaces, where the run was given them.
 */
export const imagesCsv: ReportWriter = ({ record }): ReportFile[] => {
  const { realLabels } = record;
  const header = ['file', 'label', 'sha256', ...(realLabels === null ? [] : ['real'])];
  return [{ path: 'images.csv', content: csv(header, rows(record)) }];
};

function* rows({ samples, realLabels }: RunRecord): Generator<CsvCell[]> {
  for (const [at, { id, label, sha256 }] of samples.entries()) {
    const row: CsvCell[] = [safeText(id), label, sha256];
    if (realLabels !== null) row.push(realLabels[at]!.join(' '));
    yield row;
  }
}
