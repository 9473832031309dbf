import { encodePredictionFile } from '../../store/prediction-file.js';
import type { ReportFile, ReportWriter } from '../report.js';

/** `predictions/<model>.parquet`: the same as the CSV beside it, for pandas, polars, DuckDB, and for reading back. */
export const predictionsParquet: ReportWriter = ({ record, summary }): ReportFile[] =>
  record.models.map((model, index) => ({
    path: `predictions/${summary.models[index]!.slug}.parquet`,
    content: encodePredictionFile(model, record.samples),
  }));
