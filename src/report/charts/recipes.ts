import { count, percent, range } from '../figures.js';
import type { SweepRecord } from '../sweep.js';
import type { LayeredSpec } from './draw.js';
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
  const scale = {
    domain: [Math.max(0, Math.min(...values) - 1), Math.min(100, Math.max(...values) + 1)],
    zero: false,
    nice: false,
  };
  const y = {
    field: 'recipe',
    type: 'nominal',
    sort: null,
    axis: { title: null, labelLimit: 420, labelColor: ink, ticks: false, domain: false },
  } as const;
  const colour = { field: 'colour', type: 'nominal', scale: null } as const;
  const tip = { field: 'tip', type: 'nominal' } as const;
  return {
    data: { values: rows },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 5, strokeCap: 'round', opacity: 0.35 },
        encoding: {
          y,
          x: {
            field: 'low',
            type: 'quantitative',
            scale,
            axis: { title: 'Top-1, %', tickCount: 8, grid: true },
          },
          x2: { field: 'high' },
          color: colour,
          description: tip,
        },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { y, x: { field: 'value', type: 'quantitative', scale }, color: colour, description: tip },
      },
      ...(documented === null
        ? []
        : [
            {
              data: { values: [{ documented, tip: `documented: ${documented} %` }] },
              mark: { type: 'rule' as const, color: ink, strokeDash: [5, 4], strokeWidth: 1.4 },
              encoding: {
                x: { field: 'documented', type: 'quantitative' as const, scale },
                description: tip,
              },
            },
          ]),
    ],
  };
}
