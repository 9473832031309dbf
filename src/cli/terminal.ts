import { outputFlags } from './output-flags.js';
import { wrapped } from './wrap.js';

/** Where commands print: results to standard output, progress and warnings to standard error; wrapped at words on a terminal. */
export interface Terminal {
  print(text: string): void;
  /** Progress and what else `--quiet` leaves out. */
  note(text: string): void;
  /** Errors and warnings. */
  warn(text: string): void;
  /** Standard error is a terminal whose cursor may be moved: no log of a CI job, no `TERM=dumb`. */
  readonly interactive: boolean;
  /** Width of standard error at this moment, in columns. */
  columns(): number;
}

export const terminal: Terminal = {
  print(text) {
    const { isTTY, columns } = process.stdout;
    process.stdout.write(`${isTTY && columns > 0 ? wrapped(text, columns) : text}\n`);
  },
  note(text) {
    if (!outputFlags().quiet) this.warn(text);
  },
  warn(text) {
    const { isTTY, columns } = process.stderr;
    process.stderr.write(`${isTTY && columns > 0 ? wrapped(text, columns) : text}\n`);
  },
  interactive: process.stderr.isTTY && process.env['TERM'] !== 'dumb' && (process.env['CI'] ?? '') === '',
  columns: () => process.stderr.columns || 80,
};

export { printable } from '../report/document/printable.js';
