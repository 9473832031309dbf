import { isDeepStrictEqual } from 'node:util';

import type { SessionSettings } from '../../runtime/session-settings.js';

/** The engine's settings of speed, as `engine:` of a config names them. */
export interface SpeedSettings extends Omit<SessionSettings, 'intraOpNumThreads'> {
  readonly workers: number;
  readonly batch: number;
}

export interface SpeedTrial {
  readonly settings: SpeedSettings;
  readonly imagesPerSecond: number;
  /** Images of any model of which something else is said than under the defaults: such settings are never chosen. */
  readonly changed: number;
}

export interface TuneResult {
  readonly standard: SpeedTrial;
  /** The fastest settings under which nothing changes; those of `standard` where none gains enough. */
  readonly best: SpeedTrial;
  readonly trials: readonly SpeedTrial[];
  /** Time ran out before everything was tried. */
  readonly cutShort: boolean;
}

/** A gain below this share is taken for chance, and the simpler settings stay. */
const leastGain = 0.03;

/** What is tried, one setting after the other, each with the best of those before it. */
function candidates(cores: number, batches: readonly number[]): readonly Partial<SpeedSettings>[] {
  return [
    ...batches.map((batch) => ({ batch })),
    { workers: cores + 1 },
    ...(cores > 2 ? [{ workers: cores - 1 }] : []),
    { fixedDimensions: true },
    { arena: false },
    { spinning: true },
    // Without the last level, which chooses the layout.
    { graphOptimization: 'extended' },
    { graphOptimization: 'basic' },
  ];
}

/**
 * Looks for the fastest settings from `standard` on. What seems faster than the best so far is measured again, the
 * other just before it, and the gain of both must hold.
 *
 * @param batches that are tried besides the standard one, in this order
 * @param attempt measures one setting
 * @param timeLeft false: nothing new is begun
 */
export async function searchSettings(
  standard: SpeedSettings,
  cores: number,
  batches: readonly number[],
  attempt: (settings: SpeedSettings) => Promise<SpeedTrial>,
  timeLeft: () => boolean,
): Promise<TuneResult> {
  const first = await attempt(standard);
  const trials = [first];
  let best = first;
  let cutShort = false;
  for (const change of candidates(cores, batches)) {
    const settings = { ...best.settings, ...change };
    if (isDeepStrictEqual(settings, best.settings)) continue;
    if (!timeLeft()) {
      cutShort = true;
      break;
    }
    const trial = await attempt(settings);
    trials.push(trial);
    if (trial.changed > 0 || !gains(trial, best)) continue;
    const again = await attempt(best.settings);
    const confirmed = await attempt(settings);
    trials.push(again, confirmed);
    if (confirmed.changed === 0 && gains(confirmed, again)) best = slower(trial, confirmed);
    else best = again.imagesPerSecond > best.imagesPerSecond ? again : best;
  }
  return { standard: first, best, trials, cutShort };
}

function gains(trial: SpeedTrial, over: SpeedTrial): boolean {
  return trial.imagesPerSecond > over.imagesPerSecond * (1 + leastGain);
}

function slower(a: SpeedTrial, b: SpeedTrial): SpeedTrial {
  return a.imagesPerSecond < b.imagesPerSecond ? a : b;
}
