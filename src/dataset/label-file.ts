import { basename } from 'node:path';
import type { ClassIndex, ImageId } from '../domain/domain.js';
import { DatasetError, messageOf, type Fault } from '../domain/errors.js';
import { FaultList } from './fault-list.js';
import { compact } from './format-compact.js';
import { devkitGroundTruth } from './format-devkit.js';
import { kaggleSolution } from './format-kaggle-solution.js';
import { nameAndClass } from './format-name-and-class.js';
import { wnidList } from './format-wnid-list.js';
import { baseName, stem } from './image-name.js';
import {
  labelOfWnid,
  type LabelContext,
  type LabelFormat,
  type Labelling,
  type StatedLabel,
  type Unlabelled,
} from './labelling.js';
import type { Synsets } from './synsets.js';
import { readFileText } from './open-file.js';

/** In the order in which a file is tried; the first that matches reads it. */
const formats = {
  compact,
  kaggleSolution,
  wnidList,
  devkitGroundTruth,
  nameAndClass,
} satisfies Record<string, LabelFormat>;

/** Reads a label file of whichever form it has. Throws DatasetError where it has none of the known ones. */
export async function readLabelFile(path: string, context: LabelContext): Promise<Labelling> {
  const text = await readFileText(path).catch((cause: unknown) => {
    throw new DatasetError({
      code: 'labels-not-found',
      what: `the labels can't be read: ${messageOf(cause)}`,
      where: path,
      remedy: 'Expected `ilsvrc2012-val`, `folders`, `filenames`, or the path of a label file.',
      cause,
    });
  });
  const lines = text
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(/\r?\n/);
  const format = Object.values(formats).find((candidate) => candidate.matches(lines));
  if (format === undefined) {
    throw new DatasetError({
      code: 'unknown-label-format',
      what: `the first line, ${JSON.stringify((lines[0] ?? '').slice(0, 80))}, is of no known form of label file`,
      where: path,
      remedy:
        'Expected a name and a class index or WNID a line (val.txt), Kaggle’s LOC_val_solution.csv, or a list of WNIDs in the order of the image numbers.',
    });
  }
  const table = new LabelTable(await format.read(lines, context), context.synsets, path);
  return {
    description: `${basename(path)} (${format.title})`,
    label: (id) => table.label(id),
    listed: table.listed,
    faults: table.faults,
    notes: [],
  };
}

/** Labels by name: by the whole id where the file has it, otherwise by base name, otherwise by base name without ending. */
class LabelTable {
  readonly listed: readonly ImageId[];
  readonly faults: readonly Fault[];
  private readonly byName = new Map<string, ClassIndex | Unlabelled>();
  private readonly byBase = new Map<string, ClassIndex | Unlabelled>();
  private readonly byStem = new Map<string, ClassIndex | Unlabelled>();

  constructor(
    stated: readonly StatedLabel[],
    private readonly synsets: Synsets,
    private readonly path: string,
  ) {
    const faults = new FaultList();
    const fromOne = stated.length > 0 && countsFromOne(stated, synsets.count);
    for (const entry of stated) {
      const name = entry.name.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
      const found = this.resolve(entry, fromOne);
      if (typeof found !== 'number') {
        faults.add({
          ...found,
          what: `${name} ${found.what}`,
          where: `${path}, line ${entry.line}`,
          remedy: null,
        });
      }
      const contradiction = enter(this.byName, name, found);
      enter(this.byBase, baseName(name), found);
      enter(this.byStem, stem(name), found);
      if (contradiction !== null) {
        faults.add({
          ...contradiction,
          what: `${name} ${contradiction.what}`,
          where: `${path}, line ${entry.line}`,
          remedy: 'Leave one label an image.',
        });
      }
    }
    this.listed = [...this.byName.keys()];
    this.faults = faults.list();
  }

  label(id: ImageId): ClassIndex | Unlabelled {
    const found = this.byName.get(id) ?? this.byBase.get(baseName(id)) ?? this.byStem.get(stem(id));
    return found ?? { code: 'missing-label', what: `is not in ${basename(this.path)}` };
  }

  private resolve(entry: StatedLabel, fromOne: boolean): ClassIndex | Unlabelled {
    if (!/^-?\d+$/.test(entry.target)) return labelOfWnid(entry.target, this.synsets);
    const index = Number(entry.target);
    if (this.synsets.has(index)) return index;
    const hint = fromOne ? '; this file seems to count classes from 1 instead of 0' : '';
    return {
      code: 'label-out-of-range',
      what: `has class ${index}, but classes are 0 to ${this.synsets.count - 1}${hint}`,
    };
  }
}

/** Returns the contradiction that the name has just got into, if any; from then on it has no label. */
function enter(
  table: Map<string, ClassIndex | Unlabelled>,
  name: string,
  found: ClassIndex | Unlabelled,
): Unlabelled | null {
  const before = table.get(name);
  if (typeof before !== 'number' || typeof found !== 'number') {
    if (before === undefined) table.set(name, found);
    return null;
  }
  if (before === found) return null;
  const contradiction: Unlabelled = {
    code: 'contradictory-labels',
    what: `is given both class ${before} and class ${found}`,
  };
  table.set(name, contradiction);
  return contradiction;
}

function countsFromOne(stated: readonly StatedLabel[], classes: number): boolean {
  const targets = new Set(stated.map((entry) => entry.target));
  return !targets.has('0') && targets.has(String(classes));
}
