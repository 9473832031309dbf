import type { Interval } from './interval.js';
import type { Change } from './sequential.js';
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
 * @param changes the changes so far, in the order of the permutation
 * @param population N, at least as many as `changes`
 * @param confidence in (0, 1); half of the rest is spent on either end
 * @throws RangeError for more changes than images, or a confidence outside (0, 1)
 */
export function dropConfidenceInterval(
  changes: ArrayLike<Change>,
  population: number,
  confidence = 0.95,
): Interval {
  if (changes.length > population)
    throw new RangeError(`Expected at most ${population} changes but received ${changes.length}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`Expected confidence between 0 and 1 but received ${confidence}`);
  const level = (1 - confidence) / 2;
  let drop = 0;
  for (const x of Array.from(changes)) drop += x;
  const left = population - changes.length;
  return {
    // Drops from drop - left to drop + left are possible; of these the first that is not ruled out, and the last.
    lower: firstTrue(
      drop - left,
      drop + left,
      (total) => !rulesOut(changes, population, total, 'at-most', level),
    ),
    upper:
      0 -
      firstTrue(
        -drop - left,
        -drop + left,
        (total) => !rulesOut(changes, population, -total, 'at-least', level),
      ),
  };
}

/** Whether the bets rejected "the drop is at most / at least `total`" at any image so far. */
function rulesOut(
  changes: ArrayLike<Change>,
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
