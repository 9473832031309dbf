import { join } from 'node:path';

import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { mergeRuns } from '../../jobs/merge/merge.js';
import { judgeBy, requiredGates } from '../../jobs/check/judge.js';
import { writeReports } from '../../report/write-reports.js';
import { exitCode, verdictCode, type ExitCode } from '../exit.js';
import { tellGithub } from '../github.js';
import { shellCommand } from '../quote.js';
import { resultText } from '../result-text.js';
import { printable, terminal } from '../terminal.js';

interface MergeFlags {
  readonly out: string;
  readonly gates?: string;
}

export function addMerge(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('merge')
    .description('join the folders of `run --shard` into the report that one run gives')
    .argument('<dir...>', 'every shard of one run once')
    .requiredOption('--out <dir>', 'report folder')
    .option('--gates <config>', 'decide the gates of this config, which its shards left open')
    .action(async (folders: string[], flags: MergeFlags) => {
      finish(await merge(folders, flags));
    });
}

async function merge(folders: readonly string[], { out, gates: config }: MergeFlags): Promise<ExitCode> {
  const judge = config === undefined ? undefined : judgeBy(requiredGates(await loadConfig(config)));
  const words = ['imagenet-eval', 'merge', ...folders, '--out', out];
  const command = shellCommand([...words, ...(config === undefined ? [] : ['--gates', config])]);
  const report = await mergeRuns(folders, out, command, judge);
  const { summary } = report;
  const files = await writeReports(report, out);
  terminal.print(printable(resultText(summary)));
  terminal.print(`\nReport: ${join(out, 'report.html')}  (${files.length} files in ${out})`);
  if (summary.gates !== null) await tellGithub(summary.gates);
  return summary.dataset.badImages.length > 0 ? exitCode.input : verdictCode(summary);
}
