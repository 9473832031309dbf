import type { LayeredSpec } from './draw.js';
import { count, modelDecimals, percent, published, range } from '../figures.js';
import type { Summary } from '../summary-schema.js';
import { intervals } from './intervals.js';
import { ink, modelColour, surface } from './theme.js';

/** Measured Top-1 of every model with its 95 % interval, beside the documented figure; null without images. */
export function accuracyChart({ models }: Summary): LayeredSpec | null {
  const rows = models.flatMap((model, place) =>
    model.top1.percent === null
      ? []
      : [
          {
            model: model.name,
            colour: modelColour(place),
            value: model.top1.percent,
            low: model.top1.wilson95[0],
            high: model.top1.wilson95[1],
            documented: model.documented?.top1 ?? null,
            text: percent(model.top1.percent, modelDecimals(model)),
            tip: `${model.name}: Top-1 ${percent(model.top1.percent, modelDecimals(model))} (${count(model.top1.correct)} of ${count(model.images)}), 95 % interval ${range(model.top1.wilson95, modelDecimals(model))}`,
            documentedTip:
              model.documented?.top1 == null
                ? ''
                : `${model.name}: documented ${published(model.documented.top1)}`,
          },
        ],
  );
  if (rows.length === 0) return null;
  const values = rows.flatMap((row) => [
    row.low,
    row.high,
    ...(row.documented === null ? [] : [row.documented]),
  ]);
  const slack = Math.max(0.2, (Math.max(...values) - Math.min(...values)) * 0.06);
  const { y, scale, layers } = intervals({
    names: 'model',
    namesAxis: { labelLimit: 160 },
    domain: [Math.max(0, Math.min(...values) - slack), Math.min(100, Math.max(...values) + slack)],
    valuesAxis: { title: 'Top-1, %', tickCount: 6 },
    line: { strokeWidth: 8, opacity: 0.3 },
    size: 90,
  });
  return {
    data: { values: rows },
    layer: [
      ...layers,
      {
        transform: [{ filter: 'isValid(datum.documented)' }],
        mark: {
          type: 'point',
          shape: 'diamond',
          filled: true,
          size: 110,
          opacity: 1,
          color: surface,
          stroke: ink,
          strokeWidth: 1.6,
          yOffset: -14,
        },
        encoding: {
          y,
          x: { field: 'documented', type: 'quantitative', scale },
          description: { field: 'documentedTip', type: 'nominal' },
        },
      },
      {
        mark: { type: 'text', dy: 17, fontSize: 12, color: ink },
        encoding: { y, x: { field: 'value', type: 'quantitative', scale }, text: { field: 'text' } },
      },
    ],
  };
}
