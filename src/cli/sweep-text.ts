import { percent, signed } from '../report/figures.js';
import type { SweepRecord } from '../report/sweep.js';

/** The recipes of a sweep for a terminal, best first. */
export function sweepTable({ recipes }: SweepRecord): string {
  return recipes
    .map(({ status, top1, images, percent: share, difference, fromDocumented, name, label }) =>
      [
        status.padEnd(7),
        `${percent(share, 2)} (${top1}/${images})`.padStart(20),
        (difference === null ? '' : signed(difference.points, 2)).padStart(8),
        ...(fromDocumented === null ? [] : [`${signed(fromDocumented, 2)} from documented`.padStart(24)]),
        ` ${name ?? ''}${name === null ? label : ` (${label})`}`,
      ].join(' '),
    )
    .join('\n');
}
