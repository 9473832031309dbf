import { appendFile } from 'node:fs/promises';

import { messageOf } from '../domain/errors.js';
import { gateAnnotations } from '../report/formats/github-annotations.js';
import { stepSummary } from '../report/formats/github-summary.js';
import type { GateReport } from '../report/gate-schema.js';
import { terminal } from './terminal.js';

/**
 * Inside a GitHub workflow: annotations on standard output, and the step summary, appended to the file that
 * GITHUB_STEP_SUMMARY names. Elsewhere nothing.
 */
export async function tellGithub(
  report: GateReport,
  more: readonly string[] = [],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  if (environment.GITHUB_ACTIONS === 'true') for (const line of gateAnnotations(report)) terminal.print(line);
  const file = environment.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '') return;
  try {
    await appendFile(file, stepSummary(report, more));
  } catch (error) {
    terminal.note(`warning: the step summary can't be written to ${file}: ${messageOf(error)}`);
  }
}
