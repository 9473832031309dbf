import { count } from '../figures.js';
import type { Summary } from '../summary-schema.js';
import { notices } from '../wording.js';
import { html, prose, type Markup } from './markup.js';
import { scroll } from './scroll.js';

/** Bad images listed in the page; all of them are in summary.json. */
const LISTED = 100;

/** Ties, bad images, subsets and warnings; nothing for a clean run. */
export function noticeList(summary: Summary): Markup | null {
  const list = notices(summary);
  if (list.length === 0) return null;
  return html`<ul class="notices" aria-label="What to know about these figures">
      ${list.map(
        ({ tone, title, text }) =>
          html`<li class="${tone}">
            <strong>${title}</strong>
            <p>${prose(text)}</p>
          </li>`,
      )}
    </ul>
    ${badImages(summary)}`;
}

function badImages({ dataset }: Summary): Markup | null {
  const { badImages: bad } = dataset;
  if (bad.length === 0) return null;
  const more = bad.length - LISTED;
  return html`<details open>
    <summary>Images that could not be used</summary>
    ${scroll(
      'Images that could not be used',
      html`<table>
        <thead>
          <tr>
            <th scope="col">Image</th>
            <th scope="col">Code</th>
            <th scope="col">What was wrong</th>
          </tr>
        </thead>
        <tbody>
          ${bad.slice(0, LISTED).map(
            ({ id, code, message }) =>
              html`<tr>
                <th scope="row">${id}</th>
                <td>${code}</td>
                <td>${message}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
    ${more > 0 ? html`<p class="muted">and ${count(more)} more, in summary.json.</p>` : null}
  </details>`;
}
