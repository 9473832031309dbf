/** @throws RangeError where lists that should be of the same images differ in length */
export function assertAligned(...lists: readonly { readonly length: number }[]): void {
  const lengths = lists.map(({ length }) => length);
  if (lengths.some((length) => length !== lengths[0]))
    throw new RangeError(`Expected lists of the same images but received ${lengths.join(' and ')}`);
}
