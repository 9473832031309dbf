import { addressOf } from '../../page/filter.js';
import { tipWithDoor, type LayeredSpec } from './draw.js';
import { count, percent } from '../figures.js';
import type { ModelSummary } from '../summary-schema.js';
import { muted, surface } from './theme.js';

/** Reliability diagram: share correct against confidence in 15 bins; null where the scores have no confidence. */
export function reliabilityChart({ calibration, slug }: ModelSummary, colour: string): LayeredSpec | null {
  const rows = calibration.bins.flatMap((bin) =>
    bin.images === 0 || bin.meanConfidence === null
      ? []
      : [
          {
            lower: 100 * bin.lower,
            upper: 100 * bin.upper,
            confidence: 100 * bin.meanConfidence,
            correct: (100 * bin.correct) / bin.images,
            weight: Math.sqrt(bin.images / calibration.images),
            tip: tipWithDoor(
              `Confidence ${(100 * bin.lower).toFixed(0)} to ${(100 * bin.upper).toFixed(0)} %: ${percent((100 * bin.correct) / bin.images, 1)} right (${count(bin.correct)} of ${count(bin.images)}), mean confidence ${percent(100 * bin.meanConfidence, 1)}`,
              addressOf({ model: slug, confidence: [bin.lower, bin.upper] }),
            ),
          },
        ],
  );
  if (rows.length === 0) return null;
  const scale = { domain: [0, 100], nice: false };
  return {
    data: { values: rows },
    layer: [
      {
        mark: { type: 'rect', color: colour, opacity: 0.3, stroke: surface, strokeWidth: 1 },
        encoding: {
          x: { field: 'lower', type: 'quantitative', scale, axis: { title: 'confidence, %', tickCount: 5 } },
          x2: { field: 'upper' },
          y: {
            field: 'correct',
            type: 'quantitative',
            scale,
            axis: { title: 'share right, %', tickCount: 5 },
          },
          y2: { datum: 0 },
          description: { field: 'tip', type: 'nominal' },
        },
      },
      {
        data: { values: [{ from: 0, to: 100 }] },
        mark: { type: 'rule', color: muted, strokeDash: [4, 4], opacity: 0.8 },
        encoding: {
          x: { field: 'from', type: 'quantitative', scale },
          y: { field: 'from', type: 'quantitative', scale },
          x2: { field: 'to' },
          y2: { field: 'to' },
        },
      },
      {
        mark: { type: 'point', filled: true, color: colour, opacity: 1 },
        encoding: {
          x: { field: 'confidence', type: 'quantitative', scale },
          y: { field: 'correct', type: 'quantitative', scale },
          size: {
            field: 'weight',
            type: 'quantitative',
            scale: { domain: [0, 1], range: [18, 160] },
            legend: null,
          },
          description: { field: 'tip', type: 'nominal' },
        },
      },
    ],
  };
}
