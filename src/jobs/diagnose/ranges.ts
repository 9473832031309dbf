import type { DiagnosedQuantizer } from '../../report/diagnosis-schema.js';
import { barsOf, percentileOf, type Bar } from './observe/histogram.js';
import type { Observation, TensorToObserve } from './observe/observation.js';

type SeenValues = NonNullable<DiagnosedQuantizer['observed']>;

/** Bars of a histogram in the record. */
const BARS = 96;

/** Signal to noise in dB; null without signal or without noise. */
export function decibels(signal: number, noise: number): number | null {
  return signal > 0 && noise > 0 ? 10 * Math.log10(signal / noise) : null;
}

/** What was seen of a tensor, as the record holds it. */
export function seenValues(seen: Observation, { float, grid }: TensorToObserve, images: number): SeenValues {
  const levels = grid === null ? 0 : grid.highest - grid.lowest + 1;
  const at = (share: number): number =>
    Math.min(seen.max, Math.max(seen.min, percentileOf(seen.histogram, share)));
  // Of 8 bits at most: what 16 could do is no fault of a range that clips a few values.
  const best = levels === 0 ? null : bestRange(seen, Math.min(levels, 256));
  return {
    in: float === null ? 'int8' : 'float',
    images,
    min: seen.min,
    max: seen.max,
    percentiles: { p01: at(0.001), p1: at(0.01), p50: at(0.5), p99: at(0.99), p999: at(0.999) },
    clippedBelow: seen.below / seen.count,
    clippedAbove: seen.above / seen.count,
    levelsUsed: seen.levelsUsed,
    levels,
    atLowest: seen.lowestLevel / seen.count,
    atHighest: seen.highestLevel / seen.count,
    ownSqnr: decibels(seen.signal, seen.clipError + seen.roundError),
    bestSqnr: best === null ? null : decibels(seen.signal, best.error),
    bestRange: best === null ? null : { low: best.low, high: best.high },
    channels: seen.channels === null ? null : channelsOf(seen.channels),
    histogram: coarseBars(barsOf(seen.histogram), seen.count),
  };
}

function channelsOf(sizes: Float32Array): NonNullable<SeenValues['channels']> {
  const sorted = [...sizes].sort((a, b) => a - b);
  const alive = sorted.filter((size) => size > 0);
  const median = alive[Math.floor(alive.length / 2)] ?? 0;
  const widest = [...sizes]
    .map((size, channel) => ({ channel, size }))
    .sort((a, b) => b.size - a.size)
    .slice(0, 3);
  return {
    count: sizes.length,
    dead: sizes.length - alive.length,
    spread: median === 0 ? 1 : (sorted.at(-1) ?? 0) / median,
    widest,
  };
}

/** Neighbours together until there are few enough to draw; shares of all values. */
export function coarseBars(bars: readonly Bar[], count: number): SeenValues['histogram'] {
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return [];
  const width = Math.max(first.to - first.from, (last.to - first.from) / BARS);
  const together = new Map<number, number>();
  for (const bar of bars) {
    const place = Math.floor(((bar.from + bar.to) / 2 - first.from) / width);
    together.set(place, (together.get(place) ?? 0) + bar.count / count);
  }
  return [...together].map(([place, share]) => [
    first.from + place * width,
    first.from + (place + 1) * width,
    share,
  ]);
}

/**
 * The range that loses least on these values with so many levels, zero held: among ranges that end at shares of the smallest and
 * of the largest value, the one of the least squared error, clipping and rounding (step squared by 12) together.
 */
function bestRange(
  { histogram, min, max, count }: Observation,
  levels: number,
): { readonly low: number; readonly high: number; readonly error: number } {
  const bars = barsOf(histogram);
  const shares = [1, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1];
  const ends = (end: number): number[] => (end === 0 ? [0] : shares.map((share) => share * end));
  let best = { low: 0, high: 0, error: Infinity };
  for (const low of ends(Math.min(0, min))) {
    for (const high of ends(Math.max(0, max))) {
      const step = (high - low) / (levels - 1);
      let error = 0;
      for (const { from, to, count: values } of bars) {
        const value = Math.min(max, Math.max(min, (from + to) / 2));
        const over = value > high ? value - high : value < low ? low - value : 0;
        error += values * (over === 0 ? (step * step) / 12 : over * over);
      }
      if (error < best.error) best = { low, high, error };
    }
  }
  // Values that stand on a few levels exactly, as zeros do, are rounded by less than a step allows for.
  return { ...best, error: Math.max(best.error, count * Number.MIN_VALUE) };
}
