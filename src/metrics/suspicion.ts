import type { ClassIndex, ClassName } from '../domain.js';

/** A reading of the outputs under which the labels would fit. */
export interface Hypothesis {
  readonly code: 'minus-one' | 'plus-one' | 'name-order' | 'text-order' | 'reversed';
  readonly what: string;
  readonly images: number;
  readonly top1: number;
}

/** Images that are looked at before a set-up is judged. */
export const GUARD_IMAGES = 300;

/**
 * Whether so few are right that the set-up is likely wrong: no more than chance, three standard errors and two points.
 * (Labels off by one class score about 1 % on ImageNet, not 0.1 %: neighbours are alike. USER-NEEDS 5.)
 */
export function nearChance(top1: number, images: number, classes: number): boolean {
  if (images < 50) return false;
  const chance = 1 / classes;
  const error = Math.sqrt((chance * (1 - chance)) / images);
  return top1 / images <= chance + 3 * error + 0.02;
}

/**
 * What Top-1 would be under each common mix-up, best first; only those clearly above what was measured.
 * `predicted` and `labels` are aligned.
 */
export function hypotheses(
  predicted: readonly ClassIndex[],
  labels: readonly ClassIndex[],
  classes: readonly ClassName[],
): Hypothesis[] {
  const readings: readonly {
    code: Hypothesis['code'];
    what: string;
    read: (output: ClassIndex) => ClassIndex | undefined;
  }[] = [
    {
      code: 'minus-one',
      what: 'with the background class taken off (output n is class n - 1)',
      read: (c) => c - 1,
    },
    { code: 'plus-one', what: 'with the outputs one lower (output n is class n + 1)', read: (c) => c + 1 },
    {
      code: 'name-order',
      what: 'with the outputs in alphabetical order of the class names',
      read: order(classes, (a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase())),
    },
    {
      code: 'text-order',
      what: 'with the outputs in text order of the class numbers (0, 1, 10, 100, ...), as numeric folder names sort',
      read: order(classes, (a, b) => compare(String(a.index), String(b.index))),
    },
    { code: 'reversed', what: 'with the outputs in reverse order', read: (c) => classes.length - 1 - c },
  ];
  const measured = count(predicted, labels, (c) => c);
  return readings
    .map(({ code, what, read }) => ({
      code,
      what,
      images: labels.length,
      top1: count(predicted, labels, read),
    }))
    .filter(({ top1 }) => top1 > 5 * (measured + 1) && !nearChance(top1, labels.length, classes.length))
    .sort((a, b) => b.top1 - a.top1);
}

function count(
  predicted: readonly ClassIndex[],
  labels: readonly ClassIndex[],
  read: (c: ClassIndex) => ClassIndex | undefined,
): number {
  return predicted.filter((output, i) => read(output) === labels[i]).length;
}

function order(
  classes: readonly ClassName[],
  by: (a: ClassName, b: ClassName) => number,
): (output: ClassIndex) => ClassIndex | undefined {
  const sorted = [...classes].sort((a, b) => by(a, b) || a.index - b.index);
  return (output) => sorted[output]?.index;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
