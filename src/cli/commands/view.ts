import { once } from 'node:events';

import type { Command } from 'commander';

import { openRun } from '../../jobs/view/open-run.js';
import { serveRuns } from '../../jobs/view/server.js';
import { viewPage } from '../../report/document/page.js';
import { exitCode, type ExitCode } from '../exit.js';
import { interruptible } from '../interrupt.js';
import { nonNegativeInteger } from '../run-options.js';
import { terminal } from '../terminal.js';

interface ViewFlags {
  readonly config?: string;
  readonly port: number;
}

export function addView(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('view')
    .argument('<dir...>', 'report folders; a run may still be going on in one')
    .option('--config <file>', 'config that names the images, where they have been moved since the run')
    .option('--port <n>', 'port on the loopback address; default: a free one', nonNegativeInteger, 0)
    .action(async (folders: string[], flags: ViewFlags) => {
      finish(await view(folders, flags));
    });
}

async function view(folders: readonly string[], { config, port }: ViewFlags): Promise<ExitCode> {
  const runs = await Promise.all(folders.map((folder) => openRun(folder, config ?? null)));
  const title = runs.length === 1 ? runs[0]!.current().title : `${runs.length} runs`;
  const server = await serveRuns(runs, () => viewPage(title), port);
  // Said once Ctrl-C is listened for: who reads the link may press it at once.
  await interruptible((signal) => {
    terminal.print(`${server.url}\nOnly who has this link can look. Ctrl-C ends it.`);
    return once(signal, 'abort');
  }).finally(() => server.close());
  return exitCode.pass;
}
