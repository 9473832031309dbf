import * as z from 'zod';

/** One bar of a histogram over [lower, upper); the last bar also holds its upper edge. */
const bar = z.object({ lower: z.number(), upper: z.number(), images: z.int().min(0) });
type Bar = Readonly<z.infer<typeof bar>>;

/** Schema of the shape of a list of values. */
export const distributionSchema = z
  .object({
    images: z.int().min(0),
    minimum: z.number(),
    percentile5: z.number(),
    median: z.number(),
    percentile95: z.number(),
    maximum: z.number(),
    mean: z.number(),
    histogram: z
      .array(bar)
      .readonly()
      .describe('Bars of equal width from minimum to maximum; one bar if all values are equal.'),
  })
  .describe('The shape of a list of finite values, one an image.');
/** The shape of a list of finite values, one an image: extremes, percentiles, mean, histogram. */
export type Distribution = Readonly<z.infer<typeof distributionSchema>>;

/**
 * Describes a list of values; null if it is empty. Percentiles interpolate linearly between the sorted values
 * (definition 7 of Hyndman & Fan, The American Statistician 50 (1996) 361-365: numpy's default).
 *
 * @param values finite; non-finite ones must be left out by the caller, who says how many
 * @param bars how many bars the histogram has
 * @throws RangeError for a value that is not finite
 */
export function describe(values: ArrayLike<number>, bars = 20): Distribution | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const minimum = sorted[0]!;
  const maximum = sorted[sorted.length - 1]!;
  if (!Number.isFinite(minimum) || !Number.isFinite(maximum))
    throw new RangeError('Expected finite values but received NaN or an infinity');
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    images: sorted.length,
    minimum,
    percentile5: percentile(sorted, 0.05),
    median: percentile(sorted, 0.5),
    percentile95: percentile(sorted, 0.95),
    maximum,
    mean: sum / sorted.length,
    histogram: histogram(sorted, minimum, maximum, bars),
  };
}

/** @param sorted ascending, not empty; `share` in [0, 1] */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const lower = sorted[below]!;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return lower + (upper - lower) * (place - below);
}

function histogram(sorted: Float64Array, minimum: number, maximum: number, bars: number): Bar[] {
  if (minimum === maximum) return [{ lower: minimum, upper: maximum, images: sorted.length }];
  const edge = (bar: number): number =>
    bar === bars ? maximum : minimum + ((maximum - minimum) * bar) / bars;
  const counts = new Array<number>(bars).fill(0);
  let bar = 0;
  for (const value of sorted) {
    while (bar < bars - 1 && value >= edge(bar + 1)) bar++;
    counts[bar]!++;
  }
  return counts.map((images, index) => ({ lower: edge(index), upper: edge(index + 1), images }));
}
