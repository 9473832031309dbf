import { useEffect, useRef, useState } from 'preact/hooks';
import { Cards } from './cards.js';
import type { ImageSource } from './images.js';

/** Height of a row of cards in CSS pixels, its gap included; the style of `.windowed` says the same. */
const ROW = 296;

/** Width that a card takes at least, its gap included. */
const COLUMN = 290;

/** Rows beyond the visible ones that are kept ready. */
const AHEAD = 3;

interface WindowedProps {
  readonly source: ImageSource;
  readonly places: readonly number[];
  readonly asked: readonly number[];
  readonly open: (at: number) => void;
}

/** Cards of any number of images: only those near the visible part exist, the rest is empty height. */
export function Windowed({ source, places, asked, open }: WindowedProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 900, width: 1000 });
  useEffect(() => {
    const look = (): void => {
      const element = box.current;
      if (element === null) return;
      const { top, width } = element.getBoundingClientRect();
      setView({ top: Math.max(0, -top), height: innerHeight, width });
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    // Another run beside it makes it narrower too.
    const resized = new ResizeObserver(look);
    if (box.current !== null) resized.observe(box.current);
    return () => {
      resized.disconnect();
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, []);
  const columns = Math.max(1, Math.floor(view.width / COLUMN));
  const rows = Math.ceil(places.length / columns);
  const first = Math.max(0, Math.min(rows - 1, Math.floor(view.top / ROW) - AHEAD));
  const last = Math.min(rows, Math.ceil((view.top + view.height) / ROW) + AHEAD);
  // Preact sets properties one by one, which is no inline style to the page's policy.
  return (
    <div ref={box} class="windowed" style={{ height: `${rows * ROW}px` }}>
      <div style={{ transform: `translateY(${first * ROW}px)` }}>
        <Cards
          source={source}
          places={places.slice(first * columns, last * columns)}
          asked={asked}
          open={open}
          columns={columns}
        />
      </div>
    </div>
  );
}
