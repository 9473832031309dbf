import type { Summary } from '../summary-schema.js';
import { html, type Markup } from './markup.js';

/** Links to the files beside the page. */
export function downloads({ models }: Summary): Markup {
  const files = [
    ...models.map((model) => ({ path: model.predictions, name: `predictions of ${model.name}` })),
    { path: 'classes.csv', name: 'classes' },
    ...(models.some((model) => model.comparison !== null) ? [{ path: 'flips.csv', name: 'flips' }] : []),
    { path: 'images.csv', name: 'images' },
    { path: 'summary.csv', name: 'summary' },
  ];
  return html`<h2 id="files">Files</h2>
    <p>The figures as data, beside this page; summary.json holds everything that is counted here.</p>
    <ul class="files">
      <li><a href="summary.json" download>summary.json</a></li>
      ${files.map(({ path, name }) => html`<li><a href="${path}" download>${name} (CSV)</a></li>`)}
    </ul>`;
}
