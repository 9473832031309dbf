import { addressOf } from '../../page/filter.js';
import { tipWithDoor, type LayeredSpec } from './draw.js';
import { surface } from './theme.js';
import { counted } from '../figures.js';
import type { Margins } from '../../metrics/margin.js';

/** Bars of the drawing. */
export const MARGIN_BARS = 30;

/** How far the best class leads the second, over the images; null where no image has a margin. */
export function marginChart({ distribution }: Margins, colour: string, slug: string): LayeredSpec | null {
  if (distribution === null) return null;
  const rows = distribution.histogram.map((bar, at, bars) => ({
    ...bar,
    upper: bar.upper === bar.lower ? bar.lower + 1 : bar.upper,
    tip: tipWithDoor(
      `Margin ${bar.lower.toFixed(2)} to ${bar.upper.toFixed(2)}: ${counted(bar.images, 'image')}`,
      addressOf({ model: slug, margin: [bar.lower, bars[at + 1]?.lower ?? Infinity] }),
    ),
  }));
  return {
    data: { values: rows },
    layer: [
      {
        mark: { type: 'rect', color: colour, opacity: 0.7, stroke: surface, strokeWidth: 1 },
        encoding: {
          x: {
            field: 'lower',
            type: 'quantitative',
            scale: { nice: false },
            axis: { title: 'best score minus second best', tickCount: 6 },
          },
          x2: { field: 'upper' },
          y: { field: 'images', type: 'quantitative', axis: { title: 'images', tickCount: 4 } },
          y2: { datum: 0 },
          description: { field: 'tip', type: 'nominal' },
        },
      },
    ],
  };
}
