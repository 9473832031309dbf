import { join } from 'node:path';

import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import type { GatesInput } from '../../config/schema.js';
import { ConfigError } from '../../errors.js';
import { mergeRuns } from '../../evaluation/merge.js';
import { judge } from '../../regression/gates.js';
import { heldByConfig } from '../../regression/reference.js';
import { gatesBroken } from '../../report/gate-schema.js';
import type { Report } from '../../report/report.js';
import { writeReports } from '../../report/write-reports.js';
import { exitCode, type ExitCode } from '../exit.js';
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
  const gates = config === undefined ? null : await gatesOf(config);
  const words = ['imagenet-eval', 'merge', ...folders, '--out', out];
  const command = shellCommand([...words, ...(config === undefined ? [] : ['--gates', config])]);
  const merged = await mergeRuns(folders, out, command);
  const report = gates === null ? merged : judged(merged, gates);
  const { summary } = report;
  const files = await writeReports(report, out);
  terminal.print(printable(resultText(summary)));
  terminal.print(`\nReport: ${join(out, 'report.html')}  (${files.length} files in ${out})`);
  if (summary.gates !== null) await tellGithub(summary.gates);
  if (summary.dataset.badImages.length > 0) return exitCode.input;
  const broken = summary.gates !== null && gatesBroken(summary.gates);
  return broken || summary.models.some((model) => model.verdict.outcome === 'fail')
    ? exitCode.verdictFailed
    : exitCode.pass;
}

async function gatesOf(file: string): Promise<GatesInput> {
  const { gates } = await loadConfig(file);
  if (gates !== null) return gates;
  throw new ConfigError({
    code: 'no-gates',
    what: 'the config has no gates to decide',
    where: file,
    remedy: 'Add e.g. `gates: { max_top1_drop: 1 }`, or leave out --gates.',
  });
}

function judged({ record, summary, thumbnails }: Report, given: GatesInput): Report {
  const gates = judge(record, summary, given, heldByConfig(record));
  return { record: { ...record, gates }, summary: { ...summary, gates }, thumbnails };
}
