import { wilsonInterval } from '../../metrics/interval.js';
import { classTable, type ClassRow } from '../class-table.js';
import { classNamer } from '../class-name.js';
import { count, signed } from '../figures.js';
import type { Report } from '../report.js';
import { html, type Markup } from './markup.js';
import { scroll } from './scroll.js';

/** Rows shown before "show all". */
const FIRST = 25;

/** The per-class table: sortable, searchable, every share with its counts; classes without images are left out. */
export function classes({ record, summary }: Report): Markup {
  const nameOf = classNamer(record.dataset.classes);
  const { models } = summary;
  const rows = classTable(record, summary).filter((row) => row.images > 0);
  const first = models.findIndex((model) => model.comparison !== null);
  const key = ({ models: figures, images }: ClassRow): number =>
    first === -1
      ? (figures[0]?.top1 ?? 0) / images
      : (figures[first]!.drift!.gained - figures[first]!.drift!.lost) / images;
  rows.sort((a, b) => key(a) - key(b) || a.class - b.class);
  const head = (name: string, numeric: boolean, more: { first?: 'up'; sorted?: boolean } = {}): Markup =>
    html`<th
      scope="col"
      ${numeric ? html` class="num"` : null}${more.first === 'up' ? html` data-first="up"` : null}${more.sorted === true ? html` aria-sort="ascending"` : null}
    >
      <button type="button">${name}</button>
    </th>`;
  const columns = models.flatMap(({ name, comparison }, place) => [
    head(name, true, { first: 'up', sorted: first === -1 && place === 0 }),
    ...(comparison === null
      ? []
      : [
          head(`Change${models.length > 2 ? ` of ${name}` : ''}`, true, {
            first: 'up',
            sorted: place === first,
          }),
        ]),
  ]);
  return html`<h2 id="classes">Class by class</h2>
    <p>
      Top-1 in each class: share, images right, and Wilson's 95 %
      interval.${first === -1 ? '' : ' Change: images gained less images lost.'} Top-5 and p-values are in
      <a href="classes.csv" download>classes.csv</a>.
    </p>
    <div class="panel" data-table="${FIRST}">
      <div class="tools" data-tools hidden>
        <label>Search <input type="search" placeholder="name or WordNet id" autocomplete="off" /></label>
        <button type="button" class="ghost" data-more aria-expanded="false">Show all</button
        ><span class="told" data-count aria-live="polite"></span>
      </div>
      ${scroll(
        'Class by class',
        html`<table>
          <thead>
            <tr>
              ${head('Class', false)}${head('Images', true)}${columns}
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => line(row, nameOf))}
          </tbody>
        </table>`,
      )}
    </div>`;
}

function line(row: ClassRow, nameOf: (index: number) => string): Markup {
  const { images } = row;
  const name = nameOf(row.class);
  return html`<tr>
    <th scope="row">
      ${name}<small
        >${row.wnid}${name === row.name ? null : html`<span class="more"> · ${row.name}</span>`}</small
      >
    </th>
    <td class="num" data-v="${images}">${count(images)}</td>
    ${row.models.map(({ top1, drift }) => {
      const { lower, upper } = wilsonInterval(top1, images);
      return html`<td class="num" data-v="${trim(top1 / images)}">
          ${((100 * top1) / images).toFixed(1)} %<small
            >${top1} · ${(100 * lower).toFixed(0)}–${(100 * upper).toFixed(0)}</small
          >
        </td>
        ${drift === null ? null : change(drift.gained, drift.lost)}`;
    })}
  </tr>`;
}

function change(gained: number, lost: number): Markup {
  const by = gained - lost;
  const tone = by < 0 ? ' down' : by > 0 ? ' up' : '';
  return html`<td class="num${tone}" data-v="${by}">${signed(by, 0)}<small>+${gained} −${lost}</small></td>`;
}

function trim(value: number): string {
  return String(Number(value.toFixed(6)));
}
