import { join } from 'node:path';

import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { mergeRuns } from '../../jobs/merge/merge.js';
import { judgeBy, requiredGates } from '../../jobs/check/judge.js';
import { answerOf } from '../../report/answer.js';
import { renderTerminal } from '../../report/document/terminal.js';
import { runDocument } from '../../report/documents/run.js';
import { writeReports } from '../../report/write-reports.js';
import type { ExitCode } from '../exit.js';
import { tellGithub } from '../github.js';
import { shellCommand } from '../quote.js';
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
  const document = runDocument(report);
  terminal.print(printable(renderTerminal(document)));
  terminal.print(`\nReport: ${join(out, 'report.html')}  (${files.length} files in ${out})`);
  const said = answerOf(summary);
  await tellGithub(document, said, summary.gates);
  return said.exit;
}
