import type { ClassIndex, ClassName } from '../domain.js';

/**
 * A class's name for people: its name, with the WordNet id (or the index) added where two classes share the name;
 * `class N` where the data set has none.
 */
export function classNamer(classes: readonly ClassName[]): (index: ClassIndex) => string {
  const uses = new Map<string, number>();
  for (const { name } of classes) uses.set(name, (uses.get(name) ?? 0) + 1);
  const byIndex = new Map(classes.map((entry) => [entry.index, entry]));
  return (index) => {
    const entry = byIndex.get(index);
    if (entry === undefined || entry.name === '') return `class ${index}`;
    if (uses.get(entry.name) === 1) return entry.name;
    return `${entry.name} (${entry.wnid === '' ? index : entry.wnid})`;
  };
}
