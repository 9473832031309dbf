import { accuracyChart } from '../charts/accuracy.js';
import type { ChartBlock, Column, RichCell, TableBlock } from '../document/document.js';
import { count, decimalsFor, modelDecimals, percent, range, signed } from '../figures.js';
import type { ModelSummary, Summary } from '../summary-schema.js';
import { documentedText, verdictLabel, verdictReason, verdictTone } from '../wording.js';

interface Figure {
  readonly column: Column;
  readonly cell: (model: ModelSummary, place: number) => RichCell;
}

/** A row a model, with columns only for what was asked and found. */
export function modelTable({ models }: Summary): TableBlock {
  const any = (has: (model: ModelSummary) => boolean, figure: Figure): Figure[] =>
    models.some(has) ? [figure] : [];
  const nothing: RichCell = { text: '' };
  const figures: Figure[] = [
    { column: { head: 'Model' }, cell: (model, place) => ({ text: model.name, model: place }) },
    {
      column: { head: 'Top-1', numeric: true },
      cell: (model) => ({
        text: percent(model.top1.percent, modelDecimals(model)),
        note: `${count(model.top1.correct)} of ${count(model.images)}`,
      }),
    },
    {
      column: { head: '95 % interval', numeric: true, wide: true },
      cell: (model) => ({ text: range(model.top1.wilson95, Math.min(2, modelDecimals(model))) }),
    },
    ...any(({ documented }) => documented?.top1 != null, {
      column: { head: 'Documented Top-1', numeric: true },
      cell: ({ documented }) =>
        documented?.top1 == null ? nothing : { text: documentedText(documented.top1) },
    }),
    ...any(({ verdict }) => verdict.difference !== null, {
      column: { head: 'Difference', numeric: true, wide: true },
      cell: (model) =>
        model.verdict.difference === null
          ? nothing
          : { text: `${signed(model.verdict.difference, modelDecimals(model))} points` },
    }),
    ...any(({ comparison }) => comparison !== null, {
      column: { head: 'Against', numeric: true },
      cell: ({ comparison }) =>
        comparison === null
          ? nothing
          : {
              text: `${signed(comparison.top1.difference.points ?? 0, decimalsFor(comparison.images))} points`,
              note: comparison.with,
            },
    }),
    {
      column: { head: 'Top-5', numeric: true },
      cell: (model) => ({
        text: percent(model.top5.percent, modelDecimals(model)),
        note: count(model.top5.correct),
      }),
    },
    ...any(({ documented }) => documented?.top5 != null, {
      column: { head: 'Documented Top-5', numeric: true, wide: true },
      cell: ({ documented }) =>
        documented?.top5 == null ? nothing : { text: documentedText(documented.top5) },
    }),
    ...any(({ real }) => real !== null, {
      column: { head: 'ReaL Top-1', numeric: true, wide: true },
      cell: ({ real }) =>
        real === null
          ? nothing
          : {
              text: percent(real.top1.percent, decimalsFor(real.images)),
              note: `${count(real.top1.correct)} of ${count(real.images)}`,
            },
    }),
    ...any(({ documented }) => documented !== null, {
      column: { head: 'Verdict', wide: true },
      cell: (model) =>
        model.documented === null
          ? nothing
          : {
              text: verdictLabel[model.verdict.outcome],
              badge: verdictTone(model),
              detail: verdictReason(model),
            },
    }),
  ];
  return {
    kind: 'table',
    label: 'Models',
    cards: true,
    columns: figures.map(({ column }) => column),
    rows: models.map((model, place) => figures.map(({ cell }) => cell(model, place))),
  };
}

/** Each model's Top-1 with its interval beside the documented figure; where none is documented, the table says it all. */
export function accuracyFigure(summary: Summary): ChartBlock | null {
  const { models } = summary;
  if (models.every(({ documented }) => documented?.top1 == null)) return null;
  return {
    kind: 'chart',
    title: 'Top-1 beside the documented figure',
    caption: `${models
      .map(
        (model) =>
          `${model.name}: ${percent(model.top1.percent, modelDecimals(model))} (95 % interval ${range(model.top1.wilson95, Math.min(2, modelDecimals(model)))}), ${model.documented?.top1 == null ? 'not documented' : `documented ${documentedText(model.documented.top1)}`}`,
      )
      .join('. ')}.`,
    spec: accuracyChart(summary),
    empty: 'No image was counted.',
    extent: { width: 1060, height: 58 + 62 * models.length },
    narrow: { width: 338, height: 58 + 62 * models.length },
    legend: [
      { sign: '●', text: 'measured' },
      { sign: '▬', text: '95 % interval (Wilson), of one model alone' },
      { sign: '◇', text: 'documented' },
    ],
  };
}
