import type { ClassIndex, ImageId } from '../domain/domain.js';
import type { Fault } from '../domain/errors.js';
import type { Synsets } from './synsets.js';

/** Why an image has no label. */
export interface Unlabelled {
  readonly code: 'missing-label' | 'unknown-wnid' | 'label-out-of-range' | 'contradictory-labels';
  /** Reads on from the image's name, e.g. `is not in val.txt`. */
  readonly what: string;
}

/** The class of a WNID as an image's label, or why there is none. */
export function labelOfWnid(wnid: string, synsets: Synsets): ClassIndex | Unlabelled {
  const index = synsets.indexOf(wnid);
  return index ?? { code: 'unknown-wnid', what: `has the WNID ${wnid}, which is none of the classes` };
}

/** A way to tell an image's class from its name. The order in which images are listed never plays a part. */
export interface Labelling {
  /** For reports, e.g. `val.txt (name and index)`. */
  readonly description: string;
  label(id: ImageId): ClassIndex | Unlabelled;
  /** Names that it has labels for; null where the label is read off the image's own path. */
  readonly listed: readonly ImageId[] | null;
  readonly faults: readonly Fault[];
  readonly notes: readonly string[];
}

/** One label as a file states it. */
export interface StatedLabel {
  /** Name of the image as the file writes it: with or without folders, with or without an ending. */
  readonly name: string;
  /** A class index in decimal digits, or a WNID. */
  readonly target: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** What a format may need to know of the set that it labels. */
export interface LabelContext {
  /** Path of the label file, for messages. */
  readonly where: string;
  readonly synsets: Synsets;
  /** Images that are there. */
  readonly ids: readonly ImageId[];
  /** How many images the whole set has. */
  readonly fullCount: number;
}

/** One form of label file. A new one is a file with such an object and a line in `label-file.ts`. */
export interface LabelFormat {
  /** For reports, e.g. `name and index`. */
  readonly title: string;
  /** Whether a file is of this form, told from its text, not from its name. */
  matches(lines: readonly string[]): boolean;
  /** Throws DatasetError where the labels can't be told from this file. */
  read(lines: readonly string[], context: LabelContext): StatedLabel[] | Promise<StatedLabel[]>;
}
