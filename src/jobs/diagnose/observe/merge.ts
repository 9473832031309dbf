import { addHistograms } from './histogram.js';
import type { Observation } from './observation.js';

/** What two threads saw of one tensor, as if one had seen it all. */
export function mergeObservations(a: Observation | null, b: Observation | null): Observation | null {
  if (a === null || b === null) return a ?? b;
  const levels = a.levels === null || b.levels === null ? null : a.levels.map((n, i) => n + b.levels![i]!);
  return {
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    signal: a.signal + b.signal,
    noise: a.noise === null || b.noise === null ? null : a.noise + b.noise,
    mismatch: a.mismatch || b.mismatch,
    below: a.below + b.below,
    above: a.above + b.above,
    clipError: a.clipError + b.clipError,
    roundError: a.roundError + b.roundError,
    lowestLevel: a.lowestLevel + b.lowestLevel,
    highestLevel: a.highestLevel + b.highestLevel,
    levels,
    levelsUsed: levels?.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) ?? 0,
    histogram: addHistograms(a.histogram, b.histogram),
    channels:
      a.channels === null || b.channels === null
        ? null
        : a.channels.map((size, i) => Math.max(size, b.channels![i]!)),
  };
}
