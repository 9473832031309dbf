import { parse } from 'csv-parse/sync';

/** What depends on the label and the name only. */
const ofEntry = new Set(['file', 'label', 'correct1', 'correct5', 'label_above', 'label_tied']);

/**
 * Of a predictions CSV whose row i is of a copy of image `sources[i]`: the names of the copies of which a network
 * says anything else than of the image's first copy.
 */
export function copiesThatDiffer(csv: string, sources: readonly number[]): string[] {
  const rows: Record<string, string>[] = parse(csv, { columns: true });
  const first = new Map<number, string>();
  return rows.flatMap((row, i) => {
    const said = Object.entries(row)
      .filter(([column]) => !ofEntry.has(column))
      .map(([, value]) => value)
      .join();
    const known = first.get(sources[i]!);
    if (known === undefined) first.set(sources[i]!, said);
    return known === undefined || known === said ? [] : [row['file']!];
  });
}
