/**
 * Adjusted p-values that control the false discovery rate: flag those <= q (Benjamini & Hochberg, JRSS-B 57 (1995)
 * 289-300). Valid for independent tests, as those of classes with disjoint images are; discrete p-values make it
 * conservative.
 *
 * @param pValues each in [0, 1]
 * @returns one adjusted value each, in the order given
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const descending = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let smallest = 1;
  descending.forEach(({ p, index }, place) => {
    const rank = pValues.length - place;
    smallest = Math.min(smallest, (p * pValues.length) / rank);
    adjusted[index] = smallest;
  });
  return adjusted;
}
