/**
 * The wealth of a gambler who bets against one null hypothesis on the mean of a finite population of values in
 * [-1, 1], drawn without replacement: the equal mixture of nine gamblers, each of whom assumes another gap between
 * the truth and the null (Waudby-Smith & Ramdas, JRSS-B 86 (2024), arXiv 2010.09686, the capital process without
 * replacement; the gaps, the N/r scaling and the cap are this harness's own: any predictable bet is valid).
 *
 * Each gambler's wealth is kept as a product with a power of two beside it: no logarithm an image, and it neither
 * overflows nor underflows.
 */
export class GapMixtureWealth {
  readonly #products = new Float64Array(GAPS.length).fill(1);
  /** The true wealth is products * 2^(-SHIFT * shifts). */
  readonly #shifts = new Int32Array(GAPS.length);
  #mean = 1;
  #peak = 1;

  /** Mixture wealth K: a nonnegative supermartingale under the null, 1 at the start. May round to 0. */
  get mean(): number {
    return this.#mean;
  }

  /** ln K, exact where `mean` rounds to 0. */
  get logMean(): number {
    const logs = Array.from(
      this.#products,
      (product, gap) => Math.log(product) - this.#shifts[gap]! * SHIFT * Math.LN2,
    );
    const largest = Math.max(...logs);
    return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0) / GAPS.length);
  }

  /** Anytime-valid p-value of the null: min(1, 1 / the largest K so far), by Ville's inequality. */
  get pValue(): number {
    return 1 / this.#peak;
  }

  /**
   * One image: gap g bets min(g * boldness, cap) on `surprise`.
   *
   * @param boldness (N / r) / v: predictable, from images before this one only
   * @param cap the largest bet, which keeps every factor at 0.1 or more
   * @param surprise how far the image speaks against the null
   */
  bet(boldness: number, cap: number, surprise: number): void {
    const products = this.#products;
    const shifts = this.#shifts;
    let sum = 0;
    for (let gap = 0; gap < GAPS.length; gap++) {
      const bold = GAPS[gap]! * boldness;
      const product = products[gap]! * (1 + (bold < cap ? bold : cap) * surprise);
      products[gap] = product;
      if (product < SMALL) {
        products[gap] = product * LARGE;
        shifts[gap]!++;
      } else if (shifts[gap] !== 0) {
        if (product > 1) {
          products[gap] = product * SMALL;
          shifts[gap]!--;
        }
      } else sum += product;
    }
    this.#mean = sum / GAPS.length;
    if (this.#mean > this.#peak) this.#peak = this.#mean;
  }
}

/** Assumed gaps, as shares of the population. */
const GAPS = Float64Array.of(0.0015, 0.0025, 0.004, 0.0065, 0.011, 0.02, 0.04, 0.12, 0.4);
const SHIFT = 512;
const SMALL = 2 ** -SHIFT;
const LARGE = 2 ** SHIFT;

/**
 * The bets of both gamblers before image `seen + 1`: what they share is the variance guess and the images left.
 *
 * @param population N
 * @param seen images so far, less than N
 * @param sum sum of x over them
 * @param squares sum of x^2 over them
 * @returns (N / r) / v
 */
export function boldness(population: number, seen: number, sum: number, squares: number): number {
  const weight = seen + 20;
  const mean = sum / weight;
  const variance = Math.max((squares + 1) / weight - mean * mean, 1e-4);
  return population / (population - seen) / variance;
}

/**
 * Bets against "the sum over the population is at most `total`", on the image x; skipped where the images left cannot
 * have the mean that the null gives them (certainty has then decided).
 */
export function betAgainstAtMost(
  wealth: GapMixtureWealth,
  total: number,
  left: number,
  sum: number,
  bold: number,
  x: number,
): void {
  const mean = (total - sum) / left;
  if (mean < -1 || mean > 1) return;
  wealth.bet(bold, 0.9 / Math.max(1 + mean, 1e-9), x - mean);
}

/** Bets against "the sum over the population is at least `total`": the mirror image. */
export function betAgainstAtLeast(
  wealth: GapMixtureWealth,
  total: number,
  left: number,
  sum: number,
  bold: number,
  x: number,
): void {
  betAgainstAtMost(wealth, -total, left, -sum, bold, -x);
}
