import { renderMarkdown } from '../document/markdown.js';
import { runDocument } from '../documents/run.js';
import type { ReportFile, ReportWriter } from '../report.js';

/** `report.md`: the report as GitHub-flavoured Markdown, for a pull request or a job summary. */
export const markdownReport: ReportWriter = (report): ReportFile[] => [
  { path: 'report.md', content: [renderMarkdown(runDocument(report))] },
];
