import type { Command } from 'commander';

import { configJsonSchema, configReference } from '../../config/reference.js';
import { exitCode, type ExitCode } from '../exit.js';
import { terminal } from '../terminal.js';

export function addSchema(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('schema')
    .option('--markdown', 'print it as a reference for people: docs/config.md', false)
    .action(({ markdown }: { markdown: boolean }) => {
      terminal.print(markdown ? configReference().trimEnd() : JSON.stringify(configJsonSchema(), null, 2));
      finish(exitCode.pass);
    });
}
