import { count, percent, range } from '../figures.js';
import type { SweepRecord } from '../sweep.js';
import type { LayeredSpec } from './draw.js';
import { intervals } from './intervals.js';
import { ink, modelColour, muted } from './theme.js';

/** Recipes that a drawing shows; the table has all. */
export const RECIPES_DRAWN = 25;

/** Top-1 of the best recipes, best first, with its interval, beside the documented figure; null where none was tried. */
export function recipesChart({ recipes, model }: SweepRecord): LayeredSpec | null {
  const rows = recipes.slice(0, RECIPES_DRAWN).flatMap((recipe) =>
    recipe.percent === null
      ? []
      : [
          {
            recipe: recipe.name ?? recipe.label,
            colour: recipe.status === 'best' || recipe.status === 'tied' ? modelColour(0) : muted,
            value: recipe.percent,
            low: recipe.interval[0],
            high: recipe.interval[1],
            tip: `${recipe.name ?? recipe.label}: ${percent(recipe.percent, 2)} of ${count(recipe.images)} images (${range(recipe.interval, 1)}), ${recipe.status}`,
          },
        ],
  );
  if (rows.length === 0) return null;
  const documented = model.documented?.top1 ?? null;
  const values = [
    ...rows.flatMap(({ low, high }) => [low, high]),
    ...(documented === null ? [] : [documented]),
  ];
  const { scale, layers } = intervals({
    names: 'recipe',
    namesAxis: { labelLimit: 420, ticks: false, domain: false },
    domain: [Math.max(0, Math.min(...values) - 1), Math.min(100, Math.max(...values) + 1)],
    valuesAxis: { title: 'Top-1, %', tickCount: 8 },
    line: { strokeWidth: 5, opacity: 0.35 },
    size: 70,
  });
  return {
    data: { values: rows },
    layer: [
      ...layers,
      ...(documented === null
        ? []
        : [
            {
              data: { values: [{ documented, tip: `documented: ${documented} %` }] },
              mark: { type: 'rule' as const, color: ink, strokeDash: [5, 4], strokeWidth: 1.4 },
              encoding: {
                x: { field: 'documented', type: 'quantitative' as const, scale },
                description: { field: 'tip', type: 'nominal' as const },
              },
            },
          ]),
    ],
  };
}
