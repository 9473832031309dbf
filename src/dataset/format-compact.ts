import { isCompactLabels, unpackLabels } from './compact-labels.js';
import type { LabelFormat } from './label-format.js';

/** The form in which this package ships labels. */
export const compact: LabelFormat = {
  title: 'compact',
  matches: (lines) => isCompactLabels(lines[0] ?? ''),
  read: (lines, { where }) =>
    unpackLabels(lines.join('\n'), where).map(([name, index]) => ({ name, target: String(index), line: 1 })),
};
