import type { ImageId } from '../domain/domain.js';
import { DatasetError } from '../domain/errors.js';
import { baseName, isNumericFolder, isWnid, parentFolder } from './image-name.js';
import { labelOfWnid, type Labelling } from './labelling.js';
import type { Synsets } from './synsets.js';

/**
 * `labels: folders`: the class is the name of the image's folder. A WNID stands for its place in the class list, so a folder that
 * is missing shifts nothing; a number stands for itself, not for its place among the folders (`10` sorts before `2`).
 * Throws DatasetError where the images lie in no class folders at all, or where the two kinds are mixed.
 */
export function labelsFromFolders(ids: readonly ImageId[], synsets: Synsets, where: string): Labelling {
  const folders = new Set(ids.map(parentFolder).filter((folder) => folder !== null));
  const wnids = [...folders].filter(isWnid);
  const numbers = [...folders].filter(isNumericFolder);
  if (wnids.length === 0 && numbers.length === 0) {
    const some = [...folders].slice(0, 3);
    const what =
      folders.size === 0
        ? 'the images lie in one flat folder, so no folder tells their class; their order is no label either'
        : `the folders are called ${some.map((name) => JSON.stringify(name)).join(', ')}, neither WNIDs nor class numbers`;
    throw new DatasetError({
      code: 'no-class-folders',
      what: `\`labels: folders\` needs a folder a class, but ${what}`,
      where,
      remedy:
        'Use `labels: ilsvrc2012-val` for images named ILSVRC2012_val_00000001.JPEG, `labels: filenames` for WNID_name.JPEG, or give a label file.',
    });
  }
  if (wnids.length > 0 && numbers.length > 0) {
    throw new DatasetError({
      code: 'mixed-class-folders',
      what: `some folders are WNIDs (${String(wnids[0])}) and some are numbers (${String(numbers[0])})`,
      where,
      remedy: 'Give a folder of one kind, or a label file.',
    });
  }
  const numeric = numbers.length > 0;
  return {
    description: numeric ? 'folders (class numbers)' : 'folders (WNIDs)',
    label: (id) => {
      const folder = parentFolder(id);
      if (folder !== null && isWnid(folder)) return labelOfWnid(folder, synsets);
      if (folder === null || !isNumericFolder(folder)) {
        return { code: 'missing-label', what: 'lies in no class folder' };
      }
      const index = Number(folder);
      if (synsets.has(index)) return index;
      return {
        code: 'label-out-of-range',
        what: `lies in folder ${folder}, but classes are 0 to ${synsets.count - 1}`,
      };
    },
    listed: null,
    faults: [],
    notes: numeric ? ['The folders are numbers; each was taken as the class index itself.'] : [],
  };
}

/** `labels: filenames`: the class is the WNID that the file's name begins with, `n01440764_tench.JPEG`. */
export function labelsFromFileNames(ids: readonly ImageId[], synsets: Synsets, where: string): Labelling {
  if (!ids.some((id) => isWnid(baseName(id).slice(0, 9)))) {
    throw new DatasetError({
      code: 'no-wnid-names',
      what: `\`labels: filenames\` needs names that begin with a WNID, but the first is ${JSON.stringify(ids[0] ?? '')}`,
      where,
      remedy:
        'Use `labels: ilsvrc2012-val` for images named ILSVRC2012_val_00000001.JPEG, `labels: folders` for class folders, or give a label file.',
    });
  }
  return {
    description: 'filenames (WNID_name)',
    label: (id) => {
      const match = /^(n\d{8})[_.]/.exec(baseName(id));
      if (match !== null) return labelOfWnid(match[1] ?? '', synsets);
      return { code: 'missing-label', what: 'has no WNID at the beginning of its name' };
    },
    listed: null,
    faults: [],
    notes: [],
  };
}
