import type { ClassIndex, ClassName } from '../domain/domain.js';
import { wilsonInterval } from './interval.js';

/** A reading of the outputs or the labels under which they would fit. */
export interface Hypothesis {
  readonly code:
    | 'minus-one'
    | 'plus-one'
    | 'outputs-by-name'
    | 'labels-by-name'
    | 'outputs-as-text'
    | 'labels-as-text'
    | 'reversed'
    | 'other-order';
  /** Reads on to the figure: `with the background class taken off`. */
  readonly what: string;
  /** What that would mean. */
  readonly meaning: string;
  /** Images that it was tried on. */
  readonly images: number;
  /** Those among them that it would get right. */
  readonly top1: number;
}

/** Images that are looked at before a set-up is judged. */
export const GUARD_IMAGES = 300;

/** Fewer images tell nothing. */
const FEWEST_IMAGES = 50;

/** Fewer classes among the labels may just be hard ones: some ImageNet classes are right one time in ten. */
const FEWEST_CLASSES = 5;

/**
 * Whether so few are right that the set-up is likely wrong: no more than chance, three standard errors and two points
 * (labels off by one class score about 1 % on ImageNet, not 0.1 %: neighbours are alike, USER-NEEDS 5), and too few
 * for three standard errors of bad luck to explain it in a network that is 15 % of the way from chance to perfect. The
 * second condition spares small runs and data sets of few classes, where chance itself is high.
 */
export function nearChance(top1: number, images: number, classes: number): boolean {
  if (images < FEWEST_IMAGES) return false;
  const chance = 1 / classes;
  const error = Math.sqrt((chance * (1 - chance)) / images);
  const poor = chance + 0.15 * (1 - chance);
  return (
    top1 / images <= chance + 3 * error + 0.02 && wilsonInterval(top1, images, THREE_ERRORS).upper < poor
  );
}

/** Confidence of plus and minus three standard errors. */
const THREE_ERRORS = 0.9973;

/**
 * What speaks for a wrong set-up: null where accuracy is no reason for suspicion, else the mix-ups that would explain
 * it, best first, none where no known one does. `predicted` and `labels` are aligned.
 */
export function suspicion(
  predicted: readonly ClassIndex[],
  labels: readonly ClassIndex[],
  classes: readonly ClassName[],
): readonly Hypothesis[] | null {
  const top1 = count(predicted, labels, (c) => c);
  if (!nearChance(top1, labels.length, classes.length)) return null;
  const found = hypotheses(predicted, labels, classes);
  return found.length === 0 && new Set(labels).size < FEWEST_CLASSES ? null : found;
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
  const measured = count(predicted, labels, (c) => c);
  const explains = ({ top1, images }: Hypothesis): boolean =>
    top1 > 5 * ((measured * images) / labels.length + 1) && !nearChance(top1, images, classes.length);
  const known = readings(classes)
    .map(({ read, ...reading }) => ({
      ...reading,
      images: labels.length,
      top1: count(predicted, labels, read),
    }))
    .filter(explains)
    .sort((a, b) => b.top1 - a.top1);
  const learned = learnedOrder(predicted, labels);
  const best = known[0] === undefined ? 0 : known[0].top1 / known[0].images;
  return explains(learned) && learned.top1 / learned.images > best + 0.2 ? [learned, ...known] : known;
}

interface Reading extends Pick<Hypothesis, 'code' | 'what' | 'meaning'> {
  /** The class that an output means, or nothing where it means none. */
  readonly read: (output: ClassIndex) => ClassIndex | undefined;
}

function readings(classes: readonly ClassName[]): readonly Reading[] {
  const byName = order(classes, (a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()));
  const asText = order(classes, (a, b) => compare(String(a.index), String(b.index)));
  return [
    {
      code: 'minus-one',
      what: 'with the background class taken off',
      meaning: 'output n is class n - 1, or the labels are one too low',
      read: (c) => c - 1,
    },
    {
      code: 'plus-one',
      what: 'with the labels one lower',
      meaning: 'output n is class n + 1: the labels count from 1, or the outputs lack the first class',
      read: (c) => c + 1,
    },
    {
      code: 'outputs-by-name',
      what: 'with the outputs in alphabetical order of the class names',
      meaning: 'the model was trained on folders called by class names',
      read: (c) => byName[c],
    },
    {
      code: 'labels-by-name',
      what: 'with the labels in alphabetical order of the class names',
      meaning: 'the labels were counted over folders called by class names',
      read: (c) => placeOf(byName, c),
    },
    {
      code: 'outputs-as-text',
      what: 'with the outputs in text order of the class numbers (0, 1, 10, 100, ...)',
      meaning: 'the model was trained on numeric folders, which sort so',
      read: (c) => asText[c],
    },
    {
      code: 'labels-as-text',
      what: 'with the labels in text order of the class numbers (0, 1, 10, 100, ...)',
      meaning: 'the labels were counted over numeric folders, which sort so',
      read: (c) => placeOf(asText, c),
    },
    {
      code: 'reversed',
      what: 'with the outputs in reverse order',
      meaning: 'output 0 is the last class',
      read: (c) => classes.length - 1 - c,
    },
  ];
}

/** Any fixed class order: what each output mostly stands for in every other image is tried on the rest. */
function learnedOrder(predicted: readonly ClassIndex[], labels: readonly ClassIndex[]): Hypothesis {
  const votes = new Map<ClassIndex, Map<ClassIndex, number>>();
  labels.forEach((label, i) => {
    if (i % 2 === 1) return;
    const vote = votes.get(predicted[i]!) ?? new Map<ClassIndex, number>();
    votes.set(predicted[i]!, vote.set(label, (vote.get(label) ?? 0) + 1));
  });
  const meaning = new Map(
    [...votes].map(([output, vote]) => [output, [...vote].sort((a, b) => b[1] - a[1])[0]![0]]),
  );
  const odd = (values: readonly ClassIndex[]): ClassIndex[] => values.filter((_, i) => i % 2 === 1);
  return {
    code: 'other-order',
    what: 'with each output read as the class that it mostly goes with',
    meaning: 'the model or the labels follow another class order',
    images: odd(labels).length,
    top1: count(odd(predicted), odd(labels), (output) => meaning.get(output)),
  };
}

function count(
  predicted: readonly ClassIndex[],
  labels: readonly ClassIndex[],
  read: (c: ClassIndex) => ClassIndex | undefined,
): number {
  return predicted.filter((output, i) => read(output) === labels[i]).length;
}

/** Class indices in another order. */
function order(classes: readonly ClassName[], by: (a: ClassName, b: ClassName) => number): ClassIndex[] {
  return [...classes].sort((a, b) => by(a, b) || a.index - b.index).map(({ index }) => index);
}

function placeOf(sorted: readonly ClassIndex[], c: ClassIndex): number | undefined {
  const place = sorted.indexOf(c);
  return place < 0 ? undefined : place;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
