import { historyChart } from '../charts/history.js';
import { count, percent, range, signed } from '../figures.js';
import { modelNames, type HistoryPoint, type HistoryRun } from '../history.js';
import { verdictLabel } from '../wording.js';
import { badgeSign, dot } from './answer.js';
import { chartFigure } from './chart-figure.js';
import { html, prose, type Markup } from './markup.js';
import { scroll } from './scroll.js';
import { page } from './page.js';

/** Several runs as a comparison over time: a chart and a table. */
export async function historyPage(runs: readonly HistoryRun[]): Promise<string> {
  const names = modelNames(runs);
  const chart = await chartFigure({
    title: 'Top-1 over runs, with 95 % intervals',
    caption: `${count(runs.length)} runs of ${names.join(', ')}.`,
    spec: historyChart(runs),
    empty: 'No image was counted.',
    extent: { width: 1060, height: 360 },
    narrow: { width: 338, height: 320 },
    below: html`<ul class="legend">
      ${names.map((name, place) => html`<li>${dot(place)} ${name}</li>`)}
    </ul>`,
  });
  const main = html`<h1>Accuracy over ${count(runs.length)} runs</h1>
    <p class="lead">
      Each model beside its own figure of the run before. A change counts only where nothing else changed:
      what differs is named.
    </p>
    <div class="charts one">${chart}</div>
    <h2 id="runs">Runs</h2>
    <div class="panel">
      ${scroll(
        'Runs',
        html`<table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Model</th>
              <th scope="col" class="num">Top-1</th>
              <th scope="col" class="num">95 % interval</th>
              <th scope="col" class="num">Change</th>
              <th scope="col" class="num">Top-5</th>
              <th scope="col">Verdict</th>
              <th scope="col">What else differs</th>
            </tr>
          </thead>
          <tbody>
            ${runs.flatMap((run) => run.points.map((point) => row(run, point, names.indexOf(point.model.name))))}
          </tbody>
        </table>`,
      )}
    </div>`;
  return page(
    'Accuracy over runs',
    [
      { id: 'main', name: 'Chart' },
      { id: 'runs', name: 'Runs' },
    ],
    main,
  );
}

function row(
  { label, summary }: HistoryRun,
  { model, change, differences }: HistoryPoint,
  place: number,
): Markup {
  const tone = change === null || change === 0 ? '' : change < 0 ? ' down' : ' up';
  const { outcome } = model.verdict;
  return html`<tr>
    <th scope="row">${label}<small>${summary.run.title ?? summary.dataset.description}</small></th>
    <td>${dot(place)} ${model.name}</td>
    <td class="num">
      ${prose(percent(model.top1.percent))}<small
        >${count(model.top1.correct)} / ${count(model.images)}</small
      >
    </td>
    <td class="num">${prose(range(model.top1.wilson95, 2))}</td>
    <td class="num${tone}">${change === null ? '' : signed(change)}</td>
    <td class="num">${prose(percent(model.top5.percent))}</td>
    <td><span class="badge ${outcome}">${badgeSign[outcome]} ${verdictLabel[outcome]}</span></td>
    <td>
      ${differences === null ? html`<span class="muted">first run</span>` : differences.length === 0 ? html`<span class="muted">nothing</span>` : differences.join(', ')}
    </td>
  </tr>`;
}
