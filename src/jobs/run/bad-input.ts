import type { Config } from '../../config/config.js';
import { count, counted } from '../../domain/count.js';
import type { ImageId } from '../../domain/domain.js';
import { EvalError, messageOf, type Fault } from '../../domain/errors.js';

/** Faults of one image or entry each, which `on_bad_image: skip` allows besides those found while decoding. */
const ofOneImage: ReadonlySet<string> = new Set([
  'contradictory-labels',
  'dangling-link',
  'duplicate-name',
  'label-out-of-range',
  'link-entry',
  'missing-label',
  'nameless-entry',
  'oversized-entry',
  'unknown-wnid',
  'image-unreadable',
  'unsafe-name',
  'unsupported-entry',
]);

export function isOfOneImage(fault: Fault): boolean {
  return ofOneImage.has(fault.code);
}

/** Why an image could not be read or decoded. */
export function imageFault(error: unknown, id: ImageId): Fault {
  const code = error instanceof EvalError ? error.code : 'decode-failed';
  return { code, what: messageOf(error), where: id, remedy: null };
}

export interface FoundFaults {
  /** Of the data set: its archive, its labels, entries that are no images. */
  readonly dataset: readonly Fault[];
  /** Of images that could not be read, decoded or run. */
  readonly images: readonly Fault[];
  /** Of models that could not be run. */
  readonly models: readonly Fault[];
}

/**
 * The faults that end a run with exit code 2. `skip` allows single images; never a model that could not be run, and
 * never that the set itself is broken, for how many images an archive lost when it was cut short nobody can tell.
 */
export function fatalFaults(found: FoundFaults, onBadImage: Config['onBadImage']): readonly Fault[] {
  if (onBadImage === 'fail') return [...found.models, ...found.dataset, ...found.images];
  return [...found.models, ...found.dataset.filter((fault) => !isOfOneImage(fault))];
}

/** Why the figures don't stand for the whole set, from the faults of the set itself; null where it has none. */
export function faultyPart(faults: readonly Fault[]): string | null {
  if (faults.length === 0) return null;
  const codes = [...new Set(faults.map((fault) => fault.code))];
  return `the data set has faults (${codes.join(', ')}), listed as warnings`;
}

/** How many images had to be left out; null for none. */
export function unusablePart(bad: number, images: number): string | null {
  return bad === 0 ? null : `${count(bad)} of ${counted(images, 'image')} could not be used`;
}

/** Reasons why the images are not the whole set, as one; null where there is none. */
export function partOf(reasons: readonly (string | null)[]): string | null {
  const given = reasons.filter((reason) => reason !== null);
  return given.length === 0 ? null : given.join('; ');
}
