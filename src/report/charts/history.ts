import type { LayeredSpec } from './draw.js';
import { count, percent, range } from '../figures.js';
import { modelNames, type HistoryRun } from '../history.js';
import { modelColour } from './theme.js';

/** How much of the room between two runs their models take. */
const SPREAD = 0.2;

/** Top-1 of every model over runs in order, each with its 95 % interval; null without runs. */
export function historyChart(runs: readonly HistoryRun[]): LayeredSpec | null {
  const names = modelNames(runs);
  const rows = runs.flatMap(({ label, points }, at) =>
    points.flatMap(({ model }) =>
      model.top1.percent === null
        ? []
        : [
            {
              // Models stand beside each other within the width of a run.
              x: at + SPREAD * ((names.indexOf(model.name) + 0.5) / names.length - 0.5),
              model: model.name,
              colour: modelColour(names.indexOf(model.name)),
              value: model.top1.percent,
              low: model.top1.wilson95[0],
              high: model.top1.wilson95[1],
              tip: `${model.name}, ${label}: ${percent(model.top1.percent)} (${count(model.top1.correct)} of ${count(model.images)}), 95 % interval ${range(model.top1.wilson95)}`,
            },
          ],
    ),
  );
  if (rows.length === 0) return null;
  const values = rows.flatMap((row) => [row.low, row.high]);
  const slack = Math.max(0.2, (Math.max(...values) - Math.min(...values)) * 0.06);
  const scale = {
    domain: [Math.max(0, Math.min(...values) - slack), Math.min(100, Math.max(...values) + slack)],
    zero: false,
    nice: false,
  };
  const labels = runs.map((run) => run.label.split(' '));
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
        encoding: { x, y: y('value'), detail: { field: 'model', type: 'nominal' }, ...common },
      },
      {
        mark: { type: 'rule', strokeWidth: 6, strokeCap: 'round', opacity: 0.3 },
        encoding: { x, y: y('low'), y2: { field: 'high' }, description, ...common },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { x, y: y('value'), description, ...common },
      },
    ],
  };
}
