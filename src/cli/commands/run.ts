import { basename, extname, join } from 'node:path';

import type { Command } from 'commander';

import { cacheFolder } from '../../domain/cache-location.js';
import { loadConfig, type Config } from '../../config/config.js';
import { parseShard } from '../../dataset/shard.js';
import { evaluateToReport } from '../../jobs/run/evaluate-to-report.js';
import { regressionsAgainst } from '../../jobs/check/regressions.js';
import { exitCode, type ExitCode } from '../exit.js';
import { counted } from '../../report/figures.js';
import { tellGithub } from '../github.js';
import { showResult } from '../output.js';
import { onInterrupt } from '../interrupt.js';
import { liveView } from '../live-view.js';
import { typedCommand } from '../quote.js';
import { faultsText } from '../faults-text.js';
import { isQuick, onlyConfig, withQuickOptions, type QuickFlags } from '../quick-options.js';
import { withRunOptions, type RunFlags } from '../run-options.js';
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
    .action(async (files: string[], flags: RunFlags & QuickFlags) => {
      if (!isQuick(files, flags)) {
        finish(await runConfig(await loadConfig(onlyConfig(files)), files[0]!, flags));
        return;
      }
      const { runQuick } = await import('../quick-run.js');
      finish(await runQuick(files, flags, runConfig));
    });
}

/** Runs a config and prints its answer. `notes` were found out before it and go into its report. */
export async function runConfig(
  config: Config,
  file: string,
  flags: RunFlags,
  notes: readonly string[] = [],
): Promise<ExitCode> {
  const out = flags.out ?? join('reports', basename(file, extname(file)));
  const interrupt = onInterrupt(terminal);
  const { gates } = config;
  const { regressions, suspicions } = regressionsAgainst(null);
  const view = liveView(config.models);
  try {
    const { summary, report, faults, files, stopped, reused } = await evaluateToReport({
      config,
      out,
      cache: flags.cache ? cacheFolder() : null,
      fresh: flags.fresh,
      limit: flags.limit ?? null,
      limitSeed: flags.limitSeed,
      workers: flags.workers ?? null,
      batch: flags.batch ?? null,
      shard: flags.shard ?? null,
      guard: flags.guard,
      gallery: flags.gallery ?? null,
      command: typedCommand(),
      notes,
      signal: interrupt.signal,
      // A shard is a part of a run: the merged whole is what gates are for.
      ...(gates === null || flags.shard !== undefined
        ? {}
        : {
            regressions,
            judge: (await import('../../jobs/check/judge.js')).judgeBy(gates, suspicions),
          }),
      events: view.events,
    });
    if (stopped) {
      terminal.note(`Stopped. What was done is kept in ${out}; the same command goes on from there.`);
      return exitCode.stopped;
    }
    if (reused > 0)
      view.say(
        `${reused} of ${summary.dataset.images * summary.models.length} predictions came from the cache or an earlier run in ${out}.`,
      );
    const [{ runDocument }, { answerOf }] = await Promise.all([
      import('../../report/documents/run.js'),
      import('../../report/answer.js'),
    ]);
    const document = runDocument(report);
    await showResult(document, summary, [
      `Report: ${join(out, 'report.html')}  (${files.length} files in ${out})`,
    ]);
    if (faults.length > 0)
      terminal.warn(
        printable(
          `\n${counted(faults.length, 'fault')}; the figures rest on ${counted(summary.dataset.images, 'image')}:\n${faultsText(faults)}`,
        ),
      );
    const said = answerOf(summary);
    await tellGithub(document, said, summary.gates);
    return said.exit;
  } finally {
    view.stop();
    interrupt.dispose();
  }
}
