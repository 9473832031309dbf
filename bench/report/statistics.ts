/** One quantity over the rounds of a bench. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly rounds: number;
}

/** @throws RangeError for no values */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values have no median');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    lowest: Math.min(...values),
    highest: Math.max(...values),
    rounds: values.length,
  };
}

/**
 * Round by round a / b: what a busy neighbour does to one round it does to both.
 * @throws RangeError where the lists differ in length
 */
export function pairedRatios(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new RangeError(`expected ${a.length} rounds but received ${b.length}`);
  return a.map((value, round) => value / b[round]!);
}

/** Images a second that `cores` cores allow where each image costs the sum of `costsMs` on one of them. */
export function limitOf(costsMs: readonly number[], cores: number): number {
  return (1000 * cores) / costsMs.reduce((sum, cost) => sum + cost, 0);
}

export function showSpread({ median: middle, lowest, highest }: Spread, digits: number): string {
  return `${middle.toFixed(digits)} (${lowest.toFixed(digits)}-${highest.toFixed(digits)})`;
}
