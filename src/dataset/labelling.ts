import type { ClassIndex, ImageId } from '../domain/domain.js';
import type { Fault } from '../domain/errors.js';

/** Why an image has no label. */
export interface Unlabelled {
  readonly code: 'missing-label' | 'unknown-wnid' | 'label-out-of-range' | 'contradictory-labels';
  /** Reads on from the image's name, e.g. `is not in val.txt`. */
  readonly what: string;
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
