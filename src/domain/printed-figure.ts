/** A percentage as its source prints it: 74.38 has two decimals, and so has "74.40". */
export interface PrintedFigure {
  /** In [0, 100]. */
  readonly percent: number;
  readonly decimals: number;
}

/** @param value a number, or its text where zeros at its end are to be kept */
export function printedFigure(value: number | string): PrintedFigure {
  const text = String(value);
  const point = text.indexOf('.');
  return { percent: Number(value), decimals: point === -1 ? 0 : text.length - point - 1 };
}

/** Half of a unit of the last printed digit: what lies as near as this prints as the same figure. */
export function halfUnit(decimals: number): number {
  return 0.5 * 10 ** -decimals;
}

/** Top-1 and Top-5 as a config or a manifest states them, for a record. */
export function printedFigures(
  top1: number | string | undefined,
  top5: number | string | undefined,
): {
  readonly top1: number | null;
  readonly top5: number | null;
  readonly top1Decimals: number | null;
  readonly top5Decimals: number | null;
} {
  const [first, fifth] = [top1, top5].map((value) => (value === undefined ? null : printedFigure(value)));
  return {
    top1: first?.percent ?? null,
    top5: fifth?.percent ?? null,
    top1Decimals: first?.decimals ?? null,
    top5Decimals: fifth?.decimals ?? null,
  };
}
