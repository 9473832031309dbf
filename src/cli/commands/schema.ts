import type { Command } from 'commander';
import { z } from 'zod';

import { configSchema } from '../../config/schema.js';
import { exitCode, type ExitCode } from '../exit.js';
import { terminal } from '../terminal.js';

/** JSON Schema (draft 2020-12) of the config, for editors. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input' });
}

export function addSchema(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('schema')
    .description('print the JSON Schema of the config, so that editors complete it')
    .action(() => {
      terminal.print(JSON.stringify(configJsonSchema(), null, 2));
      finish(exitCode.pass);
    });
}
