import * as z from 'zod';
import { summarySchema } from '../summary-schema.js';
import type { ReportFile, ReportWriter } from '../report.js';

/** `summary.json`: the documented format that other programs rely on; lists of numbers on one line each. */
export const summaryJson: ReportWriter = ({ summary }): ReportFile[] => [
  { path: 'summary.json', content: [jsonText(z.encode(summarySchema, summary))] },
];

/** Indented JSON; only lists of plain numbers are joined. A line break never stands inside a JSON string. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(/\[\n[\d\s,.eE+-]*\]/g, (list) =>
    list.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
  return `${text}\n`;
}
