import { wilsonInterval, type Interval } from './interval.js';
import { criticalValue } from './normal.js';
import { dropImages, tableImages, type PairedTable } from './paired.js';

/**
 * Tango's score interval for the difference of two paired proportions, reference minus candidate, as a share in
 * [-1, 1] (Tango, Statistics in Medicine 17 (1998) 891-908), by bisection to the last bit. It excludes 0 exactly when
 * McNemar's (b - c)^2 / (b + c) exceeds z^2. Without images it is [-1, 1].
 *
 * @param confidence two-sided, in (0, 1)
 */
export function tangoInterval(table: PairedTable, confidence = 0.95): Interval {
  const images = tableImages(table);
  if (images === 0) return { lower: -1, upper: 1 };
  const z = criticalValue(confidence);
  const drop = dropImages(table) / images;
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

/**
 * Newcombe's hybrid score interval for the same difference, in closed form: method 10 of Newcombe, Statistics in
 * Medicine 17 (1998) 2635-2650 (Wilson limits with a continuity-corrected phi). A check on Tango's, and as good in
 * large samples. Without images it is [-1, 1].
 *
 * @param confidence two-sided, in (0, 1)
 */
export function newcombeInterval(table: PairedTable, confidence = 0.95): Interval {
  const { bothCorrect: a, referenceOnly: b, candidateOnly: c, bothWrong: d } = table;
  const n = tableImages(table);
  if (n === 0) return { lower: -1, upper: 1 };
  const first = wilsonInterval(a + b, n, confidence);
  const second = wilsonInterval(a + c, n, confidence);
  const p1 = (a + b) / n;
  const p2 = (a + c) / n;
  const covariance = a * d - b * c;
  const corrected = covariance > n / 2 ? covariance - n / 2 : Math.min(covariance, 0);
  const scale = Math.sqrt(a + b) * Math.sqrt(c + d) * Math.sqrt(a + c) * Math.sqrt(b + d);
  const phi = scale === 0 ? 0 : corrected / scale;
  const reach = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  const drop = p1 - p2;
  return {
    lower: drop - reach(p1 - first.lower, second.upper - p2),
    upper: drop + reach(p2 - second.lower, first.upper - p1),
  };
}
