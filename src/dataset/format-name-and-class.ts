import { DatasetError } from '../domain/errors.js';
import { isWnid } from './image-name.js';
import type { LabelFormat } from './labelling.js';

/** The last field is the class; names may hold blanks. */
const pair = /^"?(.*?)"?(?:\s*[,;\t]\s*|\s+)"?([^\s,;"]+)"?$/;

/**
 * `val.txt` of Caffe, MLPerf and others: a name and a class a line, parted by blanks, a tab or a comma. The class is an index in
 * WNID order or a WNID. A first line that names the columns is passed over.
 */
export const nameAndClass: LabelFormat = {
  title: 'name and class',
  matches: (lines) => lines.slice(0, 2).some((line) => isClass(pair.exec(line)?.[2])),
  read: (lines, { where }) =>
    lines.flatMap((text, index) => {
      const [, name, target] = pair.exec(text) ?? [];
      if (name !== undefined && target !== undefined && isClass(target)) {
        return [{ name, target, line: index + 1 }];
      }
      if (index === 0 || text.trim() === '' || text.startsWith('#')) return [];
      throw new DatasetError({
        code: 'invalid-label-line',
        what: `${JSON.stringify(text.slice(0, 80))} is no label`,
        where: `${where}, line ${index + 1}`,
        remedy: 'Expected an image name and a class index or WNID, e.g. `ILSVRC2012_val_00000001.JPEG 65`.',
      });
    }),
};

function isClass(text: string | undefined): boolean {
  return text !== undefined && (/^-?\d{1,9}$/.test(text) || isWnid(text));
}
