import { EvalError, messageOf } from '../domain/errors.js';
import { exitCode, type ExitCode } from './exit.js';
import { printable, type Terminal } from './terminal.js';

/** Tells a user of an error in one paragraph; a stack only with --debug. */
export function reportError(error: unknown, terminal: Terminal, debug: boolean): ExitCode {
  if (error instanceof EvalError) {
    terminal.warn(printable(`error [${error.code}] ${error.message}`));
  } else {
    terminal.warn(
      printable(
        `error: ${messageOf(error)}\n  This is a bug in imagenet-eval; please report it with the command and the config. --debug shows where.`,
      ),
    );
  }
  if (debug && error instanceof Error) terminal.warn(error.stack ?? '');
  return exitCode.input;
}
