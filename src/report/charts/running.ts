import type { Layer, LayeredSpec } from './draw.js';
import type { RunningPoint } from '../../metrics/running.js';
import { count, decimalsFor, percent, published, range } from '../figures.js';
import { surface } from './theme.js';

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
      ...documentedLines(curves, images),
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

/** A dashed line a documented figure; equal ones are one. */
function documentedLines(curves: readonly RunningCurve[], images: number): Layer[] {
  const lines = curves.flatMap(({ documented, colour }) =>
    documented === null ? [] : [{ documented, colour }],
  );
  if (lines.length === 0) return [];
  const color = { field: 'colour', type: 'nominal' as const, scale: null };
  const y = { field: 'documented', type: 'quantitative' as const };
  return [
    {
      data: { values: lines },
      mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.2 },
      encoding: { y, color },
    },
    ...[true, false].map((halo): Layer => ({
      data: {
        values: lines.map((line) => ({ ...line, images, text: `documented ${published(line.documented)}` })),
      },
      mark: {
        type: 'text',
        align: 'right',
        dx: -4,
        dy: 12,
        fontSize: 11,
        ...(halo ? { stroke: surface, strokeWidth: 4, strokeJoin: 'round', opacity: 0.8 } : {}),
      },
      encoding: {
        x: { field: 'images', type: 'quantitative' },
        y,
        text: { field: 'text' },
        ...(halo ? { color: { value: surface } } : { color }),
      },
    })),
  ];
}
