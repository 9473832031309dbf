import { appendFile } from 'node:fs/promises';

import { messageOf } from '../domain/errors.js';
import type { Answer } from '../report/answer.js';
import type { ReportDocument } from '../report/document/document.js';
import { annotation, gateAnnotations } from '../report/formats/github-annotations.js';
import { stepSummary } from '../report/formats/github-summary.js';
import type { GateReport } from '../report/gate-schema.js';
import { warn } from './output.js';
import { terminal } from './terminal.js';

/**
 * Inside a GitHub workflow: annotations on standard output, and the document as step summary, appended to the file
 * that GITHUB_STEP_SUMMARY names. Elsewhere nothing.
 */
export async function reportToGithub(
  document: ReportDocument,
  { kind, tone, said, exit }: Answer,
  gates: GateReport | null,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  if (environment.GITHUB_ACTIONS === 'true') {
    if (exit !== 0 && kind !== 'gates') terminal.print(annotation('error', document.title, said));
    if (gates !== null) for (const line of gateAnnotations(gates)) terminal.print(line);
  }
  const file = environment.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '') return;
  try {
    await appendFile(file, stepSummary(document, tone));
  } catch (error) {
    warn(`the step summary can't be written to ${file}: ${messageOf(error)}`);
  }
}
