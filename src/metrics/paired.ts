import { assertAligned } from './aligned.js';

/** What the paired comparison needs to know of one image under one model. */
export interface PairedOutcome {
  /** The image's id: both lists must hold the same ids in the same order. */
  id: string;
  /** The Top-1 class; null if the row was invalid. */
  top1: number | null;
  /** Whether the model was right, at the k that the comparison is about. */
  correct: boolean;
}

/** The 2x2 table of a paired comparison: counts of images. */
export interface PairedTable {
  bothCorrect: number;
  /** Right under the reference only: lost by the candidate. */
  referenceOnly: number;
  /** Right under the candidate only: gained by the candidate. */
  candidateOnly: number;
  bothWrong: number;
}

/** Two models on the same images. */
export interface PairedComparison {
  table: PairedTable;
  images: number;
  /** Images with the same Top-1 class, right or wrong; an invalid row agrees with nothing. */
  agreeing: number;
  /** Ids of the images that only the reference had right, in list order. */
  lost: string[];
  /** Ids of the images that only the candidate had right, in list order. */
  gained: string[];
}

/**
 * Compares a candidate (int8) with a reference (float) image by image.
 *
 * @throws RangeError if the lists differ in length or their ids differ at any place
 */
export function compareOutcomes(
  reference: readonly PairedOutcome[],
  candidate: readonly PairedOutcome[],
): PairedComparison {
  assertAligned(reference, candidate);
  const table: PairedTable = { bothCorrect: 0, referenceOnly: 0, candidateOnly: 0, bothWrong: 0 };
  const lost: string[] = [];
  const gained: string[] = [];
  let agreeing = 0;
  reference.forEach((first, index) => {
    const second = candidate[index]!;
    if (first.id !== second.id)
      throw new RangeError(`Expected image ${first.id} at place ${index} but received ${second.id}`);
    if (first.top1 !== null && first.top1 === second.top1) agreeing++;
    if (first.correct && second.correct) table.bothCorrect++;
    else if (first.correct) {
      table.referenceOnly++;
      lost.push(first.id);
    } else if (second.correct) {
      table.candidateOnly++;
      gained.push(first.id);
    } else table.bothWrong++;
  });
  return { table, images: reference.length, agreeing, lost, gained };
}

/** How many images the table holds. */
export function tableImages(table: PairedTable): number {
  return table.bothCorrect + table.referenceOnly + table.candidateOnly + table.bothWrong;
}

/** The drop in images: positive if the candidate is worse. */
export function dropImages(table: PairedTable): number {
  return table.referenceOnly - table.candidateOnly;
}
