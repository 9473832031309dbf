import type { Interval } from './interval.js';
import type { Change, Changes } from './change.js';
import { betAgainstAtLeast, betAgainstAtMost, boldness, GapMixtureWealth } from './wealth.js';

/**
 * Interval of the drop over the WHOLE data set, in images, from the first images of its random permutation; valid
 * at whatever image the run stopped, and the only interval to show beside an early stop (Tango's and Wilson's are for
 * a fixed number of images). It holds every drop that neither the bets (`SequentialGate`'s, against each drop in turn)
 * nor certainty has ruled out; once all images are seen it is the exact drop.
 *
 * A larger hypothesised drop always leaves less wealth against "at most", so each end is found by bisection: about
 * 2 log2(2N) passes over the changes.
 *
 * @param changes what each image so far changed, in the order of the permutation; an unusable one has the changes that it
 *   could have made
 * @param population N, at least as many as `changes`
 * @param possible what any image could change
 * @param confidence in (0, 1); half of the rest is spent on either end
 * @throws RangeError for more changes than images, or a confidence outside (0, 1)
 */
export function dropConfidenceInterval(
  changes: readonly Changes[],
  population: number,
  possible: Changes,
  confidence = 0.95,
): Interval {
  if (changes.length > population)
    throw new RangeError(`Expected at most ${population} changes but received ${changes.length}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`Expected confidence between 0 and 1 but received ${confidence}`);
  const level = (1 - confidence) / 2;
  const [least, most] = [changes.map((x) => x.least), changes.map((x) => x.most)];
  const left = population - changes.length;
  const from = sum(least) + possible.least * left;
  const to = sum(most) + possible.most * left;
  return {
    // Of the sums that are possible the first that is not ruled out, and the last.
    lower: firstTrue(from, to, (total) => !rulesOut(least, population, total, 'at-most', level)),
    upper: 0 - firstTrue(-to, -from, (total) => !rulesOut(most, population, -total, 'at-least', level)),
  };
}

function sum(changes: readonly Change[]): number {
  return changes.reduce<number>((total, x) => total + x, 0);
}

/** Whether the bets rejected "the drop is at most / at least `total`" at any image so far. */
function rulesOut(
  changes: readonly Change[],
  population: number,
  total: number,
  side: 'at-most' | 'at-least',
  level: number,
): boolean {
  const bet = side === 'at-most' ? betAgainstAtMost : betAgainstAtLeast;
  const wealth = new GapMixtureWealth();
  const needed = 1 / level;
  let sum = 0;
  let squares = 0;
  for (let seen = 0; seen < changes.length; seen++) {
    const x = changes[seen]!;
    bet(wealth, total, population - seen, sum, boldness(population, seen, sum, squares), x);
    if (wealth.mean >= needed) return true;
    sum += x;
    if (x !== 0) squares++;
  }
  return false;
}

/** The least integer in [from, to] for which `holds`, which is false up to some place and true after; `to` if none. */
function firstTrue(from: number, to: number, holds: (at: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
