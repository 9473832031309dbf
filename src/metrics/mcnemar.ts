import { binomialLowerTail, binomialProbability } from './binomial.js';

/** Two-sided p-values of McNemar's test on the discordant pairs. */
export interface McNemar {
  /** Mid-p: the one to report (Fagerland, Lydersen, Laake, BMC Med Res Methodol 13 (2013) 91). */
  midP: number;
  /** Exact conditional test: never below the mid-p, conservative. */
  exactP: number;
}

/**
 * Tests whether two models lose as many images to each other as they gain: X ~ Bin(b + c, 1/2).
 * Without any discordant image both p-values are 1.
 *
 * @param referenceOnly b, images that only the reference has right
 * @param candidateOnly c, images that only the candidate has right
 */
export function mcNemar(referenceOnly: number, candidateOnly: number): McNemar {
  const discordant = referenceOnly + candidateOnly;
  if (discordant === 0) return { midP: 1, exactP: 1 };
  const fewer = Math.min(referenceOnly, candidateOnly);
  const point = binomialProbability(fewer, discordant, 0.5);
  if (referenceOnly === candidateOnly) return { midP: 1 - point, exactP: 1 };
  const twice = 2 * binomialLowerTail(fewer, discordant, 0.5);
  return { midP: twice - point, exactP: Math.min(1, twice) };
}
