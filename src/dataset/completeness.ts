import type { Fault } from '../domain/errors.js';
import { baseName, stem } from './image-name.js';
import type { Labelling } from './labelling.js';
import type { DatasetManifest } from './manifest.js';

/** The names by which a label file may call the images that are there. */
class PresentNames {
  private readonly names = new Set<string>();

  constructor(ids: readonly string[]) {
    for (const id of ids) this.names.add(id).add(baseName(id)).add(stem(id));
  }

  has(listed: string): boolean {
    return this.names.has(listed) || this.names.has(baseName(listed)) || this.names.has(stem(listed));
  }
}

/** Names that have a label but no image; empty where labels come from the paths. */
export function missingNames(labelling: Labelling, ids: readonly string[]): string[] {
  const present = new PresentNames(ids);
  return (labelling.listed ?? []).filter((name) => !present.has(name));
}

/** What is wrong with the number of images, where the whole set of the manifest was asked for; null if nothing is. */
export function countFault(
  manifest: DatasetManifest,
  ids: readonly string[],
  missing: readonly string[],
  where: string,
): Fault | null {
  if (ids.length < manifest.images) {
    const some = missing.length === 0 ? '' : `, among them ${missing.slice(0, 3).join(', ')}`;
    return {
      code: 'fewer-images-than-manifest',
      what: `there are ${ids.length} images, but ${manifest.name} has ${manifest.images}; ${manifest.images - ids.length} are missing${some}`,
      where,
      remedy: 'Give the whole set, or set `dataset.subset: true` or `--limit` if fewer are meant.',
    };
  }
  if (ids.length === manifest.images) return null;
  return {
    code: 'more-images-than-manifest',
    what: `there are ${ids.length} images, ${ids.length - manifest.images} more than ${manifest.name} has`,
    where,
    remedy: '`imagenet-eval verify CONFIG` names the ones that are too many.',
  };
}

/** Where all classes should have one number of images: the fault that names those which don't, or null. */
export function perClassFault(
  manifest: DatasetManifest,
  labels: readonly number[],
  where: string,
): Fault | null {
  const expected = manifest.per_class;
  if (expected === undefined) return null;
  const counts = countClasses(labels, manifest.classes);
  const uneven = [...counts.entries()].filter(([, count]) => count !== expected);
  if (uneven.length === 0) return null;
  const some = uneven.slice(0, 3).map(([index, count]) => `class ${index} has ${count}`);
  return {
    code: 'uneven-classes',
    what: `${uneven.length} classes don't have the ${expected} images that ${manifest.name} states: ${some.join(', ')}`,
    where,
    remedy: 'The labels are not those of this set; check `dataset.labels`.',
  };
}

/** Images of each class, by index. */
export function countClasses(labels: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
