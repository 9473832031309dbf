import { isWnid } from './image-name.js';
import type { LabelFormat } from './labelling.js';
import { labelsByNumber } from './numbered-images.js';

/** A WNID a line in the order of the image numbers, as TensorFlow's `imagenet_2012_validation_synset_labels.txt`. */
export const wnidList: LabelFormat = {
  title: 'WNIDs by image number',
  matches: (lines) => isWnid(lines[0]?.trim() ?? ''),
  read: (lines, context) =>
    labelsByNumber(
      lines.map((line) => line.trim()),
      context,
    ),
};
