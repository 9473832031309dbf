import { classScatter } from '../charts/class-scatter.js';
import { flipsMatrix } from '../charts/flips-matrix.js';
import { modelColour } from '../charts/theme.js';
import { classNamer } from '../class-name.js';
import { count, counted, percent, pValue, signed, signedRange } from '../figures.js';
import { mostChanged, type ClassChange } from '../most-changed.js';
import type { Report } from '../report.js';
import type { ComparisonSummary, ModelSummary } from '../summary-schema.js';
import { comparisonSentence } from '../wording.js';
import { chartFigure } from './chart-figure.js';
import { scroll } from './scroll.js';
import { html, prose, type Markup } from './markup.js';

/** Classes in the list of those that lost most. */
const LISTED = 8;

/** Every compared model against its reference; nothing where none is compared. */
export async function pairs(report: Report): Promise<Markup | null> {
  const compared = report.summary.models.flatMap((model, place) =>
    model.comparison === null ? [] : [{ model, place, comparison: model.comparison }],
  );
  if (compared.length === 0) return null;
  const parts: Markup[] = [];
  for (const { model, place, comparison } of compared)
    parts.push(await pair(report, model, place, comparison));
  return html`${parts}`;
}

async function pair(
  { record, summary }: Report,
  model: ModelSummary,
  place: number,
  comparison: ComparisonSummary,
): Promise<Markup> {
  const nameOf = classNamer(record.dataset.classes);
  const colour = modelColour(place);
  const changed = mostChanged(model, summary, LISTED);
  const [loss, disagree] = [comparison.flips, comparison.images - comparison.agreement.images];
  const classes = model.perClass.images.filter((images) => images > 0).length;
  return html`<h2 id="pair-${model.slug}">${model.name} against ${comparison.with}</h2>
    <p>${prose(comparisonSentence(model, comparison))}</p>
    <div class="pair">
      <div class="panel">${outcomeTable(model, comparison)}</div>
      <div class="panel">${lostMost(changed, model, comparison, nameOf)}</div>
    </div>
    <div class="charts two">
      ${await chartFigure({
        title: 'Accuracy class by class',
        caption: `Each point is a class, or several with the same figures; below the diagonal ${model.name} loses. ${counted(classes, 'class', 'classes')} with images.`,
        spec: classScatter(model, summary, nameOf),
        empty: 'No class has images.',
        extent: { width: 500, height: 470 },
        narrow: { width: 338, height: 330 },
      })}${await chartFigure({
        title: 'Where the two answer differently',
        caption: `Images on which ${comparison.with} says the row and ${model.name} the column, for the pairs of classes that differ most: ${count(disagree)} of ${counted(comparison.images, 'image')} differ, ${count(loss.lost)} of them lost and ${count(loss.gained)} gained.`,
        spec: flipsMatrix(model, comparison, colour, nameOf),
        empty: 'Both models give the same class to every image.',
        extent: { width: 500, height: 450 },
        narrow: { width: 338, height: 340 },
      })}
    </div>`;
}

function outcomeTable(
  model: ModelSummary,
  { top1, top5, agreement, with: reference }: ComparisonSummary,
): Markup {
  const rows = [
    ['Top-1', top1],
    ['Top-5', top5],
  ] as const;
  const cells = (pick: (figure: ComparisonSummary['top1']) => string): Markup[] =>
    rows.map(([, figure]) => html`<td class="num">${pick(figure)}</td>`);
  const title = 'The same images, one by one';
  return html`<h3>${title}</h3>
    ${scroll(
      `${title}: ${model.name}`,
      html`<table>
        <thead>
          <tr>
            <td></td>
            ${rows.map(([name]) => html`<th scope="col" class="num">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Difference <small>points</small></th>
            ${cells(({ difference }) => (difference.points === null ? 'n/a' : signed(difference.points)))}
          </tr>
          <tr>
            <th scope="row">95 % interval <small>Tango, points</small></th>
            ${cells(({ difference }) => signedRange(difference.tango95, 2))}
          </tr>
          <tr>
            <th scope="row">Lost <small>only ${reference} right</small></th>
            ${cells(({ table }) => count(table.b))}
          </tr>
          <tr>
            <th scope="row">Gained <small>only ${model.name} right</small></th>
            ${cells(({ table }) => count(table.c))}
          </tr>
          <tr>
            <th scope="row">Both right</th>
            ${cells(({ table }) => count(table.a))}
          </tr>
          <tr>
            <th scope="row">Both wrong</th>
            ${cells(({ table }) => count(table.d))}
          </tr>
          <tr>
            <th scope="row">McNemar mid-p</th>
            ${cells(({ mcnemarMidP }) => pValue(mcnemarMidP))}
          </tr>
          <tr>
            <th scope="row">Same class</th>
            <td class="num">${percent(agreement.percent, 2)}<small>${count(agreement.images)}</small></td>
            <td></td>
          </tr>
        </tbody>
      </table>`,
    )}`;
}

function lostMost(
  changed: readonly ClassChange[],
  model: ModelSummary,
  { with: reference, classDrift }: ComparisonSummary,
  nameOf: (index: number) => string,
): Markup {
  const { flagged, blind, leastOneWayFlips, falseDiscoveryRate } = classDrift;
  const note = blind
    ? `No class has the ${leastOneWayFlips} images it would take to flag it alone: this list shows where to look, it proves nothing.`
    : flagged.length === 0
      ? `No class changes beyond chance (McNemar in each class, false discovery rate ${falseDiscoveryRate}); a lone class is found from ${leastOneWayFlips} one-sided flips on.`
      : `Beyond chance (false discovery rate ${falseDiscoveryRate}): ${flagged.slice(0, 12).map(nameOf).join(', ')}${flagged.length > 12 ? ` and ${flagged.length - 12} more` : ''}.`;
  if (changed.length === 0)
    return html`<h3>Classes that lost most</h3>
      <p class="muted">No class has fewer images right.</p>`;
  return html`<h3>Classes that lost most</h3>
    ${scroll(
      `Classes that lost most: ${model.name}`,
      html`<table>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="num">${reference}</th>
            <th scope="col" class="num">${model.name}</th>
            <th scope="col" class="num">Change</th>
          </tr>
        </thead>
        <tbody>
          ${changed.map(
            ({ class: index, images, reference: before, candidate }) =>
              html`<tr>
                <th scope="row">${nameOf(index)}</th>
                <td class="num">${before}<span class="muted"> / ${images}</span></td>
                <td class="num">${candidate}<span class="muted"> / ${images}</span></td>
                <td class="num down">${signed(candidate - before, 0)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
    <p><small>${note}</small></p>`;
}
