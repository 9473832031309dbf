import { binomialLowerTail, binomialProbability } from './binomial.js';

/**
 * McNemar's two-sided mid-p (Fagerland, Lydersen, Laake, BMC Med Res Methodol 13 (2013) 91): whether two models lose as
 * many images to each other as they gain, X ~ Bin(b + c, 1/2). 1 without any discordant image.
 *
 * @param referenceOnly b, images that only the reference has right
 * @param candidateOnly c, images that only the candidate has right
 */
export function mcNemarMidP(referenceOnly: number, candidateOnly: number): number {
  const discordant = referenceOnly + candidateOnly;
  if (discordant === 0) return 1;
  const fewer = Math.min(referenceOnly, candidateOnly);
  const point = binomialProbability(fewer, discordant, 0.5);
  if (referenceOnly === candidateOnly) return 1 - point;
  return 2 * binomialLowerTail(fewer, discordant, 0.5) - point;
}
