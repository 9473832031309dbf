import type { Layer, LayeredSpec } from './draw.js';
import type { RunningPoint } from '../../metrics/running.js';
import { count, percent, published, range } from '../figures.js';
import { ink, surface } from './theme.js';

/** Top-1 after each image seen, its 95 % interval narrowing, and the documented figure; null without images. */
export function runningChart(
  points: readonly RunningPoint[],
  documented: number | null,
  colour: string,
): LayeredSpec | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  const rows = points.map(({ images, correct, interval }) => {
    const bounds = [100 * interval.lower, 100 * interval.upper] as const;
    return {
      images,
      value: (100 * correct) / images,
      low: bounds[0],
      high: bounds[1],
      tip: `After ${count(images)}: ${percent((100 * correct) / images)} (${count(correct)}), 95 % interval ${range(bounds)}`,
    };
  });
  const final = (100 * last.correct) / last.images;
  // The first few images swing over the whole range; the view keeps to a few final intervals around the end.
  const reach = Math.min(
    60,
    Math.max(4 * (100 * last.interval.upper - final), 3, 1.3 * Math.abs(final - (documented ?? final))),
  );
  const domain = [Math.max(0, final - reach), Math.min(100, final + reach)];
  const x = {
    field: 'images',
    type: 'quantitative' as const,
    axis: { title: 'images seen', tickCount: 4 },
    scale: { nice: false, domain: [0, last.images] },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain, nice: false, zero: false },
    axis: { title: 'Top-1, %', tickCount: 5 },
  });
  return {
    data: { values: rows },
    layer: [
      {
        mark: { type: 'area', color: colour, opacity: 0.2, clip: true },
        encoding: { x, y: y('low'), y2: { field: 'high' } },
      },
      { mark: { type: 'line', color: colour, strokeWidth: 2, clip: true }, encoding: { x, y: y('value') } },
      {
        transform: [{ filter: `datum.value >= ${domain[0]!} && datum.value <= ${domain[1]!}` }],
        mark: { type: 'point', opacity: 0, filled: true, size: 60, color: colour },
        encoding: { x, y: y('value'), description: { field: 'tip', type: 'nominal' } },
      },
      ...(documented === null ? [] : documentedLine(documented, last.images, documented >= final)),
    ],
  };
}

function documentedLine(documented: number, images: number, above: boolean): Layer[] {
  const y = { field: 'documented', type: 'quantitative' as const };
  return [
    {
      data: { values: [{ documented }] },
      mark: { type: 'rule', color: ink, strokeDash: [5, 4], strokeWidth: 1.2 },
      encoding: { y },
    },
    ...[true, false].map((halo): Layer => ({
      data: { values: [{ documented, images, text: `documented ${published(documented)}` }] },
      mark: {
        type: 'text',
        align: 'right',
        dx: -4,
        dy: above ? -9 : 13,
        fontSize: 11,
        color: halo ? surface : ink,
        ...(halo ? { stroke: surface, strokeWidth: 4, strokeJoin: 'round', opacity: 0.8 } : {}),
      },
      encoding: { x: { field: 'images', type: 'quantitative' }, y, text: { field: 'text' } },
    })),
  ];
}
