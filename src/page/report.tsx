import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { enhance } from './enhance.js';
import { addressOf, everything, filterOf, type Filter } from './filter.js';
import type { ImageSource } from './images.js';
import { ImageList } from './list.js';
import { unpack, type PackedImages } from './packed.js';

/** The script of report.html: what the page does beyond showing. It works from a disk and asks for nothing. */

interface AddressedListProps {
  readonly source: ImageSource;
  readonly chosen: readonly number[];
  readonly section: HTMLElement;
}

/** The list whose filter is the page's address, so that it can be sent on, and "back" goes back. */
function AddressedList({ source, chosen, section }: AddressedListProps) {
  const start = everything(source.models);
  const [filter, setFilter] = useState<Filter>(filterOf(location.hash, source.models) ?? start);
  useEffect(() => {
    const follow = (): void => {
      const asked = filterOf(location.hash, source.models);
      if (asked === null) return;
      setFilter(asked);
      if (asked.image === null) section.scrollIntoView();
    };
    addEventListener('hashchange', follow);
    if (filterOf(location.hash, source.models) !== null) section.scrollIntoView();
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, [source, section]);
  const go = (to: Filter): void => {
    setFilter(to);
    history.replaceState(null, '', addressOf(to));
  };
  return <ImageList source={source} chosen={chosen} filter={filter} go={go} />;
}

async function openList(): Promise<void> {
  const root = document.getElementById('image-list');
  const data = document.getElementById('image-data');
  const section = document.getElementById('images');
  if (root === null || data === null || section === null) return;
  // The page wrote it, by `packImages`.
  const packed = JSON.parse(data.textContent) as PackedImages;
  const pictures = new Map(
    [...root.querySelectorAll<HTMLImageElement>('img[data-at]')].map((image) => [
      Number(image.dataset['at']),
      image.src,
    ]),
  );
  const source = await unpack(packed, pictures);
  root.replaceChildren();
  render(<AddressedList source={source} chosen={packed.chosen} section={section} />, root);
}

enhance();
void openList();
