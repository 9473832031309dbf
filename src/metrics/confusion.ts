import type { ClassIndex } from '../domain/domain.js';
import { assertAligned } from './aligned.js';

/** Two Top-1 classes that two models give the same image. */
export interface DisagreedPair {
  readonly reference: ClassIndex;
  readonly candidate: ClassIndex;
  readonly images: number;
  /** Of these, images whose label is the reference's class. */
  readonly lost: number;
  /** Of these, images whose label is the candidate's class. */
  readonly gained: number;
}

/** Pairs that are listed. */
const PAIRS = 20;

/**
 * The pairs of classes on which two models differ most often: most images first, then lowest reference class, then
 * lowest candidate class; the first 20. An image that either model has no class for is no pair.
 */
export function mostDisagreed(
  labels: readonly ClassIndex[],
  reference: readonly (ClassIndex | null)[],
  candidate: readonly (ClassIndex | null)[],
): DisagreedPair[] {
  assertAligned(labels, reference, candidate);
  const pairs = new Map<
    string,
    { reference: ClassIndex; candidate: ClassIndex; images: number; lost: number; gained: number }
  >();
  for (const [index, label] of labels.entries()) {
    const first = reference[index] ?? null;
    const second = candidate[index] ?? null;
    if (first === null || second === null || first === second) continue;
    const key = `${first}>${second}`;
    const pair = pairs.get(key) ?? { reference: first, candidate: second, images: 0, lost: 0, gained: 0 };
    pairs.set(key, pair);
    pair.images++;
    if (first === label) pair.lost++;
    if (second === label) pair.gained++;
  }
  return [...pairs.values()]
    .sort((a, b) => b.images - a.images || a.reference - b.reference || a.candidate - b.candidate)
    .slice(0, PAIRS);
}
