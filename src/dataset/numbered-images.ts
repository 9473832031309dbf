import type { ImageId } from '../domain/domain.js';
import { DatasetError } from '../domain/errors.js';
import { numberedName } from './image-name.js';
import type { LabelContext, StatedLabel } from './labelling.js';

/**
 * Gives line n of a list without names to image number n. That is safe only for a list of the whole set whose images carry their
 * numbers in their names, as ILSVRC2012_val_00000001.JPEG does; anything else throws DatasetError, for the order in which files
 * happen to be listed is no label.
 */
export function labelsByNumber(targets: readonly string[], context: LabelContext): StatedLabel[] {
  const { where, ids, fullCount } = context;
  if (targets.length !== fullCount) {
    throw new DatasetError({
      code: 'list-length',
      what: `this list has ${targets.length} lines without names, but the whole set has ${fullCount} images`,
      where,
      remedy: 'Give the list of the whole set, or a file with an image name and a class a line.',
    });
  }
  const numbered = new Map<number, ImageId>();
  const prefixes = new Set<string | undefined>();
  for (const id of ids) {
    const name = numberedName(id);
    prefixes.add(name?.prefix);
    const fits = name !== null && name.number >= 1 && name.number <= fullCount && !numbered.has(name.number);
    if (!fits || prefixes.size > 1) {
      throw new DatasetError({
        code: 'unnumbered-images',
        what: `this list has no names, and ${JSON.stringify(id)} carries no number from 1 to ${fullCount} of its own to find its line by`,
        where,
        remedy: 'Give a file with an image name and a class a line.',
      });
    }
    numbered.set(name.number, id);
  }
  return targets.flatMap((target, index) => {
    const name = numbered.get(index + 1);
    return name === undefined ? [] : [{ name, target, line: index + 1 }];
  });
}
