#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

import { tool } from '../jobs/tool.js';
import { commands, type CommandEntry } from './command-list.js';
import { exitCode, type ExitCode } from './exit.js';
import { surviveOutputFaults } from './output-faults.js';
import { setOutput, type OutputFlags } from './output-flags.js';
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
  .option('--json', 'print the result as JSON', false)
  .option('--quiet', 'print the answer alone', false)
  .option('--verbose', 'print rules and details too', false)
  .option('--debug', 'show stacks of errors')
  .hook('preAction', () => {
    setOutput(program.opts<OutputFlags>());
  })
  .addHelpText('after', exitCodes)
  .showSuggestionAfterError()
  .exitOverride();

surviveOutputFaults();

const asked = process.argv.slice(2).find((word) => !word.startsWith('-'));
const completion: CommandEntry = {
  description: 'print a script that completes commands and options in a shell',
  load: async () => (await import('./commands/completion.js')).addCompletion,
};
for (const [name, { description, load, measures }] of Object.entries({ ...commands, completion })) {
  // The others are names only: help lists them, and a misspelt one gets its neighbour as advice.
  if (name === asked) {
    if (measures === true) (await import('../engine/threads.js')).startEarly();
    (await load())(program, finish);
  } else program.command(name);
  program.commands
    .find((command) => command.name() === name)!
    .description(description)
    .exitOverride();
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) finish(error.exitCode === 0 ? exitCode.pass : exitCode.input);
  else finish(reportError(error, terminal, program.opts<{ debug?: boolean }>().debug === true));
}
