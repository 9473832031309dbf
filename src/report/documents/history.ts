import { join, relative } from 'node:path';
import { historyChart } from '../charts/history.js';
import { whole } from '../charts/theme.js';
import type { Cell, ReportDocument } from '../document/document.js';
import { count, counted, joined, modelDecimals, percent, range, signed } from '../figures.js';
import type { ModelSummary } from '../summary-schema.js';
import { verdictLabel, verdictTone } from '../wording.js';
import { comparable, modelNames, type HistoryPoint, type HistoryRun } from '../history.js';

/** Several runs as a comparison over time: a chart and a table; the pages of the runs are linked from `out`. */
export function historyDocument(runs: readonly HistoryRun[], out: string): ReportDocument {
  const names = modelNames(runs);
  return {
    title: `Accuracy over ${counted(runs.length, 'run')}`,
    lead: 'Each model beside its own figure of the run before. A change speaks of the model only where nothing else changed: what differs is named, and such points are grey.',
    sections: [
      {
        id: 'chart',
        heading: null,
        nav: 'Chart',
        faces: 'page',
        blocks: [
          {
            kind: 'chart',
            title: 'Top-1 over runs, with 95 % intervals',
            caption: `${counted(runs.length, 'run')} of ${joined(names)}.`,
            spec: historyChart(runs),
            empty: 'No image was counted.',
            ...whole,
            legend: [
              ...names.map((text, model) => ({ model, text })),
              ...(runs.some(({ points }) => !points.every(comparable))
                ? [{ sign: '○', text: 'not comparable with the run before' }]
                : []),
            ],
          },
        ],
      },
      {
        id: 'runs',
        heading: 'Runs',
        nav: 'Runs',
        faces: 'written',
        blocks: [
          {
            kind: 'table',
            label: 'Runs',
            columns: [
              { head: 'Run' },
              { head: 'Model' },
              { head: 'Top-1', numeric: true },
              { head: '95 % interval', numeric: true },
              { head: 'Change', numeric: true },
              { head: 'Top-5', numeric: true },
              { head: 'Result' },
              { head: 'What else differs' },
            ],
            rows: runs.flatMap((run) =>
              run.points.map((point) => row(run, point, names.indexOf(point.model.name), out)),
            ),
          },
        ],
      },
    ],
  };
}

/** What its run said of a model: its own gates, else its documented figure; nothing where neither was asked. */
function result({ summary, answer }: HistoryRun, model: ModelSummary): Cell {
  if (answer.kind === 'bad-input') return { text: 'Bad input', badge: 'fail' };
  const verdicts = summary.gates?.models.find((gates) => gates.model === model.name)?.verdicts ?? [];
  const worst = ['fail', 'undecided', 'pass'].find((status) =>
    verdicts.some((verdict) => verdict.status === status),
  );
  if (worst === 'fail') return { text: 'Gates fail', badge: 'fail' };
  if (worst === 'undecided') return { text: 'Gates undecided', badge: 'none' };
  if (worst === 'pass') return { text: 'Gates pass', badge: 'pass' };
  return model.documented === null
    ? ''
    : { text: verdictLabel[model.verdict.outcome], badge: verdictTone(model) };
}

function row(run: HistoryRun, point: HistoryPoint, place: number, out: string): Cell[] {
  const { model, change, differences } = point;
  const { label, name, dir } = run;
  const decimals = modelDecimals(model);
  const page = relative(out, join(dir, 'report.html')).replaceAll('\\', '/');
  const told = comparable(point) && change !== null && change !== 0;
  return [
    { text: [{ text: name, file: page }], note: label },
    { text: model.name, model: place },
    {
      text: percent(model.top1.percent, decimals),
      note: `${count(model.top1.correct)} / ${count(model.images)}`,
    },
    range(model.top1.wilson95, Math.min(2, decimals)),
    {
      text: change === null ? '' : signed(change, decimals),
      ...(told ? { tone: change < 0 ? ('down' as const) : ('up' as const) } : {}),
    },
    percent(model.top5.percent, decimals),
    result(run, model),
    differences === null ? 'first run' : differences.join(', ') || 'nothing',
  ];
}
