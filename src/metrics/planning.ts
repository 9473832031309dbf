import { maxDropImages } from './counting.js';
import { percentile } from './distribution.js';
import { criticalValue, normalQuantile } from './normal.js';
import { ENDLESS } from './population.js';
import { Xoshiro256 } from './random.js';
import { SequentialGate } from './sequential.js';
import type { Change } from './change.js';

/** What is assumed of a candidate, as shares of the images: those that would count against it, and for it. */
interface Assumed {
  readonly against: number;
  readonly inFavour: number;
}

/** A limit on a sum, as a share of the images. */
export interface PlannedGate {
  readonly limit: number;
  readonly assumed: Assumed;
  /** N; null: unknown. */
  readonly population: number | null;
}

/** Chance of a decision that the numbers of images are for. */
export const POWER = 0.9;

/**
 * How many images a plain check needs to decide a gate with `POWER`: n0 = (z + z_power)^2 variance / (limit - figure)^2,
 * and n0 / (1 + n0 / N) of a finite population (Cochran, Sampling Techniques, 1977, section 4.6). All N where the figure
 * is the limit.
 *
 * @param confidence two-sided, of the gate's interval
 */
export function plainImages(gate: PlannedGate, confidence: number): number {
  const { limit, assumed, population } = gate;
  const { gap, variance } = spread(limit, assumed);
  if (gap === 0) return population ?? Infinity;
  const z = criticalValue(confidence);
  // No flip at all is seen as Wilson's interval sees it: z^2 / (n + z^2) must fit into the gap.
  const endless = Math.max(
    ((z + normalQuantile(POWER)) ** 2 * variance) / gap ** 2,
    (z ** 2 * (1 - gap)) / gap,
  );
  return Math.ceil(population === null ? endless : endless / (1 + endless / population));
}

function spread(limit: number, { against, inFavour }: Assumed): { gap: number; variance: number } {
  const figure = against - inFavour;
  return { gap: Math.abs(limit - figure), variance: against + inFavour - figure ** 2 };
}

/** How many images a sequential check looks at before it decides. */
export interface SequentialNeed {
  /** Images at which half of the runs have decided. */
  readonly median: number;
  /** Images at which `POWER` of them have. */
  readonly enough: number;
}

/**
 * How many images a sequential check looks at before it decides, by running its own test on made-up populations with
 * exactly the assumed flips, drawn without replacement.
 *
 * @param errorRate either way
 * @param runs how many populations
 */
export function sequentialImages(gate: PlannedGate, errorRate: number, runs = 40): SequentialNeed {
  const population = gate.population ?? ENDLESS;
  const random = Xoshiro256.seeded(0);
  const needed = Array.from({ length: runs }, () => decidedAfter(gate, population, errorRate, random)).sort(
    (a, b) => a - b,
  );
  return {
    median: Math.round(percentile(needed, 0.5)),
    enough: Math.round(percentile(needed, POWER)),
  };
}

/** Looks beyond which a run of an unknown population is not followed. */
const LONGEST = 200_000;

function decidedAfter(
  { limit, assumed }: PlannedGate,
  population: number,
  errorRate: number,
  random: Xoshiro256,
): number {
  const left = {
    against: Math.round(assumed.against * population),
    inFavour: Math.round(assumed.inFavour * population),
  };
  const gate = new SequentialGate({
    population,
    maxDropImages: maxDropImages(100 * limit, population),
    falseFail: errorRate,
    falsePass: errorRate,
  });
  for (let seen = 0; gate.decision === null && seen < LONGEST; seen++) {
    const drawn = (random.nextHigh() / 2 ** 32) * (population - seen);
    let x: Change = 0;
    if (drawn < left.against) {
      x = 1;
      left.against--;
    } else if (drawn < left.against + left.inFavour) {
      x = -1;
      left.inFavour--;
    }
    gate.observe(x);
  }
  return gate.state.imagesSeen;
}

/**
 * Chance that some class of a model without any true drop loses more than the limit: each image is lost, and gained,
 * with half of the flip rate, independently.
 *
 * @param limit points
 * @param flips share of the images whose correctness flips
 */
export function chanceOfClassDrop(limit: number, perClass: number, classes: number, flips: number): number {
  // distribution[k + perClass] = P(lost - gained = k) after so many images.
  let distribution = new Float64Array(2 * perClass + 1);
  distribution[perClass] = 1;
  for (let image = 0; image < perClass; image++) {
    const next = new Float64Array(2 * perClass + 1);
    for (let k = 0; k < next.length; k++)
      next[k] =
        (1 - flips) * distribution[k]! +
        (flips / 2) * ((distribution[k - 1] ?? 0) + (distribution[k + 1] ?? 0));
    distribution = next;
  }
  const most = maxDropImages(limit, perClass);
  let beyond = 0;
  for (let k = Math.max(most, 1) + 1; k <= perClass; k++) beyond += distribution[k + perClass]!;
  return 1 - (1 - beyond) ** classes;
}
