import { Xoshiro256 } from '../../src/metrics/random.js';
import type { Change } from '../../src/metrics/change.js';
import { SequentialGate } from '../../src/metrics/sequential.js';

/** One situation: a population of known drop before a gate. */
export interface Cell {
  /** N. */
  readonly population: number;
  /** D. */
  readonly maxDropImages: number;
  /** The true drop: images lost minus images gained. */
  readonly dropImages: number;
  /** Images gained; as many again, and the drop, are lost. */
  readonly gainedImages: number;
  /** Both error probabilities that the gate states. */
  readonly stated: number;
}

/** What the gate did in many runs of one cell. */
export interface CellResult {
  readonly cell: Cell;
  readonly runs: number;
  /** Wrong verdicts: false alarms if the drop is at most D, misses if it is more. */
  readonly wrong: number;
  /** Images needed, one a run, ascending. */
  readonly imagesNeeded: Uint32Array;
}

/** Which way the gate can err in this cell. */
export function errorKind(cell: Cell): 'false alarm' | 'miss' {
  return cell.dropImages <= cell.maxDropImages ? 'false alarm' : 'miss';
}

/**
 * Runs the product's own gate on fresh random permutations of one population. A permutation is drawn only as far as
 * the gate looks (the first steps of Fisher-Yates), which is exact and makes an early stop cost what it saw.
 *
 * @param seed of xoshiro256**; the same seed and cell give the same result
 * @throws RangeError if the flips do not fit into the population
 */
export function simulateCell(cell: Cell, runs: number, seed: number | bigint): CellResult {
  const { population, dropImages, gainedImages, maxDropImages, stated } = cell;
  const lostImages = gainedImages + dropImages;
  if (lostImages < 0 || gainedImages < 0 || lostImages + gainedImages > population)
    throw new RangeError(
      `Expected flips within ${population} images but received ${lostImages + gainedImages}`,
    );
  // Any order may begin a run: what the last run left shuffled is as good as sorted.
  const changes = new Int8Array(population);
  changes.fill(1, 0, lostImages);
  changes.fill(-1, lostImages, lostImages + gainedImages);
  const random = Xoshiro256.seeded(seed);
  const right = errorKind(cell) === 'miss' ? 'fail' : 'pass';
  const imagesNeeded = new Uint32Array(runs);
  let wrong = 0;
  for (let run = 0; run < runs; run++) {
    const gate = new SequentialGate({ population, maxDropImages, falseFail: stated, falsePass: stated });
    for (let seen = 0; gate.decision === null; seen++) {
      const drawn = seen + random.below(population - seen);
      const x = changes[drawn]!;
      changes[drawn] = changes[seen]!;
      changes[seen] = x;
      // The array was filled with 1, -1 and 0 only.
      gate.observe(x as Change);
    }
    if (gate.decision.verdict !== right) wrong++;
    imagesNeeded[run] = gate.decision.imagesSeen;
  }
  return { cell, runs, wrong, imagesNeeded: imagesNeeded.sort() };
}
