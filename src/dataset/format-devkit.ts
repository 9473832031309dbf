import { DatasetError } from '../domain/errors.js';
import type { LabelFormat } from './label-format.js';
import { labelsByNumber } from './numbered-images.js';

/**
 * The devkit's `ILSVRC2012_validation_ground_truth.txt`: a number a line, in the devkit's own ids from 1, which are not class
 * indices in WNID order. Read as such they give near-zero accuracy, so this form needs the devkit's table of ids and WNIDs.
 */
export const devkitGroundTruth: LabelFormat = {
  title: 'devkit ground truth',
  matches: (lines) => /^\s*\d{1,9}\s*$/.test(lines[0] ?? ''),
  read: (lines, context) => {
    const { meta, where } = context;
    if (meta === null) {
      throw new DatasetError({
        code: 'devkit-ids',
        what: `this is a list of bare numbers, as the devkit's ILSVRC2012_validation_ground_truth.txt. Its ids are the devkit's own and not class indices in WNID order`,
        where,
        remedy:
          'Use `labels: ilsvrc2012-val`, which is the same ground truth in WNID order, or give the devkit’s table as `meta`: a text file with an id and a WNID a line.',
      });
    }
    const targets = lines.map((line, place) => {
      const wnid = meta.get(Number(line.trim()));
      if (wnid !== undefined) return wnid;
      throw new DatasetError({
        code: 'unknown-devkit-id',
        what: `${JSON.stringify(line.trim().slice(0, 40))} is no id of the devkit's table`,
        where: `${where}, line ${place + 1}`,
        remedy: 'Give the ground truth and the table of the same devkit.',
      });
    });
    return labelsByNumber(targets, context);
  },
};

/** Reads a table of ids and WNIDs: `id WNID …` a line, parted by blanks, tabs or commas; other lines are headings. */
export function parseDevkitMeta(text: string, where: string): Map<number, string> {
  const table = new Map<number, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(\d{1,6})[\s,]+"?(n\d{8})\b/.exec(line);
    if (match !== null) table.set(Number(match[1]), match[2] ?? '');
  }
  if (table.size > 0) return table;
  throw new DatasetError({
    code: 'invalid-devkit-meta',
    what: 'no line gives an id and a WNID',
    where,
    remedy:
      "Expected the devkit's synsets as text, e.g. `1 n02119789` a line; meta.mat itself can't be read.",
  });
}
