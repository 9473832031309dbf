import { join } from 'node:path';

import type { Command } from 'commander';

import { mergeRuns } from '../../evaluation/merge.js';
import { writeReports } from '../../report/write-reports.js';
import { exitCode, type ExitCode } from '../exit.js';
import { shellCommand } from '../quote.js';
import { resultText } from '../result-text.js';
import { printable, terminal } from '../terminal.js';

export function addMerge(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('merge')
    .description('join the folders of `run --shard` into the report that one run gives')
    .argument('<dir...>', 'every shard of one run once')
    .requiredOption('--out <dir>', 'report folder')
    .action(async (folders: string[], { out }: { out: string }) => {
      const command = shellCommand(['imagenet-eval', 'merge', ...folders, '--out', out]);
      const report = await mergeRuns(folders, out, command);
      const files = await writeReports(report, out);
      terminal.print(printable(resultText(report.summary)));
      terminal.print(`\nReport: ${join(out, 'report.html')}  (${files.length} files in ${out})`);
      const { summary } = report;
      if (summary.dataset.badImages.length > 0) finish(exitCode.input);
      else
        finish(
          summary.models.some((model) => model.verdict.outcome === 'fail')
            ? exitCode.verdictFailed
            : exitCode.pass,
        );
    });
}
