import { kinds, modelsAsked, sorts, type Filter, type Kind, type Sort } from './filter.js';
import type { ImageSource } from './images.js';

const kindWords = {
  all: 'All images',
  differ: 'Answered differently',
  lost: 'Lost',
  gained: 'Gained',
  'both-wrong': 'Both wrong',
  wrong: 'Wrong',
  right: 'Right',
  tied: 'Tied scores',
} as const satisfies Record<Kind, string>;

const sortWords = {
  chosen: 'Most telling first',
  sure: 'Surest first',
  unsure: 'Least sure first',
  name: 'Name',
  label: 'Class',
} as const satisfies Record<Sort, string>;

interface ControlsProps {
  readonly source: ImageSource;
  readonly filter: Filter;
  readonly change: (to: Partial<Filter>) => void;
  /** How many images there are. */
  readonly told: string;
}

/** The filters and the order of a list of images; what only an address can ask for is told, and can be taken off. */
export function Controls({ source, filter, change, told }: ControlsProps) {
  const compared = source.models.some(({ against }) => against !== null);
  const offered = kinds.filter(
    (kind) => compared || !['differ', 'lost', 'gained', 'both-wrong'].includes(kind),
  );
  return (
    <div class="tools">
      <label>
        Which
        <select
          data-filter="kind"
          value={filter.kind}
          onChange={(event) => {
            change({ kind: event.currentTarget.value as Kind });
          }}
        >
          {offered.map((kind) => (
            <option key={kind} value={kind}>
              {kindWords[kind]}
            </option>
          ))}
        </select>
      </label>
      {source.models.length < 2 ? null : (
        <label>
          Model
          <select
            data-filter="model"
            value={filter.model ?? ''}
            onChange={(event) => {
              change({ model: event.currentTarget.value || null });
            }}
          >
            <option value="">Any</option>
            {source.models.map(({ slug, name }) => (
              <option key={slug} value={slug}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        Order
        <select
          data-filter="sort"
          value={filter.sort}
          onChange={(event) => {
            change({ sort: event.currentTarget.value as Sort });
          }}
        >
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {sortWords[sort]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Search
        <input
          type="search"
          placeholder="file, class or answer"
          autocomplete="off"
          value={filter.text}
          onInput={(event) => {
            change({ text: event.currentTarget.value });
          }}
        />
      </label>
      {conditions(source, filter).map(({ text, off }) => (
        <button
          type="button"
          class="ghost"
          key={text}
          title="Take this filter off"
          onClick={() => {
            change(off);
          }}
        >
          {text} <span aria-hidden="true">✕</span>
          <span class="unseen">: take this filter off</span>
        </button>
      ))}
      <span class="told" data-count aria-live="polite">
        {told}
      </span>
    </div>
  );
}

/** What the marks of the page ask for: classes, a pair of answers, a bar of a chart. */
function conditions(
  { classes, models }: ImageSource,
  filter: Filter,
): { text: string; off: Partial<Filter> }[] {
  const name = (index: number): string => classes[index] ?? `class ${index}`;
  const list: { text: string; off: Partial<Filter> }[] = [];
  const [first, ...more] = filter.classes;
  const [asked] = modelsAsked(models, filter);
  const model = models[asked ?? 0];
  const reference = model?.against == null ? undefined : models[model.against];
  if (first !== undefined)
    list.push({
      text: `Class: ${name(first)}${more.length > 0 ? ` and ${more.length} more` : ''}`,
      off: { classes: [] },
    });
  if (filter.from !== null)
    list.push({ text: `${reference?.name ?? 'Reference'}: ${name(filter.from)}`, off: { from: null } });
  if (filter.to !== null)
    list.push({ text: `${model?.name ?? 'Model'}: ${name(filter.to)}`, off: { to: null } });
  if (filter.margin !== null)
    list.push({
      text: `Margin from ${filter.margin[0].toFixed(2)}${Number.isFinite(filter.margin[1]) ? ` to ${filter.margin[1].toFixed(2)}` : ''}`,
      off: { margin: null },
    });
  if (filter.confidence !== null)
    list.push({
      text: `Confidence ${(100 * filter.confidence[0]).toFixed(0)} to ${(100 * filter.confidence[1]).toFixed(0)} %`,
      off: { confidence: null },
    });
  return list;
}
