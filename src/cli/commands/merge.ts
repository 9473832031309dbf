import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { mergeRuns } from '../../jobs/merge/merge.js';
import { requiredGates } from '../../jobs/check/asked-gates.js';
import { judgeBy } from '../../jobs/check/judge.js';
import { answerOf } from '../../report/answer.js';
import { runDocument } from '../../report/documents/run.js';
import { markFinished } from '../../store/run-state.js';
import { writeReports } from '../../report/write-reports.js';
import type { ExitCode } from '../exit.js';
import { reportToGithub } from '../github.js';
import { filesIn, showResult } from '../output.js';
import { typedCommand } from '../quote.js';

interface MergeFlags {
  readonly out: string;
  readonly gates?: string;
}

export function addMerge(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('merge')
    .argument('<dir...>', 'every shard of one run once')
    .requiredOption('--out <dir>', 'report folder')
    .option('--gates <config>', 'decide the gates of this config, which its shards left open')
    .action(async (folders: string[], flags: MergeFlags) => {
      finish(await merge(folders, flags));
    });
}

async function merge(folders: readonly string[], { out, gates: config }: MergeFlags): Promise<ExitCode> {
  const judge = config === undefined ? undefined : judgeBy(requiredGates(await loadConfig(config)));
  const report = await mergeRuns(folders, out, typedCommand(), judge);
  const { summary } = report;
  const files = await writeReports(report, out);
  await markFinished(out, files);
  const document = runDocument(report);
  await showResult(document, summary, [filesIn(out, 'report.html', files)]);
  const said = answerOf(summary);
  await reportToGithub(document, said, summary.gates);
  return said.exit;
}
