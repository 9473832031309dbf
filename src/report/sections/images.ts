import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { everything, filtered } from '../../page/filter.js';
import { Cards } from '../../page/cards.js';
import { firstAsked } from '../../page/list.js';
import type { ImageSource } from '../../page/images.js';
import { pageSection, type Block, type Section } from '../document/document.js';
import { html, trusted } from '../document/markup.js';
import { count } from '../figures.js';
import { galleryItems } from '../gallery-choice.js';
import { imageSource, packImages } from '../pack-images.js';
import type { Report } from '../report.js';

/** The images behind every figure: those with a picture in full, the rest as names, filtered and sorted in the page. */
export function imagesSection(report: Report): Section {
  const { record, summary, thumbnails } = report;
  const compared = summary.models.some(({ comparison }) => comparison !== null);
  const heading = compared ? 'Images on which the models disagree' : 'Images, the surest mistakes first';
  return pageSection({ id: 'images', heading, nav: 'Images' }, () => {
    if (record.samples.length === 0) return [empty];
    const items = galleryItems(record, Math.max(thumbnails.size, 1)).map(({ at }) => at);
    const pictured = record.samples.flatMap(({ id }, at) => (thumbnails.has(id) ? [at] : []));
    return [list(report, [...new Set([...items.filter((at) => pictured.includes(at)), ...pictured])])];
  });
}

const empty: Block = { kind: 'paragraph', quiet: true, text: 'No image was counted.' };

function list(report: Report, chosen: readonly number[]): Block {
  const { record, thumbnails } = report;
  const pictures = new Map(
    chosen.map((at) => [
      at,
      `data:image/jpeg;base64,${Buffer.from(thumbnails.get(record.samples[at]!.id)!).toString('base64')}`,
    ]),
  );
  const source = imageSource(report, pictures);
  const cards = renderToString(
    h(Cards, { source, places: shown(source, chosen), asked: firstAsked(source) }),
  );
  const data = JSON.stringify(packImages(report, chosen)).replaceAll('<', '\\u003c');
  return {
    kind: 'page',
    markup: html`<p>
        This page has pictures of ${count(chosen.length)} of ${count(record.samples.length)} images; the
        others are listed by name.
      </p>
      <div id="image-list">${trusted(cards)}</div>
      ${trusted(`<script type="application/json" id="image-data">${data}</script>`)}`,
  };
}

/** Without a script the page shows what it has pictures of, or the first of what it would list. */
function shown(source: ImageSource, chosen: readonly number[]): readonly number[] {
  return chosen.length > 0 ? chosen : filtered(source, everything(source.models), []).slice(0, 48);
}
