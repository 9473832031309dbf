/** Something computed of one side: from `from` to `to` pixels, for the outputs `start` to `start + count - 1`. */
export type AxisMaker<T> = (from: number, to: number, start: number, count: number) => T;

/** How many sides each maker remembers; real images come in few sizes. */
const limit = 256;

/** `make`, remembering the last sides seen. What it gives is shared: callers don't write into it. */
export function remembered<T>(make: AxisMaker<T>): AxisMaker<T> {
  const known = new Map<string, T>();
  return (from, to, start, count) => {
    const key = `${from} ${to} ${start} ${count}`;
    const found = known.get(key);
    if (found !== undefined) {
      // The newest stands last.
      known.delete(key);
      known.set(key, found);
      return found;
    }
    const made = make(from, to, start, count);
    if (known.size >= limit) known.delete(known.keys().next().value!);
    known.set(key, made);
    return made;
  };
}
