import type { ClassIndex, ClassName } from '../domain/domain.js';

export type ClassNamer = (index: ClassIndex) => string;

/**
 * A class's name for people: its first synonym; all of them where another class has the same first one; the WordNet
 * id (or the index) added where even these are the same; `class N` where the data set has no name.
 */
export function classNamer(classes: readonly ClassName[]): ClassNamer {
  const firsts = uses(classes.map(({ name }) => first(name)));
  const names = uses(classes.map(({ name }) => name));
  const byIndex = new Map(classes.map((entry) => [entry.index, entry]));
  return (index) => {
    const entry = byIndex.get(index);
    if (entry === undefined || entry.name === '') return `class ${index}`;
    if (firsts.get(first(entry.name)) === 1) return first(entry.name);
    if (names.get(entry.name) === 1) return entry.name;
    return `${entry.name} (${entry.wnid === '' ? index : entry.wnid})`;
  };
}

function first(name: string): string {
  return name.split(',')[0]!.trim() || name;
}

function uses(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
