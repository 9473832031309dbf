import { classNamer } from '../class-name.js';
import { count, score } from '../figures.js';
import type { FlipSide } from '../flips.js';
import { galleryItems, type GalleryItem } from '../gallery-choice.js';
import type { Report } from '../report.js';
import { html, trusted, type Markup } from '../document/markup.js';

/** Images shown before "show all". */
const FIRST = 12;

const kindNames = {
  lost: 'Lost',
  gained: 'Gained',
  'both-wrong': 'Both wrong',
  mistake: 'Wrong and sure',
} as const satisfies Record<GalleryItem['kind'], string>;

/** The images on which models disagree, with filters; each with its label and both answers. */
export function gallery(report: Report): Markup {
  const items = galleryItems(report.record);
  const { models } = report.summary;
  const differ = models.reduce(
    (sum, { comparison }) =>
      sum + (comparison === null ? 0 : comparison.images - comparison.agreement.images),
    0,
  );
  const compared = models.some((model) => model.comparison !== null);
  const title = compared ? 'Images on which the models disagree' : 'Mistakes made with most confidence';
  if (items.length === 0)
    return html`<h2 id="gallery-title">${title}</h2>
      <p class="empty">
        ${compared ? 'The models give the same class to every image.' : 'No image was classified wrongly.'}
      </p>`;
  const nameOf = classNamer(report.record.dataset.classes);
  const lead = compared
    ? `${count(items.length)} of ${count(differ)} disagreements, those where both models are most sure first.`
    : `${count(items.length)} wrong answers, the surest first.`;
  return html`<h2 id="gallery-title">${title}</h2>
    <p>${lead}</p>
    <section id="gallery" data-first="${FIRST}" aria-labelledby="gallery-title">
      ${filters(items, nameOf)}
      <ul class="gallery">
        ${items.map((item) => entry(item, report, nameOf))}
      </ul>
      <p class="empty" data-empty hidden>Nothing fits these filters.</p>
    </section>`;
}

function filters(items: readonly GalleryItem[], nameOf: (index: number) => string): Markup {
  const kinds = [...new Set(items.map((item) => item.kind))];
  const classes = [...new Set(items.flatMap(classesOf))].sort((a, b) =>
    nameOf(a).localeCompare(nameOf(b), 'en'),
  );
  const models = [...new Set(items.map((item) => item.model))];
  const option = (value: string | number, name: string): Markup =>
    html`<option value="${value}">${name}</option>`;
  return html`<div class="tools" data-tools hidden>
    <label
      >Kind
      <select data-filter="kind">
        <option value="">All</option>
        ${kinds.map((kind) => option(kind, kindNames[kind]))}
      </select></label
    >
    <label
      >Class
      <select data-filter="class">
        <option value="">All</option>
        ${classes.map((index) => option(index, nameOf(index)))}
      </select></label
    >
    ${
      models.length > 1
        ? html`<label
            >Model
            <select data-filter="model">
              <option value="">All</option>
              ${models.map((name) => option(name, name))}
            </select></label
          >`
        : null
    }
    <button type="button" class="ghost" data-more aria-expanded="false" hidden>Show all</button>
    <span class="told" data-count aria-live="polite"></span>
  </div>`;
}

function classesOf({ label, reference, candidate }: GalleryItem): number[] {
  return [label, reference?.class, candidate.class].filter((index) => index != null);
}

function entry(item: GalleryItem, { thumbnails }: Report, nameOf: (index: number) => string): Markup {
  const jpeg = thumbnails.get(item.image);
  const label = nameOf(item.label);
  const picture =
    jpeg === undefined
      ? html`<span class="blank">no picture stored</span>`
      : html`<img
          alt="${item.image}, labelled ${label}"
          width="96"
          height="96"
          decoding="async"
          src="data:image/jpeg;base64,${trusted(Buffer.from(jpeg).toString('base64'))}"
        />`;
  return html`<li
    data-kind="${item.kind}"
    data-model="${item.model}"
    data-classes="${[...new Set(classesOf(item))].join(' ')}"
  >
    ${picture}
    <div>
      <span class="kind ${item.kind}">${kindNames[item.kind]}</span><span class="label">${label}</span>
    </div>
    <dl>
      ${item.reference === null ? null : side(item.compareWith, item.reference, item.label, nameOf)}${side(item.model, item.candidate, item.label, nameOf)}
    </dl>
    <span class="file">${item.image}</span>
  </li>`;
}

function side(
  model: string,
  { class: index, score: value, confidence }: FlipSide,
  label: number,
  nameOf: (index: number) => string,
): Markup {
  const right = index === label;
  const shown =
    confidence === null ? (value === null ? '' : score(value)) : `${(100 * confidence).toFixed(1)} %`;
  const exact = value === null ? '' : score(value);
  return html`<dt>${model}</dt>
    <dd class="${right ? 'right' : 'wrong'}">${index === null ? 'no answer (NaN)' : nameOf(index)}</dd>
    <dd class="score">${shown}${confidence === null ? null : html` <small>${exact}</small>`}</dd>`;
}
