import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './atomic-file.js';
import { classesCsv } from './formats/classes-csv.js';
import { flipsCsv } from './formats/flips-csv.js';
import { galleryJson } from './formats/gallery-json.js';
import { htmlReport } from './formats/html-report.js';
import { imagesCsv } from './formats/images-csv.js';
import { junit } from './formats/junit.js';
import { markdownReport } from './formats/markdown-report.js';
import { modelCard } from './formats/model-card.js';
import { modelIndex } from './formats/model-index.js';
import { predictionsCsv } from './formats/predictions-csv.js';
import { predictionsParquet } from './formats/predictions-parquet.js';
import { summaryCsv } from './formats/summary-csv.js';
import { summaryJson } from './formats/summary-json.js';
import { timmCsv } from './formats/timm-csv.js';
import type { Report, ReportWriter } from './report.js';

export type FormatName =
  | 'images'
  | 'predictions'
  | 'predictions-parquet'
  | 'classes'
  | 'flips'
  | 'gallery'
  | 'summary-csv'
  | 'timm'
  | 'model-index'
  | 'model-card'
  | 'junit'
  | 'markdown'
  | 'html'
  | 'summary';

/** Every format, in the order of writing: `summary.json` last, so that a folder that has one is complete. */
export const formats = {
  images: imagesCsv,
  predictions: predictionsCsv,
  'predictions-parquet': predictionsParquet,
  classes: classesCsv,
  flips: flipsCsv,
  gallery: galleryJson,
  'summary-csv': summaryCsv,
  timm: timmCsv,
  'model-index': modelIndex,
  'model-card': modelCard,
  junit,
  markdown: markdownReport,
  html: htmlReport,
  summary: summaryJson,
} as const satisfies Record<FormatName, ReportWriter>;

/** What a run and a check leave beside the reports. */
const besides = ['check.json', 'check.md', 'journal.jsonl'] as const;

/**
 * Writes a finished result in every format (or those named) into a folder.
 * @param beside paths of files that are written there besides
 * @returns the paths written, from the folder, in the order of writing
 */
export async function writeReports(
  report: Report,
  dir: string,
  // Object.keys is typed as strings; the map is closed and literal, so its keys are the format names.
  names: readonly FormatName[] = Object.keys(formats) as FormatName[],
  beside: readonly string[] = [],
): Promise<string[]> {
  const written: string[] = [];
  // Written by others, or last: the page before them lists them.
  const others = new Set([
    ...beside,
    ...besides.filter((name) => existsSync(join(dir, name))),
    ...(names.includes('summary') ? ['summary.json'] : []),
  ]);
  for (const name of names)
    for (const file of await formats[name](report, [...written, ...others])) {
      await writeAtomically(join(dir, ...file.path.split('/')), file.content);
      written.push(file.path);
    }
  return written;
}
