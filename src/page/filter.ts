import type { ImageModel, ImageTable } from './images.js';

/** Which images a list shows and in which order: the part of the page's address after `#images?`. */
export interface Filter {
  readonly kind: Kind;
  /** Slug of the model that `kind` speaks of; null: any. */
  readonly model: string | null;
  /** Labels; empty: all. */
  readonly classes: readonly number[];
  /** What the reference and the model answer. */
  readonly from: number | null;
  readonly to: number | null;
  /** Of the model's margin: from, and below. */
  readonly margin: Range | null;
  /** Of the model's confidence: above, and up to. */
  readonly confidence: Range | null;
  /** Words of the name, the label or an answer. */
  readonly text: string;
  readonly sort: Sort;
  /** Place of the image that is open large. */
  readonly image: number | null;
}

export type Range = readonly [low: number, high: number];

/**
 * lost: only the reference is right; gained: only the model; both-wrong: both wrong, differently or not; differ: other
 * Top-1 classes; wrong, right: of the model alone; tied: its highest score is shared.
 */
export const kinds = ['all', 'differ', 'lost', 'gained', 'both-wrong', 'wrong', 'right', 'tied'] as const;
export type Kind = (typeof kinds)[number];

/** chosen: as the report chose them, then the surest; sure, unsure: by margin; name; label: by its class. */
export const sorts = ['chosen', 'sure', 'unsure', 'name', 'label'] as const;
export type Sort = (typeof sorts)[number];

const PREFIX = '#images?';

export type Address = `${typeof PREFIX}${string}`;

/** What a list shows that nobody has filtered. */
export function everything(models: readonly ImageModel[]): Filter {
  return {
    kind: models.some(({ against }) => against !== null) ? 'differ' : 'wrong',
    model: null,
    classes: [],
    from: null,
    to: null,
    margin: null,
    confidence: null,
    text: '',
    sort: 'chosen',
    image: null,
  };
}

/** The address of a list, with only what it says beyond `everything`. */
export function addressOf(filter: Partial<Filter>): Address {
  const query = new URLSearchParams();
  const { kind, model, classes, from, to, margin, confidence, text, sort, image } = filter;
  if (kind !== undefined) query.set('kind', kind);
  if (model != null) query.set('model', model);
  if (classes !== undefined && classes.length > 0) query.set('class', classes.join('.'));
  if (from != null) query.set('from', String(from));
  if (to != null) query.set('to', String(to));
  if (margin != null) query.set('margin', margin.join('~'));
  if (confidence != null) query.set('confidence', confidence.join('~'));
  if (text !== undefined && text !== '') query.set('text', text);
  if (sort !== undefined && sort !== 'chosen') query.set('sort', sort);
  if (image != null) query.set('image', String(image));
  return `${PREFIX}${query.toString()}`;
}

/** The filter that an address asks for; null where it is none of a list. What can't be read is left out. */
export function filterOf(address: string, models: readonly ImageModel[]): Filter | null {
  if (!address.startsWith(PREFIX)) return null;
  const query = new URLSearchParams(address.slice(PREFIX.length));
  const start = everything(models);
  const asked = query.get('kind');
  const sort = query.get('sort');
  const model = query.get('model');
  const named = kinds.find((kind) => kind === asked);
  const classes = (query.get('class') ?? '').split('.').filter(isIndex).map(Number);
  // A class that is asked for alone is asked for whole.
  const kind =
    named ??
    (['class', 'text', 'margin', 'confidence', 'image'].some((key) => query.has(key)) ? 'all' : start.kind);
  return {
    kind,
    model: models.some(({ slug }) => slug === model) ? model : null,
    classes,
    from: index(query.get('from')),
    to: index(query.get('to')),
    margin: range(query.get('margin')),
    confidence: range(query.get('confidence')),
    text: query.get('text') ?? '',
    sort: sorts.find((name) => name === sort) ?? 'chosen',
    image: index(query.get('image')),
  };
}

