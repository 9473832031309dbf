import type { ClassIndex, ImageId } from '../domain/domain.js';
import { DatasetError, messageOf } from '../domain/errors.js';
import { validationNumber } from './image-name.js';
import { readFileText } from './open-file.js';

/** The number of images that ReaL labels are published for. */
const images = 50_000;
const classes = 1000;

/** ReaL labels (Beyer et al. 2020): for each validation image the classes that people accepted, none for some images. */
export class RealLabels {
  /** `lists[n - 1]` belongs to ILSVRC2012_val_{n}. */
  constructor(readonly lists: readonly (readonly ClassIndex[])[]) {}

  /** Classes accepted for the image; null for an image that is none of ILSVRC 2012's validation set. Empty: to be left out. */
  accepted(id: ImageId): readonly ClassIndex[] | null {
    const number = validationNumber(id);
    return number === null ? null : (this.lists[number - 1] ?? null);
  }
}

/** Reads `real.json`: 50 000 lists of class indices in the order of the image numbers. Throws DatasetError for anything else. */
export async function readRealLabels(path: string): Promise<RealLabels> {
  let lists: unknown;
  try {
    lists = JSON.parse(await readFileText(path));
  } catch (cause) {
    throw invalid(path, `can't be read: ${messageOf(cause)}`, cause);
  }
  if (!Array.isArray(lists) || lists.length !== images) {
    throw invalid(path, `is no list of ${images} lists`);
  }
  return new RealLabels(lists.map((list: unknown, index) => toClasses(list, index, path)));
}

function toClasses(list: unknown, place: number, path: string): ClassIndex[] {
  if (!Array.isArray(list)) throw invalid(path, `has no list for image ${place + 1}`);
  return list.map((index: unknown) => {
    if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < classes) return index;
    throw invalid(
      path,
      `gives image ${place + 1} the class ${JSON.stringify(index)}, not one of 0 to ${classes - 1}`,
    );
  });
}

function invalid(path: string, what: string, cause?: unknown): DatasetError {
  return new DatasetError({
    code: 'invalid-real-labels',
    what: `the file ${what}`,
    where: path,
    remedy: 'Expected real.json of https://github.com/google-research/reassessed-imagenet.',
    cause,
  });
}
