import type { ClassIndex, ClassName, Wnid } from '../domain/domain.js';
import { DatasetError, messageOf } from '../domain/errors.js';
import { isWnid } from './image-name.js';
import { readFileText } from './open-file.js';

/** The classes in index order. Everything is keyed by index and WNID: two classes are called "crane". */
export class Synsets {
  private readonly byWnid: ReadonlyMap<Wnid, ClassIndex>;

  constructor(readonly classes: readonly ClassName[]) {
    this.byWnid = new Map(classes.map((entry) => [entry.wnid, entry.index]));
  }

  get count(): number {
    return this.classes.length;
  }

  /** null for a WNID that is none of the classes. */
  indexOf(wnid: string): ClassIndex | null {
    return this.byWnid.get(wnid) ?? null;
  }

  has(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.count;
  }
}

function parseSynsets(text: string, where: string): Synsets {
  const classes: ClassName[] = [];
  const seen = new Set<Wnid>();
  for (const [number, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const match = /^(\S+)(?:[\s,]+(.*))?$/.exec(line.trim());
    const wnid = match?.[1] ?? '';
    if (!isWnid(wnid) || seen.has(wnid)) {
      throw new DatasetError({
        code: 'invalid-synsets',
        what: `${JSON.stringify(line)} ${seen.has(wnid) ? 'repeats a WNID' : 'does not begin with a WNID'}`,
        where: `${where}, line ${number + 1}`,
        remedy: 'Expected one class a line in index order, e.g. `n01440764 tench`.',
      });
    }
    seen.add(wnid);
    classes.push({ index: classes.length, wnid, name: match?.[2] ?? wnid });
  }
  return new Synsets(classes);
}

/**
 * Reads a class list: a WNID and a name a line, in index order, which for ImageNet is the order of the WNIDs.
 * @throws DatasetError `synsets-not-found`; `invalid-synsets` on a line of another form or a WNID that stands twice
 */
export async function readSynsets(path: string): Promise<Synsets> {
  const text = await readFileText(path).catch((cause: unknown) => {
    throw new DatasetError({
      code: 'synsets-not-found',
      what: `the class list can't be read: ${messageOf(cause)}`,
      where: path,
      remedy: 'Expected a text file with one class a line in index order, e.g. `n01440764 tench`.',
      cause,
    });
  });
  return parseSynsets(text, path);
}
