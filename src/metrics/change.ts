/** What one image adds to the sum of a gate: 1 speaks against the candidate, -1 for it, 0 for neither. */
export type Change = -1 | 0 | 1;

/** The least and the most that an image could add. */
export interface Changes {
  readonly least: Change;
  readonly most: Change;
}

/** Images counted for a gate: their sum is `against` minus `inFavour`. */
export interface ChangeCount {
  readonly images: number;
  readonly against: number;
  readonly inFavour: number;
}

/** Counts the changes of a list of images. */
export function countChanges(changes: Iterable<Change>): ChangeCount {
  const count = { images: 0, against: 0, inFavour: 0 };
  for (const change of changes) {
    count.images++;
    if (change === 1) count.against++;
    else if (change === -1) count.inFavour++;
  }
  return count;
}
