#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

import { tool } from '../evaluation/tool.js';
import { addBaseline } from './commands/baseline.js';
import { addCache } from './commands/cache.js';
import { addCheck } from './commands/check.js';
import { addDemo } from './commands/demo.js';
import { addExplain } from './commands/explain.js';
import { addFetch } from './commands/fetch.js';
import { addMerge } from './commands/merge.js';
import { addRecipes } from './commands/recipes.js';
import { addReport } from './commands/report.js';
import { addRun } from './commands/run.js';
import { addSchema } from './commands/schema.js';
import { addSweep } from './commands/sweep.js';
import { addTune } from './commands/tune.js';
import { addVerify } from './commands/verify.js';
import { exitCode, type ExitCode } from './exit.js';
import { reportError } from './report-error.js';
import { terminal } from './terminal.js';

const exitCodes = `
Exit codes:
  0    all verdicts pass
  1    a verdict failed: a documented figure missed, a gate broken, a file altered
  2    wrong usage or input: config, data, models, bad images
  130  stopped by Ctrl-C or SIGTERM; the same command goes on`;

function finish(code: ExitCode): void {
  process.exitCode = code;
}

const program = new Command('imagenet-eval')
  .description("What an ImageNet classifier's accuracy really is: float and int8 ONNX models, paired.")
  .version(tool.version)
  .option('--debug', 'show stacks of errors')
  .addHelpText('after', exitCodes)
  .showSuggestionAfterError()
  .exitOverride();

const commands = [
  addRun,
  addCheck,
  addBaseline,
  addExplain,
  addSweep,
  addTune,
  addDemo,
  addVerify,
  addFetch,
  addReport,
  addMerge,
  addCache,
  addRecipes,
  addSchema,
];
for (const add of commands) add(program, finish);
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) finish(error.exitCode === 0 ? exitCode.pass : exitCode.input);
  else finish(reportError(error, terminal, program.opts<{ debug?: boolean }>().debug === true));
}
