import type { TopLevelSpec } from 'vega-lite';
import type { Address } from '../../page/filter.js';
import { theme } from './theme.js';

/** Width and height of a drawing in CSS pixels, labels included. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** A mark's tip and the list of images that it opens, as one text, since Vega hands on only one; `lean` parts them. */
export function tipWithDoor(tip: string, door: Address): string {
  return `${tip}${SEPARATOR}${door}`;
}

const SEPARATOR = '\u001f';

/** What the charts of this folder return. */
export type LayeredSpec = Extract<TopLevelSpec, { layer: unknown }>;
export type Layer = LayeredSpec['layer'][number];

/**
 * Draws a Vega-Lite specification as SVG text, without a DOM. Texts from data are escaped by Vega. A mark's
 * `description` becomes its `data-tip`, which the page shows on hover; the marks' ARIA is dropped, since a drawing is
 * one image with one text alternative to a screen reader.
 */
export async function draw({ layer, ...spec }: LayeredSpec, extent: Extent): Promise<string> {
  const sized: TopLevelSpec = {
    ...spec,
    layer: layer.map(quiet),
    ...extent,
    autosize: { type: 'fit', contains: 'padding' },
    background: 'transparent',
    config: theme,
  }; // A spread of a union of specifications is no union any more.
  const { vega, compile } = await loadVega();
  const view = new vega.View(vega.parse(compile(sized).spec), { renderer: 'none', logLevel: vega.Error });
  try {
    return lean(await view.toSVG());
  } finally {
    view.finalize();
  }
}

let loading: ReturnType<typeof load> | null = null;

/** Vega takes a third of a second to load, which no first image waits for. */
export function loadVega(): ReturnType<typeof load> {
  return (loading ??= load());
}

async function load(): Promise<{ vega: typeof import('vega'); compile: typeof import('vega-lite').compile }> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  // Without a canvas Vega takes every character for 0.8 em wide, and makes room for half as much again as text needs.
  // `textMetrics` is exported by vega's code and missing from its types.
  const { textMetrics } = vega as unknown as { textMetrics: { width: TextWidth } };
  textMetrics.width = (item, text) => {
    const shown = typeof text === 'string' || typeof text === 'number' ? String(text) : '';
    let em = 0;
    for (const character of shown) em += characterWidth(character);
    return em * (item.fontSize ?? 11);
  };
  return { vega, compile };
}

type TextWidth = (item: { readonly fontSize?: number }, text: unknown) => number;

/** A layer without tips of its own would get ones that Vega makes up from its fields. */
function quiet(layer: Layer): Layer {
  if (!('mark' in layer) || (layer.encoding !== undefined && 'description' in layer.encoding)) return layer;
  const mark = typeof layer.mark === 'string' ? { type: layer.mark } : layer.mark;
  // Only composite marks (box plots and the like) have no `aria`, and no chart here uses one.
  return { ...layer, mark: { ...mark, aria: false } as typeof layer.mark };
}

/** Widths of a common sans-serif in em, a little on the wide side. */
function characterWidth(character: string): number {
  if (/[ijl.,:;|!'()[\]\s]/.test(character)) return 0.34;
  if (/[mwMW@%]/.test(character)) return 0.96;
  if (/[A-Z]/.test(character)) return 0.74;
  if (/[frt/-]/.test(character)) return 0.42;
  return 0.64;
}

/** Two decimals are enough for a pixel, a disc is a circle, and hidden labels needn't be there. Only tags are touched, never text. */
function lean(svg: string): string {
  return svg
    .replace(/<text[^>]* opacity="0"[^>]*>[^<]*<\/text>/g, '')
    .replace(/<path[^>]* d="" [^>]*\/>/g, '')
    .replace(/<[a-z][^>]*>/g, (tag) =>
      tag
        .replace(/ (?:role|aria-roledescription|aria-hidden|xmlns:xlink|version)="[^"]*"/g, '')
        .replace(/ aria-label="([^"]*)"/g, (_, label: string) => {
          const [tip, door] = label.split(SEPARATOR);
          return ` data-tip="${tip!}"${door === undefined ? '' : ` data-door="${door}"`}`;
        })
        .replace(/^<path(.*?) d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"/, '<circle$1 r="$2"')
        .replace(/^(?!.* stroke=)(.*) stroke-width="[^"]*"/, '$1')
        .replace(/ (transform|d|r|x2|y2|width|height)="[^"]*"/g, (attribute) =>
          attribute.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100)),
        ),
    );
}
