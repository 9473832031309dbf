import type { LayeredSpec } from './draw.js';
import { count } from '../figures.js';
import type { Summary } from '../summary-schema.js';
import { muted } from './theme.js';

/** Images a second over the run, each step between two counts; null where there were not two. */
export function throughputChart({ run }: Summary): LayeredSpec | null {
  const points = [{ seconds: 0, images: 0 }, ...run.throughput];
  const rows = points.slice(1).flatMap((point, index) => {
    const before = points[index]!;
    const seconds = point.seconds - before.seconds;
    if (seconds <= 0) return [];
    const rate = (point.images - before.images) / seconds;
    return [
      {
        from: before.seconds,
        seconds: point.seconds,
        rate,
        tip: `At ${point.seconds.toFixed(1)} s: ${rate.toFixed(1)} images a second, ${count(point.images)} done`,
      },
    ];
  });
  if (rows.length < 2) return null;
  const x = {
    field: 'seconds',
    type: 'quantitative',
    axis: { title: 'seconds', tickCount: 5 },
    scale: { nice: false, zero: true },
  } as const;
  const y = {
    field: 'rate',
    type: 'quantitative',
    axis: { title: 'images a second', tickCount: 4 },
    scale: { zero: true },
  } as const;
  return {
    data: { values: rows },
    layer: [
      {
        mark: { type: 'area', color: 'var(--m0)', opacity: 0.14, interpolate: 'monotone' },
        encoding: { x, y },
      },
      {
        mark: { type: 'line', color: 'var(--m0)', strokeWidth: 2, interpolate: 'monotone' },
        encoding: { x, y },
      },
      {
        mark: { type: 'point', opacity: 0, filled: true, size: 60 },
        encoding: { x, y, description: { field: 'tip', type: 'nominal' } },
      },
      {
        data: { values: run.imagesPerSecond === null ? [] : [{ rate: run.imagesPerSecond }] },
        mark: { type: 'rule', color: muted, strokeDash: [4, 4] },
        encoding: { y },
      },
    ],
  };
}
