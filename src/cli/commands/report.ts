import { join } from 'node:path';

import type { Command } from 'commander';

import { readRun, readSummary } from '../../report/read-run.js';
import { writeHistory } from '../../report/write-history.js';
import { writeReports } from '../../report/write-reports.js';
import { exitCode, type ExitCode } from '../exit.js';
import { terminal } from '../terminal.js';

export function addReport(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('report')
    .argument('<run...>', 'report folders')
    .option('--out <dir>', 'where to write; default: the run itself, or reports/history for several')
    .action(async (runs: string[], flags: { out?: string }) => {
      const out = flags.out ?? (runs.length === 1 ? runs[0]! : 'reports/history');
      const files =
        runs.length === 1
          ? await writeReports(await readRun(runs[0]!), out)
          : await writeHistory(
              await Promise.all(runs.map(async (dir) => ({ dir, summary: await readSummary(dir) }))),
              out,
            );
      terminal.print(
        `${files.length} files in ${out}: ${join(out, runs.length === 1 ? 'report.html' : 'history.html')}`,
      );
      finish(exitCode.pass);
    });
}
