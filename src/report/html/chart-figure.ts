import { draw, type Extent, type LayeredSpec } from '../charts/draw.js';
import { html, prose, trusted, type Content, type Markup } from './markup.js';

export interface ChartFigure {
  readonly title: string;
  /** What the drawing shows, in a sentence with its figures: also its text alternative. */
  readonly caption: string;
  /** Null: the run has nothing to draw here. */
  readonly spec: LayeredSpec | null;
  /** Said where there is nothing to draw. */
  readonly empty: string;
  readonly extent: Extent;
  /** A second drawing for narrow screens, where one that shrinks would be hard to read. */
  readonly narrow?: Extent;
  readonly below?: Content;
}

/** A chart with its title and caption; the drawing is one image with one text alternative. */
export async function chartFigure(figure: ChartFigure): Promise<Markup> {
  const { title, caption, spec, extent, narrow } = figure;
  const head = html`<figcaption>
    <strong>${title}</strong>${prose(spec === null ? figure.empty : caption)}
  </figcaption>`;
  if (spec === null) return html`<figure class="chart">${head}</figure>`;
  const label = `${title}. ${caption}`;
  const drawings =
    narrow === undefined
      ? html`<div class="drawing">${await image(spec, extent, label)}</div>`
      : html`<div class="drawing wide">${await image(spec, extent, label)}</div>
          <div class="drawing narrow">${await image(spec, narrow, label)}</div>`;
  return html`<figure class="chart">${head}${drawings}${figure.below ?? null}</figure>`;
}

async function image(spec: LayeredSpec, extent: Extent, label: string): Promise<Markup> {
  const svg = await draw(spec, extent);
  return html`${trusted('<svg role="img" aria-label="')}${label}${trusted(svg.replace(/^<svg/, '"'))}`;
}

/** Two side by side on a desktop, and one on a phone. */
export const half = {
  extent: { width: 500, height: 270 },
  narrow: { width: 338, height: 240 },
} as const satisfies Pick<ChartFigure, 'extent' | 'narrow'>;