function isIndex(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

function index(text: string | null): number | null {
  return text !== null && isIndex(text) ? Number(text) : null;
}

function range(text: string | null): Range | null {
  const [low, high] = (text ?? '').split('~').map(Number);
  return low === undefined || high === undefined || Number.isNaN(low) || Number.isNaN(high)
    ? null
    : [low, high];
}

/** What a filter needs of a source. */
export interface Filtered {
  readonly models: readonly ImageModel[];
  readonly images: ImageTable;
  readonly classes: readonly string[];
}

/**
 * Places of the images that a filter lets through, in its order.
 * @param chosen places that come first in the order `chosen`
 */
export function filtered(source: Filtered, filter: Filter, chosen: readonly number[]): number[] {
  const { images } = source;
  const asked = modelsAsked(source.models, filter);
  const words = plain(filter.text).split(/\s+/).filter(Boolean);
  const found: number[] = [];
  for (let at = 0; at < images.count; at++)
    if (
      (filter.classes.length === 0 || filter.classes.includes(images.label(at))) &&
      asked.some((model) => fits(source, filter, model, at)) &&
      (words.length === 0 || says(source, asked, at, words))
    )
      found.push(at);
  return ordered(source, filter, asked, found, chosen);
}

/** Places of the models that a filter speaks of: the one named, else those compared, else all. */
export function modelsAsked(
  models: readonly ImageModel[],
  { model, kind }: Pick<Filter, 'model' | 'kind'>,
): number[] {
  const places = models.map((_, place) => place);
  if (model !== null) return places.filter((place) => models[place]!.slug === model);
  const compared = places.filter((place) => models[place]!.against !== null);
  return paired(kind) ? compared : places;
}

function paired(kind: Kind): boolean {
  return kind === 'lost' || kind === 'gained' || kind === 'both-wrong' || kind === 'differ';
}

function fits({ models, images }: Filtered, filter: Filter, model: number, at: number): boolean {
  const { against } = models[model]!;
  const answer = images.top1(model, at);
  const other = against === null ? null : images.top1(against, at);
  if (filter.to !== null && answer !== filter.to) return false;
  if (filter.from !== null && (against === null || other !== filter.from)) return false;
  if (filter.margin !== null) {
    const margin = images.margin(model, at);
    if (margin === null || margin < filter.margin[0] || margin >= filter.margin[1]) return false;
  }
  if (filter.confidence !== null) {
    const confidence = images.confidence(model, at);
    if (confidence === null || confidence <= filter.confidence[0] || confidence > filter.confidence[1])
      return false;
  }
  return kindFits(filter.kind, images.label(at), answer, other, against !== null, images.tied(model, at));
}

function kindFits(
  kind: Kind,
  label: number,
  answer: number | null,
  other: number | null,
  compared: boolean,
  tied: boolean,
): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'differ':
      return compared && (answer !== other || answer === null);
    case 'lost':
      return compared && other === label && answer !== label;
    case 'gained':
      return compared && other !== label && answer === label;
    case 'both-wrong':
      return compared && other !== label && answer !== label;
    case 'wrong':
      return answer !== label;
    case 'right':
      return answer === label;
    case 'tied':
      return tied;
  }
}

function says(
  { images, classes }: Filtered,
  asked: readonly number[],
  at: number,
  words: readonly string[],
): boolean {
  const answers = asked.map((model) => classes[images.top1(model, at) ?? -1] ?? '');
  const text = plain([images.name(at), classes[images.label(at)] ?? '', ...answers].join(' '));
  return words.every((word) => text.includes(word));
}

function plain(text: string): string {
  return text.normalize('NFKD').toLowerCase();
}

function ordered(
  { images, classes }: Filtered,
  { sort }: Filter,
  asked: readonly number[],
  found: number[],
  chosen: readonly number[],
): number[] {
  const sure = new Map<number, number>();
  if (sort === 'chosen' || sort === 'sure' || sort === 'unsure')
    for (const at of found) sure.set(at, Math.max(...asked.map((model) => images.margin(model, at) ?? -1)));
  const rank = new Map(chosen.map((at, place) => [at, place]));
  const by = (compare: (a: number, b: number) => number): number[] =>
    found.sort((a, b) => compare(a, b) || a - b);
  switch (sort) {
    case 'chosen':
      return by(
        (a, b) =>
          (rank.get(a) ?? chosen.length) - (rank.get(b) ?? chosen.length) || sure.get(b)! - sure.get(a)!,
      );
    case 'sure':
      return by((a, b) => sure.get(b)! - sure.get(a)!);
    case 'unsure':
      return by((a, b) => sure.get(a)! - sure.get(b)!);
    case 'name':
      return by((a, b) => (images.name(a) < images.name(b) ? -1 : 1));
    case 'label':
      return by((a, b) =>
        (classes[images.label(a)] ?? '').localeCompare(classes[images.label(b)] ?? '', 'en'),
      );
  }
}

/** What became of an image between a model and the one it is compared with, for its mark in the list. */
export function outcome(
  label: number,
  answer: number | null,
  other: number | null,
  compared: boolean,
): 'lost' | 'gained' | 'both-wrong' | 'both-right' | 'wrong' | 'right' {
  if (!compared) return answer === label ? 'right' : 'wrong';
  if (other === label) return answer === label ? 'both-right' : 'lost';
  return answer === label ? 'gained' : 'both-wrong';
}
