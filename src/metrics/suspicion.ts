import { byCodeUnit, type ClassIndex, type ClassName } from '../domain/domain.js';
import { binomialLowerTail } from './binomial.js';
import { shuffle } from './permutation.js';
import { Xoshiro256 } from './random.js';

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

/** A network that is this much of the way from chance to perfect is not to be stopped for bad luck. */
export const POOREST_NETWORK = 0.15;

/** Chance at most that such a network is. */
export const FALSE_ALARM = 0.00135;

/**
 * Whether so few are right that the set-up is likely wrong: no more than chance, three standard errors and two points
 * (labels off by one class score about 1 % on ImageNet, not 0.1 %: neighbouring classes are alike), and so few that
 * a network of `POOREST_NETWORK` has them with a probability of `FALSE_ALARM` at most, by the binomial distribution. The
 * second condition spares small runs and data sets of few classes, where chance itself is high.
 */
export function nearChance(top1: number, images: number, classes: number): boolean {
  if (images < FEWEST_IMAGES) return false;
  const chance = 1 / classes;
  const error = Math.sqrt((chance * (1 - chance)) / images);
  const poor = chance + POOREST_NETWORK * (1 - chance);
  return top1 / images <= chance + 3 * error + 0.02 && binomialLowerTail(top1, images, poor) <= FALSE_ALARM;
}

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
    // A network that names one class for all images of one class fits some reading by chance.
    .filter(({ read }) => new Set(labels.filter((label, i) => read(predicted[i]!) === label)).size > 1)
    .map(({ read, ...reading }) => ({
      ...reading,
      images: labels.length,
      top1: count(predicted, labels, read),
    }))
    .filter(explains)
    .sort((a, b) => b.top1 - a.top1);
  const learned = learnedOrder(predicted, labels);
  if (learned === null || learned.top1 / learned.images < (5 * measured) / labels.length) return known;
  const best = known[0] === undefined ? 0 : known[0].top1 / known[0].images;
  return learned.top1 / learned.images > 2 * best ? [learned, ...known] : known;
}

interface Reading extends Pick<Hypothesis, 'code' | 'what' | 'meaning'> {
  /** The class that an output means, or nothing where it means none. */
  readonly read: (output: ClassIndex) => ClassIndex | undefined;
}

function readings(classes: readonly ClassName[]): readonly Reading[] {
  const byName = order(classes, (a, b) => byCodeUnit(a.name.toLowerCase(), b.name.toLowerCase()));
  const asText = order(classes, (a, b) => byCodeUnit(String(a.index), String(b.index)));
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

/** Orders of the labels that are tried by chance: none may go as well with the outputs as the given one. */
const SHUFFLES = 999;

/** Of the images that can be tried, the share that a learned class order must get right. */
const LEARNED_SHARE = 0.3;

/**
 * Any fixed class order: each output is read as the class that it mostly has in the other images, where there are any.
 * Claimed where images of one class share an output more often than in every one of 999 random orders of the labels
 * (a permutation test: wrong in one case of 1000 at most where outputs and labels have nothing to do with each other) and
 * a good part of the images that can be tried would be right; a network that is merely broken fails the second.
 * Null where it is not claimed. It needs images that share a class: of 300 random ones of 1000 classes about 45 pairs do.
 */
function learnedOrder(predicted: readonly ClassIndex[], labels: readonly ClassIndex[]): Hypothesis | null {
  const byOutput = new Map<ClassIndex, ClassIndex[]>();
  predicted.forEach((output, i) => {
    const known = byOutput.get(output);
    if (known === undefined) byOutput.set(output, [labels[i]!]);
    else known.push(labels[i]!);
  });
  let images = 0;
  let top1 = 0;
  predicted.forEach((output, i) => {
    const shared = byOutput.get(output)!;
    if (output < 0 || shared.length < 2) return;
    images++;
    if (mostCommonBut(shared, labels[i]!) === labels[i]!) top1++;
  });
  if (images === 0 || top1 / images < LEARNED_SHARE) return null;
  const together = sharedPairs(predicted, labels);
  const shuffled = [...labels];
  const random = Xoshiro256.seeded(0);
  for (let trial = 0; trial < SHUFFLES; trial++) {
    shuffle(shuffled, random);
    if (sharedPairs(predicted, shuffled) >= together) return null;
  }
  return {
    code: 'other-order',
    what: 'with each output read as the class that it mostly goes with in other images',
    meaning: 'the model or the labels follow another class order',
    images,
    top1,
  };
}

/** The commonest label with one `left` taken out; of equals one other than `left`, so that no tie counts as right. */
function mostCommonBut(labels: readonly ClassIndex[], left: ClassIndex): ClassIndex {
  const votes = new Map<ClassIndex, number>([[left, -1]]);
  for (const label of labels) votes.set(label, (votes.get(label) ?? 0) + 1);
  return [...votes].reduce((best, next) =>
    next[1] > best[1] || (next[1] === best[1] && best[0] === left) ? next : best,
  )[0];
}

/** Pairs of images that share both label and output. */
function sharedPairs(predicted: readonly ClassIndex[], labels: readonly ClassIndex[]): number {
  const cells = new Map<number, number>();
  let pairs = 0;
  predicted.forEach((output, i) => {
    const cell = output * 1_048_576 + labels[i]!;
    const before = cells.get(cell) ?? 0;
    pairs += before;
    cells.set(cell, before + 1);
  });
  return pairs;
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
