import type { Measured, Measurer } from './measurer.js';
import type { Variant } from './networks.js';
import { looksUpTo } from '../sweep/elimination.js';

/** Something that can be put back into float, alone: a quantizer or a layer. */
export interface Candidate {
  readonly variant: Variant;
  readonly measured: Measured;
  /** Left out before all images were shown. */
  dropped: boolean;
}

export interface ScreeningOptions {
  /** The network with nothing restored. */
  readonly undisturbed: Measured;
  /** Images of the first look; they double with each. */
  readonly first: number;
  readonly images: number;
  /** Candidates that are never dropped. */
  readonly keep: number;
  readonly onLook: (candidates: number, images: number) => void;
}

/** Chance at most, over all looks, that a candidate that belongs to the `keep` costliest is dropped for its interval. */
const ERROR_RATE = 0.05;

/**
 * Shows all candidates few images, and more to those that are still in question. At doubling numbers of images those are
 * dropped whose cost is surely below that of the `keep` costliest, by intervals that share one error rate among all
 * candidates and looks; and of the rest the upper half goes on (sequential halving: Karnin, Koren & Somekh, ICML 2013), so that each
 * look takes about as long as the one before.
 */
export async function screen(
  measurer: Measurer,
  candidates: readonly Candidate[],
  { undisturbed, first, images, keep, onLook }: ScreeningOptions,
): Promise<void> {
  const looks = looksUpTo(images, first);
  const confidence = 1 - ERROR_RATE / (Math.max(1, candidates.length) * looks.length);
  let left = [...candidates];
  for (const [at, look] of looks.entries()) {
    onLook(left.length, look);
    await measurer.show(left, look);
    if (at === looks.length - 1) return;
    const costs = new Map(left.map((one) => [one, measurer.share(undisturbed, one.measured, confidence)]));
    const ranked = [...left].sort((a, b) => costs.get(b)!.share - costs.get(a)!.share);
    const threshold = costs.get(ranked[Math.min(keep, ranked.length) - 1] ?? ranked[0]!)?.interval.lower ?? 0;
    const half = Math.max(keep, Math.ceil(left.length / 2));
    left = ranked.filter(
      (one, place) => place < keep || (place < half && costs.get(one)!.interval.upper >= threshold),
    );
    const going = new Set(left);
    for (const one of candidates) if (!going.has(one)) one.dropped = true;
  }
}

/** Candidates by their place. */
export function byPlace(
  places: readonly number[],
  make: (place: number) => Candidate,
): Map<number, Candidate> {
  return new Map(places.map((place) => [place, make(place)]));
}
