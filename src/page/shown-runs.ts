/** Which runs a page of `imagenet-eval view` shows, by their places among those it was given. */
export interface ShownRuns {
  readonly first: number;
  /** Beside the first; null: none. */
  readonly second: number | null;
  /** Whose image is open, where one is. */
  readonly open: 'first' | 'second';
}

/** What a page's address asks for in its query; two runs stand side by side unless it asks otherwise. */
export function shownRuns(search: string, runs: number): ShownRuns {
  const query = new URLSearchParams(search);
  const place = (name: string, otherwise: number | null): number | null => {
    const text = query.get(name);
    if (text === null) return otherwise;
    return /^\d{1,4}$/.test(text) && Number(text) < runs ? Number(text) : null;
  };
  return {
    first: place('run', 0) ?? 0,
    second: place('beside', runs === 2 ? 1 : null),
    open: query.get('open') === 'beside' ? 'second' : 'first',
  };
}

/** The query of an address that asks for these runs; what else is in it, stays. */
export function searchOf(search: string, { first, second, open }: ShownRuns): string {
  const query = new URLSearchParams(search);
  query.set('run', String(first));
  query.set('beside', second === null ? '' : String(second));
  if (open === 'second') query.set('open', 'beside');
  else query.delete('open');
  return `?${query.toString()}`;
}
