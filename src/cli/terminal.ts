import { wrapped } from './wrap.js';

/** Where commands print: results to standard output, progress and warnings to standard error; wrapped at words on a terminal. */
export interface Terminal {
  print(text: string): void;
  note(text: string): void;
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
    const { isTTY, columns } = process.stderr;
    process.stderr.write(`${isTTY && columns > 0 ? wrapped(text, columns) : text}\n`);
  },
  interactive: process.stderr.isTTY && process.env['TERM'] !== 'dumb' && (process.env['CI'] ?? '') === '',
  columns: () => process.stderr.columns || 80,
};

/** `text` without control characters: names of files come from archives and must not steer the terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}
