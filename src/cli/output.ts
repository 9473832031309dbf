import { join } from 'node:path';
import { styleText } from 'node:util';

import type { ReportDocument, Tone } from '../report/document/document.js';
import type { TerminalFace } from '../report/document/terminal.js';
import { outputFlags } from './output-flags.js';
import { printable, terminal } from './terminal.js';

const colours = {
  pass: ['bold', 'green'],
  fail: ['bold', 'red'],
  above: ['bold', 'cyan'],
  none: ['bold'],
  caution: ['yellow'],
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

/** Standard output as it is now: its width, and colours where it is a terminal that has them and nobody forbade them. */
function face(): TerminalFace {
  const { isTTY, columns } = process.stdout;
  const { NO_COLOR, TERM } = process.env;
  const coloured = isTTY && (NO_COLOR ?? '') === '' && TERM !== 'dumb';
  return {
    columns: isTTY && columns > 0 ? columns : null,
    paint: (text, tone) => (coloured ? styleText(colours[tone], text, { validateStream: false }) : text),
    verbose: outputFlags().verbose,
  };
}

/** Prints a detail as soon as it is known; not with `--quiet`, nor with `--json`, which prints the whole at the end. */
export function tell(text: string): void {
  const { json, quiet } = outputFlags();
  if (!json && !quiet) terminal.print(text);
}

/** Says what a user should know though the command goes on. */
export function warn(text: string): void {
  terminal.warn(printable(`warning: ${text}`));
}

/** Where the files of a command are, for the end of what it prints. */
export function filesIn(out: string, page: string, files: readonly string[]): string {
  return `Report: ${join(out, page)}  (${files.length} files in ${out})`;
}

/** Prints a result of few words, or `value` as JSON. */
export function showText(text: string, value: unknown): void {
  terminal.print(outputFlags().json ? JSON.stringify(value, null, 2) : text);
}

/**
 * Prints what a command came to: the document, the answer alone, or `value` as JSON.
 * @param footer where to look further; above the last line
 */
export async function showResult(
  document: ReportDocument,
  value: unknown,
  footer: readonly string[],
): Promise<void> {
  const { json, quiet } = outputFlags();
  if (json) {
    terminal.print(JSON.stringify(value, null, 2));
    return;
  }
  const { answerLine, renderTerminal } = await import('../report/document/terminal.js');
  const shown = face();
  terminal.print(quiet ? answerLine(document, shown) : renderTerminal(document, shown, footer));
}
