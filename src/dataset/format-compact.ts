import type { ClassIndex, ImageId } from '../domain/domain.js';
import { DatasetError } from '../domain/errors.js';
import type { LabelFormat } from './labelling.js';

/**
 * The form in which the 50 000 validation labels are shipped, 102 kB of plain text:
 *
 *     compact-labels 1 ILSVRC2012_val_%08d.JPEG 50000
 *     1tqy6ebi…
 *
 * The first line gives the form of the names, numbered from 1, and their number. After it come the class indices in that order,
 * two base-36 digits each; line breaks mean nothing. `ilsvrc2012-val.pack.js` beside the shipped file makes it.
 */
const firstLine = /^compact-labels 1 (\S*)%0(\d+)d(\S*) (\d+)$/;

/** Names and class indices in the order of the numbers. @throws DatasetError `invalid-compact-labels` where the text is damaged */
export function unpackLabels(text: string, where: string): [ImageId, ClassIndex][] {
  const lines = text.trimEnd().split(/\r?\n/);
  const match = firstLine.exec(lines[0] ?? '');
  const digits = lines.slice(1).join('');
  const count = Number(match?.[4] ?? -1);
  if (match === null || digits.length !== 2 * count || !/^[0-9a-z]*$/.test(digits)) {
    throw new DatasetError({
      code: 'invalid-compact-labels',
      what: `this file is damaged: expected ${count} labels of two digits but found ${digits.length / 2}`,
      where,
      remedy: 'Install the package again, or make the file anew from val.txt.',
    });
  }
  const [, prefix = '', width = '', suffix = ''] = match;
  return Array.from({ length: count }, (_, index) => [
    `${prefix}${String(index + 1).padStart(Number(width), '0')}${suffix}`,
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 36),
  ]);
}

/** The form in which this package ships labels. */
export const compact: LabelFormat = {
  title: 'compact',
  matches: (lines) => (lines[0] ?? '').startsWith('compact-labels '),
  read: (lines, { where }) =>
    unpackLabels(lines.join('\n'), where).map(([name, index]) => ({ name, target: String(index), line: 1 })),
};
