import type { DiagnosedModel } from '../diagnosis-schema.js';
import type { LayeredSpec } from './draw.js';
import { ink, loss, modelColour, muted } from './theme.js';

/** SQNR of every tensor that both networks have, from the input to the scores; tensors of accused quantizers are marked. Null without any. */
export function depthChart({ depth, quantizers }: DiagnosedModel): LayeredSpec | null {
  if (depth.length < 2) return null;
  const accused = new Set(quantizers.filter(({ fault }) => fault !== null).map(({ tensor }) => tensor));
  const rows = depth.map(({ tensor, operator, sqnr }, at) => ({
    at: at + 1,
    sqnr,
    accused: accused.has(tensor),
    tip: `${tensor} (${operator}): ${sqnr.toFixed(1)} dB${accused.has(tensor) ? ', its quantizer is accused' : ''}`,
  }));
  const x = {
    field: 'at',
    type: 'quantitative' as const,
    scale: { domain: [0, depth.length + 1], nice: false },
    axis: { title: 'tensors, from the input to the scores', tickCount: 8, tickMinStep: 1, format: 'd' },
  };
  const y = {
    field: 'sqnr',
    type: 'quantitative',
    scale: { zero: false },
    axis: { title: 'SQNR, dB', tickCount: 6 },
  } as const;
  const description = { field: 'tip', type: 'nominal' } as const;
  return {
    data: { values: rows },
    layer: [
      { mark: { type: 'line', strokeWidth: 1.2, color: muted, opacity: 0.6 }, encoding: { x, y } },
      {
        mark: { type: 'point', filled: true, size: 40, opacity: 0.9, color: modelColour(0) },
        encoding: { x, y, description },
      },
      {
        transform: [{ filter: 'datum.accused' }],
        mark: {
          type: 'point',
          filled: true,
          size: 130,
          opacity: 1,
          color: loss,
          stroke: ink,
          strokeWidth: 0.5,
        },
        encoding: { x, y, description },
      },
    ],
  };
}
