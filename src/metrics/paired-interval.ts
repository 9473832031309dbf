import { finiteFactor, type Interval } from './interval.js';
import { criticalValue } from './normal.js';
import { dropImages, tableImages, type PairedTable } from './paired.js';

/**
 * Tango's score interval for the difference of two paired proportions, reference minus candidate, as a share in
 * [-1, 1] (Tango, Statistics in Medicine 17 (1998) 891-908), by bisection to the last bit. It excludes 0 exactly when
 * McNemar's (b - c)^2 / (b + c) exceeds z^2. Without images it is [-1, 1].
 *
 * @param confidence two-sided, in (0, 1)
 * @param population how many images the table's were drawn from; null: without end
 */
export function tangoInterval(
  table: PairedTable,
  confidence = 0.95,
  population: number | null = null,
): Interval {
  const images = tableImages(table);
  if (images === 0) return { lower: -1, upper: 1 };
  const z = criticalValue(confidence) * finiteFactor(images, population);
  const drop = dropImages(table) / images;
  if (z === 0) return { lower: drop, upper: drop };
  const score = (difference: number): number => tangoScore(table, images, difference);
  // T falls from +Infinity at -1 to -Infinity at 1 and is 0 at the observed drop.
  return {
    lower: drop === -1 ? -1 : bisect(-1, drop, (difference) => score(difference) > z),
    upper: drop === 1 ? 1 : bisect(drop, 1, (difference) => score(difference) > -z),
  };
}

function tangoScore(table: PairedTable, n: number, difference: number): number {
  const b = table.referenceOnly;
  const c = table.candidateOnly;
  const linear = -b - c + (2 * n - b + c) * difference;
  const constant = -c * difference * (1 - difference);
  const root = Math.sqrt(Math.max(0, linear * linear - 8 * n * constant));
  // The larger root of 2n q^2 + linear q + constant; the second form has no cancellation for linear > 0.
  const q = linear <= 0 ? (root - linear) / (4 * n) : (-2 * constant) / (root + linear);
  const variance = n * (2 * q + difference * (1 - difference));
  const numerator = b - c - n * difference;
  if (numerator === 0) return 0;
  return numerator / Math.sqrt(Math.max(0, variance));
}

/** The place in [from, to] where `above` turns from true to false, to the last bit. */
function bisect(from: number, to: number, above: (at: number) => boolean): number {
  let low = from;
  let high = to;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (above(middle)) low = middle;
    else high = middle;
  }
}
