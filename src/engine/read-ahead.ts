/**
 * Maps items in order with at most `window` promises under way, so that reading stays ahead of the workers and
 * memory stays bounded. Rejections reach the consumer at the item's turn.
 */
export async function* readAhead<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  window: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const underWay: Promise<R>[] = [];
  for await (const item of items) {
    const promise = map(item);
    promise.catch(() => undefined);
    underWay.push(promise);
    if (underWay.length >= window) yield await underWay.shift()!;
  }
  for (const promise of underWay) yield await promise;
}
