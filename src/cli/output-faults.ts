import { systemCode } from '../domain/errors.js';
import { exitCode } from './exit.js';

/**
 * Lets a command go on to its end where its output can't be written: reports are files. A reader that went away
 * (`| head`) is no fault; where standard output is lost otherwise, e.g. on a full disk, standard error says so, and
 * a command that would have ended with 0 ends with 2.
 */
export function surviveOutputFaults(): void {
  let reported = false;
  process.stdout.on('error', (error: Error) => {
    if (systemCode(error) === 'EPIPE' || reported) return;
    reported = true;
    process.stderr.write(`error [output-lost] standard output can't be written: ${error.message}\n`);
    process.on('exit', (code) => {
      if (code === exitCode.pass) process.exitCode = exitCode.input;
    });
  });
  process.stderr.on('error', () => undefined);
}
