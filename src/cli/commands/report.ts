import { join } from 'node:path';

import type { Command } from 'commander';

import { readRun, readSummary } from '../../report/read-run.js';
import { reportPaths } from '../../report/report-paths.js';
import { historyFiles, writeHistory } from '../../report/write-history.js';
import { writeReports } from '../../report/write-reports.js';
import { refuseForeignFiles } from '../../store/own-folder.js';
import { exitCode, type ExitCode } from '../exit.js';
import { terminal } from '../terminal.js';

export function addReport(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('report')
    .argument('<run...>', 'report folders')
    .option('--out <dir>', 'where to write; default: the run itself, or reports/history for several')
    .action(async (runs: string[], flags: { out?: string }) => {
      const out = flags.out ?? (runs.length === 1 ? runs[0]! : 'reports/history');
      const files = runs.length === 1 ? await reportAgain(runs[0]!, out) : await compareOverTime(runs, out);
      terminal.print(
        `${files.length} files in ${out}: ${join(out, runs.length === 1 ? 'report.html' : 'history.html')}`,
      );
      finish(exitCode.pass);
    });
}

async function reportAgain(run: string, out: string): Promise<string[]> {
  const report = await readRun(run);
  await refuseForeignFiles(out, reportPaths(report.record.models.map(({ name }) => name)));
  return writeReports(report, out);
}

async function compareOverTime(runs: readonly string[], out: string): Promise<string[]> {
  await refuseForeignFiles(out, historyFiles);
  return writeHistory(
    await Promise.all(runs.map(async (dir) => ({ dir, summary: await readSummary(dir) }))),
    out,
  );
}
