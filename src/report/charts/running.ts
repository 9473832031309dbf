import type { Layer, LayeredSpec } from './draw.js';
import type { RunningPoint } from '../../metrics/running.js';
import { count, decimalsFor, percent, range } from '../figures.js';

export interface RunningCurve {
  readonly name: string;
  readonly colour: string;
  readonly documented: number | null;
  readonly points: readonly RunningPoint[];
}

/** Top-1 of every model after each image seen on one scale, intervals narrowing, and documented figures; null without images. */
export function runningChart(curves: readonly RunningCurve[]): LayeredSpec | null {
  const images = curves[0]?.points.at(-1)?.images ?? 0;
  if (images === 0) return null;
  const decimals = decimalsFor(images);
  const rows = curves.flatMap(({ name, colour, points }) =>
    points.map(({ images: seen, correct, interval }) => {
      const bounds = [100 * interval.lower, 100 * interval.upper] as const;
      return {
        name,
        colour,
        images: seen,
        value: (100 * correct) / seen,
        low: bounds[0],
        high: bounds[1],
        tip: `${name} after ${count(seen)}: ${percent((100 * correct) / seen, decimals)} (${count(correct)}), 95 % interval ${range(bounds, decimals)}`,
      };
    }),
  );
  const domain = view(curves);
  const x = {
    field: 'images',
    type: 'quantitative' as const,
    axis: { title: 'images seen', tickCount: 6 },
    scale: { nice: false, domain: [0, images] },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain, nice: false, zero: false },
    axis: { title: 'Top-1, %', tickCount: 5, grid: true },
  });
  const color = { field: 'colour', type: 'nominal' as const, scale: null };
  return {
    data: { values: rows },
    layer: [
      {
        mark: { type: 'area', opacity: 0.14, clip: true },
        encoding: { x, y: y('low'), y2: { field: 'high' }, color },
      },
      { mark: { type: 'line', strokeWidth: 2, clip: true }, encoding: { x, y: y('value'), color } },
      {
        transform: [{ filter: `datum.value >= ${domain[0]} && datum.value <= ${domain[1]}` }],
        mark: { type: 'point', opacity: 0, filled: true, size: 60 },
        encoding: { x, y: y('value'), color, description: { field: 'tip', type: 'nominal' } },
      },
      ...documentedLines(curves),
    ],
  };
}

/** The first few images swing over the whole range: the view keeps to a few final intervals around the ends. */
function view(curves: readonly RunningCurve[]): [number, number] {
  const bounds = curves.flatMap(({ points, documented }) => {
    const { correct, images, interval } = points.at(-1)!;
    const final = (100 * correct) / images;
    const reach = Math.max(3, 3 * (100 * interval.upper - final));
    return [final - reach, final + reach, ...(documented === null ? [] : [documented - 1, documented + 1])];
  });
  return [Math.max(0, Math.min(...bounds)), Math.min(100, Math.max(...bounds))];
}

/** A dashed line a documented figure, named in the legend: two that lie close could not both be labelled. */
function documentedLines(curves: readonly RunningCurve[]): Layer[] {
  const lines = curves.flatMap(({ documented, colour }) =>
    documented === null ? [] : [{ documented, colour }],
  );
  if (lines.length === 0) return [];
  return [
    {
      data: { values: lines },
      mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.2 },
      encoding: {
        y: { field: 'documented', type: 'quantitative' },
        color: { field: 'colour', type: 'nominal', scale: null },
      },
    },
  ];
}
