import { resolve } from 'node:path';

import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { packageFolder } from '../../domain/package-folder.js';
import type { ExitCode } from '../exit.js';
import { withRunOptions, type RunFlags } from '../run-options.js';
import { runConfig } from './run.js';

export function addDemo(program: Command, finish: (code: ExitCode) => void): void {
  withRunOptions(program.command('demo').option('--out <dir>', 'report folder', 'reports/demo')).action(
    async (flags: RunFlags) => {
      const file = resolve(packageFolder, 'configs/demo.yaml');
      finish(await runConfig(await loadConfig(file), file, { ...flags, fresh: true }));
    },
  );
}
