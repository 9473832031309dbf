import type { Box, Size } from '../recipe.js';

/** Something computed of one side: from `from` to `to` pixels, for the outputs `start` to `start + count - 1`. */
export type AxisMaker<T> = (from: number, to: number, start: number, count: number) => T;

/** How many sides each maker remembers; real images come in few sizes. */
const limit = 256;

/** `make`, remembering the last sides seen. What it gives is shared: callers don't write into it. */
export function remembered<T>(make: AxisMaker<T>): AxisMaker<T> {
  const known = new Map<string, T>();
  return (from, to, start, count) => {
    const key = `${from} ${to} ${start} ${count}`;
    const found = known.get(key) ?? make(from, to, start, count);
    // The newest stands last.
    known.delete(key);
    if (known.size >= limit) known.delete(known.keys().next().value!);
    known.set(key, found);
    return found;
  };
}

/** What the makers give for the two sides of a resize. */
export function axesOf<Across, Down>(
  across: AxisMaker<Across>,
  down: AxisMaker<Down>,
  source: Size,
  size: Size,
  window: Box,
): [Across, Down] {
  return [
    across(source.width, size.width, window.left, window.width),
    down(source.height, size.height, window.top, window.height),
  ];
}
