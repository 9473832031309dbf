import { join } from 'node:path';

import { madeConfig } from '../jobs/quick/made-config.js';
import { planQuickRun, type Quick } from '../jobs/quick/plan.js';
import { writeAtomically } from '../report/atomic-file.js';
import { commonPaths } from '../report/report-paths.js';
import { refuseForeignFiles } from '../store/own-folder.js';
import { exitCode, type ExitCode } from './exit.js';
import { interruptible } from './interrupt.js';
import { quickFiles, type QuickFlags } from './quick-options.js';
import type { RunFlags } from './run-options.js';
import { printable, terminal } from './terminal.js';

/** Runs a config under a name, as the command `run` does. */
type RunConfig = (
  config: Quick['config'],
  name: string,
  flags: RunFlags,
  notes: readonly string[],
) => Promise<ExitCode>;

/** Measures model files at once: finds labels and recipes, says what it found, runs, and keeps the config that does it again. */
export async function runQuick(
  files: readonly string[],
  flags: RunFlags & QuickFlags,
  runConfig: RunConfig,
): Promise<ExitCode> {
  const own = [madeConfig, ...commonPaths];
  if (flags.out !== undefined) await refuseForeignFiles(flags.out, own);
  const quick = await plan(files, flags, flags.workers);
  if (quick === null) return exitCode.stopped;
  const { config, text, notes } = quick;
  const out = flags.out ?? join('reports', folderName(config.models.map(({ name }) => name)));
  await refuseForeignFiles(out, own);
  const code = await runConfig(config, out, { ...flags, out }, notes);
  await writeAtomically(join(out, madeConfig), [text]);
  terminal.note(`\`imagenet-eval init\` writes a config of this run to go on from: labels, recipe, gates.`);
  return code;
}

/** What a run of these files would be. @returns null where Ctrl-C stopped it */
export async function plan(
  files: readonly string[],
  flags: QuickFlags,
  workers: number | null,
): Promise<Quick | null> {
  const { models, images } = quickFiles(files, flags);
  return interruptible((signal) =>
    planQuickRun({
      models,
      images,
      labels: flags.labels ?? null,
      recipe: flags.recipe ?? null,
      documented: flags.documented ?? [],
      compareWith: flags.compareWith ?? null,
      workers,
      signal,
      tell: (text) => {
        terminal.note(printable(text));
      },
    }),
  );
}

/** `float-vs-int8`, short enough for a folder. */
function folderName(names: readonly string[]): string {
  const text = names
    .join('-vs-')
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 80);
  return text === '' ? 'run' : text;
}
