import { count, decimalsFor, pValue, signed, signedRange } from '../figures.js';
import type { Summary } from '../summary-schema.js';
import type { LayeredSpec } from './draw.js';
import { intervals } from './intervals.js';
import { ink, loss, modelColour, muted, surface } from './theme.js';

/**
 * The paired difference of every compared model with its 95 % interval, against zero and the limit of its gate
 * max_top1_drop; red where a loss is beyond chance. Null where no model is compared.
 */
export function differenceChart({ models, gates }: Summary): LayeredSpec | null {
  const rows = models.flatMap((model, place) => {
    const { comparison } = model;
    if (comparison?.top1.difference.points == null) return [];
    const { difference, mcnemarMidP } = comparison.top1;
    const value = comparison.top1.difference.points;
    const [low, high] = difference.tango95;
    const decimals = decimalsFor(comparison.images);
    const limit = gates?.models
      .find((gate) => gate.model === model.name)
      ?.verdicts.find(({ gate }) => gate === 'max_top1_drop')?.limit;
    return [
      {
        model: model.name,
        colour: high < 0 ? loss : modelColour(place),
        value,
        low,
        high,
        limit: limit === undefined ? null : -limit,
        text: `${signed(value, decimals)} points`,
        tip: `${model.name} against ${comparison.with}: ${signed(value, decimals)} points, 95 % interval ${signedRange(difference.tango95, decimals)}; ${count(comparison.flips.lost)} lost, ${count(comparison.flips.gained)} gained, McNemar mid-p ${pValue(mcnemarMidP)}`,
        limitTip: limit === undefined ? '' : `limit: a drop of ${limit} points`,
      },
    ];
  });
  if (rows.length === 0) return null;
  const bounds = [
    0,
    ...rows.flatMap(({ low, high, limit }) => [low, high, ...(limit === null ? [] : [limit])]),
  ];
  const slack = Math.max(0.2, (Math.max(...bounds) - Math.min(...bounds)) * 0.06);
  const { y, scale, layers } = intervals({
    names: 'model',
    namesAxis: { labelLimit: 160, ticks: false, domain: false },
    domain: [Math.min(...bounds) - slack, Math.max(...bounds) + slack],
    valuesAxis: { title: 'Top-1 difference, points', tickCount: 6 },
    line: { strokeWidth: 8, opacity: 0.35 },
    size: 90,
  });
  return {
    data: { values: rows },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: muted, strokeWidth: 1.2 },
        encoding: { x: { field: 'zero', type: 'quantitative', scale } },
      },
      ...layers,
      {
        transform: [{ filter: 'isValid(datum.limit)' }],
        mark: { type: 'tick', thickness: 3, size: 34, color: ink },
        encoding: {
          y,
          x: { field: 'limit', type: 'quantitative', scale },
          description: { field: 'limitTip', type: 'nominal' },
        },
      },
      ...[true, false].map((halo) => ({
        mark: {
          type: 'text' as const,
          dy: 19,
          fontSize: 12,
          color: halo ? surface : ink,
          ...(halo ? { stroke: surface, strokeWidth: 4, opacity: 0.85 } : {}),
        },
        encoding: { y, x: { field: 'value', type: 'quantitative' as const, scale }, text: { field: 'text' } },
      })),
    ],
  };
}
