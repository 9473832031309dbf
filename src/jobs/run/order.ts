import type { ClassIndex } from '../../domain/domain.js';

/**
 * The order in which samples are run: as they lie in the archive (by id) where that mixes the classes, else two of
 * each class in turn, so that running figures and the guard see many classes from the start, and the guard can tell
 * another class order by images that share a class.
 */
export function imageOrder(labels: readonly ClassIndex[], layout: 'tar' | 'folders' | 'flat'): number[] {
  const byId = labels.map((_, index) => index);
  const sorted = labels.every((label, i) => i === 0 || labels[i - 1]! <= label);
  if (layout !== 'folders' && !sorted) return byId;
  const turn: number[] = [];
  const seen = new Map<ClassIndex, number>();
  for (const label of labels) {
    const count = seen.get(label) ?? 0;
    turn.push(count);
    seen.set(label, count + 1);
  }
  return byId.sort((a, b) => (turn[a]! >> 1) - (turn[b]! >> 1) || a - b);
}
