import type { LayeredSpec } from './draw.js';
import { count, modelDecimals, percent, range } from '../figures.js';
import { comparable, modelNames, type HistoryRun } from '../history.js';
import { modelColour, muted, surface } from './theme.js';

/** How much of the room between two runs their models take. */
const SPREAD = 0.2;
/** Characters of a run's name below its points. */
const NAME = 18;

/** Top-1 of every model over runs in order, each with its 95 % interval; null without runs. */
export function historyChart(runs: readonly HistoryRun[]): LayeredSpec | null {
  const names = modelNames(runs);
  const rows = runs.flatMap(({ label, points }, at) =>
    points.flatMap((point) => {
      const { model } = point;
      const decimals = modelDecimals(model);
      return model.top1.percent === null
        ? []
        : [
            {
              // Models stand beside each other within the width of a run.
              x: at + SPREAD * ((names.indexOf(model.name) + 0.5) / names.length - 0.5),
              model: model.name,
              line: modelColour(names.indexOf(model.name)),
              colour: comparable(point) ? modelColour(names.indexOf(model.name)) : muted,
              inside: comparable(point) ? modelColour(names.indexOf(model.name)) : surface,
              value: model.top1.percent,
              low: model.top1.wilson95[0],
              high: model.top1.wilson95[1],
              tip: `${model.name}, ${label}: ${percent(model.top1.percent, decimals)} (${count(model.top1.correct)} of ${count(model.images)}), 95 % interval ${range(model.top1.wilson95, decimals)}`,
            },
          ];
    }),
  );
  if (rows.length === 0) return null;
  const values = rows.flatMap((row) => [row.low, row.high]);
  const slack = Math.max(0.2, (Math.max(...values) - Math.min(...values)) * 0.06);
  const scale = {
    domain: [Math.max(0, Math.min(...values) - slack), Math.min(100, Math.max(...values) + slack)],
    zero: false,
    nice: false,
  };
  const labels = runs.map(({ name, label }) => [
    name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name,
    ...label.split(' '),
  ]);
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [-0.5, runs.length - 0.5], nice: false, zero: false },
    axis: {
      title: null,
      values: runs.map((_, at) => at),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      labelOverlap: true,
      ticks: false,
    },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale,
    axis: { title: 'Top-1, %', tickCount: 6 },
  });
  const common = {
    color: { field: 'colour', type: 'nominal' as const, scale: null },
  };
  const description = { field: 'tip', type: 'nominal' as const };
  return {
    data: { values: rows },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1.5, opacity: 0.5 },
        encoding: {
          x,
          y: y('value'),
          detail: { field: 'model', type: 'nominal' },
          color: { field: 'line', type: 'nominal', scale: null },
        },
      },
      {
        mark: { type: 'rule', strokeWidth: 6, strokeCap: 'round', opacity: 0.3 },
        encoding: { x, y: y('low'), y2: { field: 'high' }, description, ...common },
      },
      {
        mark: { type: 'point', size: 70, opacity: 1, strokeWidth: 2 },
        encoding: {
          x,
          y: y('value'),
          description,
          ...common,
          fill: { field: 'inside', type: 'nominal', scale: null },
        },
      },
    ],
  };
}
