import type { Command } from 'commander';

import { loadConfig, type Config } from '../../config/config.js';
import { parseShard, type Shard } from '../../dataset/shard.js';
import { evaluateToReport } from '../../jobs/run/evaluate-to-report.js';
import { regressionsAgainst } from '../../jobs/check/regressions.js';
import type { ExitCode } from '../exit.js';
import { counted } from '../../report/figures.js';
import { reportToGithub } from '../github.js';
import { filesIn, showResult } from '../output.js';
import { interruptible, stoppedIn } from '../interrupt.js';
import { liveView } from '../live-view.js';
import { faultsText } from '../faults-text.js';
import { isQuick, onlyConfig, withQuickOptions, type QuickFlags } from '../quick-options.js';
import { reportFolder, runOptions, withRunOptions, type RunFlags } from '../run-options.js';
import { printable, terminal } from '../terminal.js';

export function addRun(program: Command, finish: (code: ExitCode) => void): void {
  const command = withRunOptions(
    program
      .command('run')
      .argument('<config or models...>', 'a YAML file, or model files with --images')
      .option('--out <dir>', 'report folder; default: reports/<name of the config, or of the models>'),
  );
  withQuickOptions(command)
    .option('--shard <i/n>', 'only the i-th of n parts of the images, for `merge`', parseShard)
    .option('--fresh', 'forget what an earlier run left in the folder', false)
    .action(async (files: string[], flags: ShardFlags & QuickFlags) => {
      if (!isQuick(files, flags)) {
        finish(await runConfig(await loadConfig(onlyConfig(files)), files[0]!, flags));
        return;
      }
      const { runQuick } = await import('../quick-run.js');
      finish(await runQuick(files, flags, runConfig));
    });
}

type ShardFlags = RunFlags & { readonly shard?: Shard };

/** Runs a config and prints its answer. `notes` were found out before it and go into its report. */
export async function runConfig(
  config: Config,
  file: string,
  flags: ShardFlags,
  notes: readonly string[] = [],
): Promise<ExitCode> {
  const out = flags.out ?? reportFolder(file);
  const { gates } = config;
  const { regressions, suspicions } = regressionsAgainst(null);
  const view = liveView(config.models);
  return interruptible(async (signal) => {
    const { summary, report, faults, files, stopped, reused } = await evaluateToReport({
      ...runOptions(flags),
      config,
      out,
      shard: flags.shard ?? null,
      notes,
      signal,
      // A shard is a part of a run: the merged whole is what gates are for.
      ...(gates === null || flags.shard !== undefined
        ? {}
        : {
            regressions,
            judge: (await import('../../jobs/check/judge.js')).judgeBy(gates, suspicions),
          }),
      events: view.events,
    });
    if (stopped) return stoppedIn(out);
    if (reused > 0)
      view.say(
        `${reused} of ${summary.dataset.images * summary.models.length} predictions came from the cache or an earlier run in ${out}.`,
      );
    const [{ runDocument }, { answerOf }] = await Promise.all([
      import('../../report/documents/run.js'),
      import('../../report/answer.js'),
    ]);
    const document = runDocument(report);
    await showResult(document, summary, [filesIn(out, 'report.html', files)]);
    if (faults.length > 0)
      terminal.warn(
        printable(
          `\n${counted(faults.length, 'fault')}; the figures rest on ${counted(summary.dataset.images, 'image')}:\n${faultsText(faults)}`,
        ),
      );
    const said = answerOf(summary);
    await reportToGithub(document, said, summary.gates);
    return said.exit;
  }).finally(view.stop);
}
