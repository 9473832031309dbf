import { criticalValue } from './normal.js';

/** A two-sided interval, `lower <= upper`; the unit is that of the figure it belongs to. */
export interface Interval {
  lower: number;
  upper: number;
}

/**
 * sqrt((N - n) / (N - 1)): how much narrower a score interval is that speaks of a population of N images of which n were
 * drawn without replacement (Cochran, Sampling Techniques, 1977, section 2.6). 0 once all were drawn; 1 for a population
 * without end (null).
 */
export function finiteFactor(drawn: number, population: number | null): number {
  if (population === null || population <= 1) return population === null ? 1 : 0;
  return Math.sqrt(Math.max(0, population - drawn) / (population - 1));
}

/**
 * Wilson's score interval for a proportion, clamped to [0, 1] (Wilson, JASA 22 (1927) 209-212).
 * It speaks of the images that these stand for; on the images themselves the proportion is exact.
 *
 * @param successes integer in [0, trials]
 * @param trials without any (0) the interval is [0, 1]: nothing is known
 * @param confidence two-sided, in (0, 1)
 * @param population how many images they were drawn from; null: without end
 * @throws RangeError if successes is not in [0, trials]
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  confidence = 0.95,
  population: number | null = null,
): Interval {
  if (!(Number.isInteger(successes) && Number.isInteger(trials) && successes >= 0 && successes <= trials))
    throw new RangeError(`Expected 0 <= successes <= trials but received ${successes} of ${trials}`);
  if (trials === 0) return { lower: 0, upper: 1 };
  const z = criticalValue(confidence) * finiteFactor(trials, population);
  const { lower, upper } = scoreInterval(successes / trials, trials, z);
  return {
    lower: successes === 0 ? 0 : Math.max(0, lower),
    upper: successes === trials ? 1 : Math.min(1, upper),
  };
}

/** Wilson's limits of a share p of `trials`, which need not be whole where a design is as good as so many random draws. */
export function scoreInterval(p: number, trials: number, z: number): Interval {
  const z2 = z * z;
  const centre = p + z2 / (2 * trials);
  const half = z * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials));
  const scale = 1 + z2 / trials;
  return { lower: (centre - half) / scale, upper: (centre + half) / scale };
}
