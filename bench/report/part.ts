import { showSpread, spreadOf, type Spread } from './statistics.js';

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly spread: Spread;
  readonly digits: number;
  /** What the project wants of it; null for a figure that only informs. */
  readonly target: { readonly kind: 'at least' | 'at most'; readonly value: number } | null;
}

/** What one part of the bench found. */
export interface PartResult {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  /** A Markdown table of what lies behind the rows. */
  readonly table?: string;
}

export function row(
  what: string,
  unit: string,
  values: readonly number[],
  digits = 1,
  target: Row['target'] = null,
): Row {
  return { what, unit, spread: spreadOf(values), digits, target };
}

/** Whether the median meets the target; null without one. */
export function isMet({ spread, target }: Row): boolean | null {
  if (target === null) return null;
  return target.kind === 'at least' ? spread.median >= target.value : spread.median <= target.value;
}

/** A Markdown table: medians, and lowest to highest round. */
export function partTable({ title, rows, notes, table }: PartResult): string {
  const verdict = (entry: Row): string => {
    const met = isMet(entry);
    return met === null ? '' : met ? 'met' : 'missed';
  };
  const target = ({ target: wanted }: Row): string =>
    wanted === null ? '' : `${wanted.kind} ${wanted.value}`;
  return [
    `## ${title}`,
    '',
    '| what | median (lowest-highest) | unit | target | |',
    '|---|---:|---|---|---|',
    ...rows.map(
      (entry) =>
        `| ${entry.what} | ${showSpread(entry.spread, entry.digits)} | ${entry.unit} | ${target(entry)} | ${verdict(entry)} |`,
    ),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)]),
    ...(table === undefined ? [] : ['', table]),
  ].join('\n');
}
