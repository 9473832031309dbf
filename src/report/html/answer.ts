import { accuracyChart } from '../charts/accuracy.js';
import { MODEL_COLOURS } from '../charts/theme.js';
import { count, percent, range, signed } from '../figures.js';
import type { ModelSummary, Summary } from '../summary-schema.js';
import { documentedText, headline, verdictLabel, verdictSentence } from '../wording.js';
import { chartFigure } from './chart-figure.js';
import { html, prose, type Content, type Markup } from './markup.js';

export const badgeSign = { pass: '✓', fail: '✗', above: '▲', none: '–' } as const;

/** The question, its answer, and a card a model. */
export function answer(summary: Summary): Markup {
  const { question, answer: said, tone } = headline(summary);
  const { dataset, run } = summary;
  return html`<h1>${run.title ?? `Accuracy on ${dataset.description}`}</h1>
    <p class="lead">${count(dataset.images)} images of ${dataset.description} · ${dateOf(run.startedAt)}</p>
    <div class="answer ${tone}">
      ${run.title?.endsWith('?') === true ? null : html`<p class="question">${question}</p>`}
      <p class="said">${prose(said)}</p>
    </div>
    <h2 class="unseen">Models</h2>
    <div class="cards">${summary.models.map((model, place) => card(model, place))}</div>`;
}

/** Each model's Top-1 with its interval beside the documented figure. */
export async function accuracyFigure(summary: Summary): Promise<Markup> {
  const rows = summary.models.length;
  return chartFigure({
    title: 'Top-1 with its 95 % interval',
    caption: `${summary.models
      .map(
        ({ name, top1, documented }) =>
          `${name}: ${percent(top1.percent)} (${range(top1.wilson95, 2)}), ${documented?.top1 == null ? 'not documented' : `documented ${documentedText(documented.top1)}`}`,
      )
      .join('. ')}.`,
    spec: accuracyChart(summary),
    empty: 'No image was counted.',
    extent: { width: 1060, height: 58 + 62 * rows },
    narrow: { width: 338, height: 58 + 62 * rows },
    below: html`<ul class="legend">
      <li>● measured</li>
      <li>▬ 95 % interval (Wilson)</li>
      <li>◇ documented</li>
    </ul>`,
  });
}

/** The dot that carries a model's colour through the page. */
export function dot(place: number): Markup {
  return html`<span class="dot m${place % MODEL_COLOURS}" aria-hidden="true"></span>`;
}

function card(model: ModelSummary, place: number): Markup {
  const { top1, top5, real, documented, verdict } = model;
  const { outcome } = verdict;
  const rows: [string, Content][] = [
    ['Documented', documentedText(documented?.top1)],
    ...(verdict.difference === null
      ? []
      : ([['Difference', `${signed(verdict.difference)} points`]] as [string, Content][])),
    ['95 % interval', range(top1.wilson95, 2)],
    ['Top-5', html`${percent(top5.percent)} <small>${count(top5.correct)}</small>`],
    ...(documented?.top5 == null
      ? []
      : ([['Top-5 documented', documentedText(documented.top5)]] as [string, Content][])),
    ...(real === null
      ? []
      : ([
          [
            'ReaL Top-1',
            html`${percent(real.top1.percent)}
              <small>${count(real.top1.correct)} of ${count(real.images)}</small>`,
          ],
        ] as [string, Content][])),
  ];
  return html`<article class="card">
    <header>
      <h3>${dot(place)}${model.name}</h3>
      <span class="badge ${outcome}">${badgeSign[outcome]} ${verdictLabel[outcome]}</span>
    </header>
    <p class="figure">${top1.percent === null ? 'n/a' : top1.percent.toFixed(3)}<small> % Top-1</small></p>
    <small>${count(top1.correct)} of ${count(model.images)} images right</small>
    <dl>
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <p>${prose(verdictSentence(model))}</p>
  </article>`;
}

function dateOf(iso: string): string {
  return iso.replace('T', ' ').replace(/(:\d\d)(:\d\d)?(\.\d+)?Z$/, '$1 UTC');
}
