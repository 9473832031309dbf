import { renderPage } from '../document/html.js';
import { runDocument } from '../documents/run.js';
import type { ReportFile, ReportWriter } from '../report.js';

/** `report.html`: the whole report as one file that works from a disk, without a network, in light and dark. */
export const htmlReport: ReportWriter = async (report, beside): Promise<ReportFile[]> => [
  { path: 'report.html', content: [await renderPage(runDocument(report, beside))] },
];
