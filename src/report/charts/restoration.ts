import type { DiagnosedModel } from '../diagnosis-schema.js';
import { signed, signedRange } from '../figures.js';
import type { LayeredSpec } from './draw.js';
import { modelColour, muted } from './theme.js';

/** Top-1 drop against the float network over layers put back into float, each with its paired 95 % interval. Null where none was. */
export function restorationChart({ restoration, undisturbed }: DiagnosedModel): LayeredSpec | null {
  if (restoration.length === 0) return null;
  const steps = [{ layer: 'nothing restored', ...undisturbed.drop }, ...restoration];
  const rows = steps.map(({ layer, points, interval, errorLeft }, at) => ({
    at,
    points,
    low: interval[0],
    high: interval[1],
    tip: `${at === 0 ? layer : `${at} in float, the last being ${layer}`}: drop ${signed(points, 2)} points, 95 % interval ${signedRange(interval, 2)}; ${(100 * errorLeft).toFixed(0)} % of the scores' error left`,
  }));
  const x = {
    field: 'at',
    type: 'quantitative' as const,
    scale: { domain: [-0.3, restoration.length + 0.3], nice: false, zero: false },
    axis: { title: 'layers in float', tickMinStep: 1, format: 'd', values: rows.map(({ at }) => at) },
  };
  const y = (field: string) =>
    ({ field, type: 'quantitative', axis: { title: 'Top-1 drop, points', tickCount: 6 } }) as const;
  const description = { field: 'tip', type: 'nominal' } as const;
  return {
    data: { values: rows },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: muted, strokeWidth: 1.2, strokeDash: [4, 3] },
        encoding: { y: { field: 'zero', type: 'quantitative' } },
      },
      {
        mark: { type: 'area', color: modelColour(0), opacity: 0.14 },
        encoding: { x, y: y('low'), y2: { field: 'high' } },
      },
      { mark: { type: 'line', color: modelColour(0), strokeWidth: 2 }, encoding: { x, y: y('points') } },
      {
        mark: { type: 'point', filled: true, size: 80, opacity: 1, color: modelColour(0) },
        encoding: { x, y: y('points'), description },
      },
    ],
  };
}
