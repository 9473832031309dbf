import type { LayeredSpec } from './draw.js';
import { ink } from './theme.js';

interface Intervals {
  /** Field of the names; the rows also have `value`, `low`, `high`, `colour` and `tip`. */
  readonly names: string;
  /** What the axis of the names has beside its colour. */
  readonly namesAxis: { readonly labelLimit: number; readonly ticks?: boolean; readonly domain?: boolean };
  /** Lowest and highest value drawn. */
  readonly domain: readonly [number, number];
  /** Title and ticks of the axis of the values. */
  readonly valuesAxis: { readonly title: string; readonly tickCount: number };
  readonly line: { readonly strokeWidth: number; readonly opacity: number };
  /** Area of a point. */
  readonly size: number;
}

/** A row a name: its interval as a line and its value as a point. With the names' axis and the values' scale, for more layers. */
export function intervals({ names, namesAxis, domain, valuesAxis, line, size }: Intervals) {
  const scale = { domain: [...domain], zero: false, nice: false };
  const y = {
    field: names,
    type: 'nominal',
    sort: null,
    axis: { title: null, labelColor: ink, ...namesAxis },
  } as const;
  const shared = {
    y,
    color: { field: 'colour', type: 'nominal', scale: null },
    description: { field: 'tip', type: 'nominal' },
  } as const;
  const layers: LayeredSpec['layer'] = [
    {
      mark: { type: 'rule', strokeCap: 'round', ...line },
      encoding: {
        ...shared,
        x: { field: 'low', type: 'quantitative', scale, axis: { ...valuesAxis, grid: true } },
        x2: { field: 'high' },
      },
    },
    {
      mark: { type: 'point', filled: true, size, opacity: 1 },
      encoding: { ...shared, x: { field: 'value', type: 'quantitative', scale } },
    },
  ];
  return { y, scale, layers };
}
