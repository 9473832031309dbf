import { DatasetError } from '../domain/errors.js';
import type { LabelFormat } from './labelling.js';

/**
 * The devkit's `ILSVRC2012_validation_ground_truth.txt`: a number a line, in the devkit's own ids from 1, which are not class
 * indices in WNID order. Read as such they give near-zero accuracy; the shipped labels are the same ground truth.
 */
export const devkitGroundTruth: LabelFormat = {
  title: 'devkit ground truth',
  matches: (lines) => /^\s*\d{1,9}\s*$/.test(lines[0] ?? ''),
  read: (_, { where }) => {
    throw new DatasetError({
      code: 'devkit-ids',
      what: `this is a list of bare numbers, as the devkit's ILSVRC2012_validation_ground_truth.txt. Its ids are the devkit's own and not class indices in WNID order`,
      where,
      remedy: 'Use `labels: ilsvrc2012-val`, which is the same ground truth in WNID order.',
    });
  },
};
