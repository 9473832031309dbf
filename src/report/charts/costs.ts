import type { DiagnosedModel } from '../diagnosis-schema.js';
import type { LayeredSpec } from './draw.js';
import { ink, loss, modelColour, muted } from './theme.js';

/** Quantizers drawn. */
const SHOWN = 12;

/** The costliest quantizers with the interval of each; accused ones in red. Null where none was measured. */
export function costChart({ quantizers }: DiagnosedModel): LayeredSpec | null {
  const rows = quantizers
    .filter(({ cost, costInterval }) => cost !== null && costInterval !== null)
    .slice(0, SHOWN)
    .map(({ tensor, kind, cost, costInterval, fault, images }, at) => ({
      name: `${at + 1}  ${shortened(tensor)}`,
      cost: 100 * cost!,
      low: Math.max(-100, 100 * costInterval![0]),
      high: 100 * costInterval![1],
      colour: fault === null ? modelColour(0) : loss,
      tip: `${tensor} (${kind}): ${(100 * cost!).toFixed(1)} % of the error goes away, 95 % interval ${(100 * costInterval![0]).toFixed(1)} to ${(100 * costInterval![1]).toFixed(1)}, ${images} images${fault === null ? '' : `; ${fault.sentence}`}`,
    }));
  if (rows.length === 0) return null;
  const y = {
    field: 'name',
    type: 'nominal',
    sort: null,
    axis: {
      title: null,
      labelLimit: 330,
      labelColor: ink,
      ticks: false,
      domain: false,
      // On narrow screens the place only: the list beside the chart has the names.
      labelExpr: "width < 400 ? split(datum.label, '  ')[0] : datum.label",
    },
  } as const;
  const x = (field: string) =>
    ({
      field,
      type: 'quantitative',
      axis: { title: "share of the scores' error that goes away, %", tickCount: 6, grid: true },
    }) as const;
  const color = { field: 'colour', type: 'nominal', scale: null } as const;
  const description = { field: 'tip', type: 'nominal' } as const;
  return {
    data: { values: rows },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: muted, strokeWidth: 1.2 },
        encoding: { x: { field: 'zero', type: 'quantitative' } },
      },
      {
        mark: { type: 'bar', opacity: 0.55, height: { band: 0.6 } },
        encoding: { y, x: x('cost'), x2: { datum: 0 }, color, description },
      },
      {
        mark: { type: 'rule', strokeWidth: 1.6 },
        encoding: { y, x: x('low'), x2: { field: 'high' }, color, description },
      },
    ],
  };
}

/** Names of tensors are long and differ at their ends. */
function shortened(name: string): string {
  return name.length <= 44 ? name : `${name.slice(0, 14)}\u2026${name.slice(-29)}`;
}
