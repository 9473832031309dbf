import type { Fault } from '../domain/errors.js';

/** Faults that are listed. */
const shown = 20;

/** Faults with their places, the first ones in full. */
export function faultsText(faults: readonly Fault[]): string {
  const lines = faults
    .slice(0, shown)
    .map((f) => oneLine(`  - ${f.where === null ? '' : `${f.where}: `}${f.what} [${f.code}]`));
  if (faults.length > shown)
    lines.push(`  - and ${faults.length - shown} more; summary.json lists all bad images`);
  return lines.join('\n');
}

/** A line break, in the name of a file or before a remedy, must not look like the next fault. */
function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, ' ');
}
