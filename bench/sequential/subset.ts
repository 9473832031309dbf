import type { Change } from '../../src/metrics/change.js';
import { sumGate } from '../../src/metrics/gates.js';
import { Xoshiro256 } from '../../src/metrics/random.js';
import { SequentialGate } from '../../src/metrics/sequential.js';
import { errorKind, type Cell } from './simulate.js';

/** A part of a population, drawn at random, before a gate that asks about the whole. */
export interface SubsetCell extends Cell {
  /** Images drawn. */
  readonly part: number;
  /** The gate's limit in points. */
  readonly limit: number;
}

export interface Verdicts {
  readonly wrong: number;
  readonly undecided: number;
}

export interface SubsetResult {
  readonly cell: SubsetCell;
  readonly runs: number;
  readonly plain: Verdicts;
  readonly sequential: Verdicts;
}

/** Two-sided confidence of a plain check's interval. */
export const CONFIDENCE = 0.95;

/** Both kinds of check on fresh random parts of one population: what they say of the whole. */
export function simulateSubset(cell: SubsetCell, runs: number, seed: number): SubsetResult {
  const { population, dropImages, gainedImages, maxDropImages, stated, part, limit } = cell;
  const lost = gainedImages + dropImages;
  const changes = new Int8Array(population);
  changes.fill(1, 0, lost);
  changes.fill(-1, lost, lost + gainedImages);
  const random = Xoshiro256.seeded(seed);
  const wrongVerdict = errorKind(cell) === 'miss' ? 'pass' : 'fail';
  const plain = { wrong: 0, undecided: 0 };
  const sequential = { wrong: 0, undecided: 0 };
  const count = (to: typeof plain, verdict: 'pass' | 'fail' | 'undecided'): void => {
    if (verdict === wrongVerdict) to.wrong++;
    else if (verdict === 'undecided') to.undecided++;
  };
  for (let run = 0; run < runs; run++) {
    const gate = new SequentialGate({ population, maxDropImages, falseFail: stated, falsePass: stated });
    let against = 0;
    let inFavour = 0;
    for (let seen = 0; seen < part; seen++) {
      const drawn = seen + random.below(population - seen);
      // The array was filled with 1, -1 and 0 only.
      const x = changes[drawn]! as Change;
      changes[drawn] = changes[seen]!;
      changes[seen] = x;
      if (x === 1) against++;
      else if (x === -1) inFavour++;
      if (gate.decision === null) gate.observe(x);
    }
    count(sequential, gate.finish().verdict);
    const asked = { limit, population: { images: population, unusable: 0 }, confidence: CONFIDENCE };
    count(plain, sumGate('max_top1_drop', asked, { images: part, against, inFavour }).status);
  }
  return { cell, runs, plain, sequential };
}
