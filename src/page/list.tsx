import { useMemo, useState } from 'preact/hooks';
import { Cards } from './cards.js';
import { Controls } from './controls.js';
import { counted } from './counted.js';
import { everything, filtered, modelsAsked, type Filter } from './filter.js';
import type { ImageSource } from './images.js';
import { MoreControls } from './more-controls.js';
import { Viewer } from './viewer.js';
import { Windowed } from './windowed.js';

/** Images shown at first, and added by each "show more". */
export const PAGE = 24;

interface ImageListProps {
  readonly source: ImageSource;
  /** Places that come first, the most telling ahead. */
  readonly chosen: readonly number[];
  readonly filter: Filter;
  readonly go: (filter: Filter) => void;
  /** All of the list in one long page, of which only the visible part exists; its names can be taken away. */
  readonly whole?: boolean;
}

/** The images behind a number: filters, cards, and one of them large. Its whole state is its filter. */
export function ImageList({ source, chosen, filter, go, whole = false }: ImageListProps) {
  const key = JSON.stringify({ ...filter, image: null });
  const found = useMemo(() => filtered(source, filter, chosen), [source, chosen, key]);
  const [more, setMore] = useState({ key, pages: 1 });
  const pages = more.key === key ? more.pages : 1;
  const shown = found.slice(0, pages * PAGE);
  const change = (to: Partial<Filter>): void => {
    go({ ...filter, ...to });
  };
  const asked = modelsAsked(source.models, filter);
  return (
    <>
      <Controls
        source={source}
        filter={filter}
        change={change}
        told={
          whole
            ? `${counted(found.length)} images`
            : `${counted(shown.length)} of ${counted(found.length)} shown`
        }
      />
      {found.length === 0 ? <p class="empty">No image fits these filters.</p> : null}
      {whole ? <MoreControls source={source} filter={filter} change={change} /> : null}
      {whole ? <Selection source={source} places={found} /> : null}
      {whole ? (
        <Windowed
          source={source}
          places={found}
          asked={asked}
          open={(image) => {
            change({ image });
          }}
        />
      ) : (
        <Cards
          source={source}
          places={shown}
          asked={asked}
          open={(image) => {
            change({ image });
          }}
        />
      )}
      {!whole && found.length > shown.length ? (
        <button
          type="button"
          class="ghost"
          onClick={() => {
            setMore({ key, pages: pages + 1 });
          }}
        >
          Show {Math.min(PAGE, found.length - shown.length)} more
        </button>
      ) : null}
      {filter.image !== null && filter.image < source.images.count ? (
        <Viewer
          source={source}
          at={filter.image}
          list={found}
          show={(image) => {
            change({ image });
          }}
        />
      ) : null}
    </>
  );
}

/** The names of a list as a file for `dataset.only` of a config. */
function Selection({ source, places }: { source: ImageSource; places: readonly number[] }) {
  if (places.length === 0) return null;
  const save = (): void => {
    const names = places.map((at) => source.images.name(at)).join('\n');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`${names}\n`], { type: 'text/plain' }));
    link.download = 'images.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <p>
      <button type="button" class="ghost" data-save onClick={save}>
        Save these {counted(places.length)} names
      </button>{' '}
      <span class="muted">
        for <code>dataset.only</code> of a config
      </span>
    </p>
  );
}

/** What a list shows first. */
export function firstAsked(source: ImageSource): readonly number[] {
  return modelsAsked(source.models, everything(source.models));
}
