import type { ClassIndex, Prediction, ScoreArray, TieRule } from '../domain/domain.js';

/** How many of the best classes a ranking keeps. */
export const RANKED = 5;

/**
 * Ranks one row of a score tensor by (score descending, class index ascending), or index descending
 * under 'highest-index'. Equal means equal as numbers: -0 ties with 0, Infinity with Infinity.
 *
 * @param scores a tensor of shape [batch, classOffset + classes], flattened
 * @param offset where the row begins in `scores`
 * @param classes how many real classes the row has, background not counted; at least 1
 * @param classOffset 1 if the row begins with a background class, which is never ranked and not in logSumExp
 * @param label the true class in [0, classes); null if the image has none: labelAbove is then `classes`, labelTied 0
 * @returns a NaN row has no classes and scores, labelAbove = `classes`, tiedTop, labelTied and logSumExp 0, and is
 *   wrong for every k. logSumExp is meaningful for logits only; an infinite highest score makes it infinite.
 * @throws RangeError if the row does not lie inside `scores` or the label is not one of the classes
 */
export function rankRow(
  scores: ScoreArray,
  offset: number,
  classes: number,
  classOffset: 0 | 1,
  label: ClassIndex | null,
  rule: TieRule = 'lowest-index',
): Prediction {
  const begin = offset + classOffset;
  if (
    !Number.isInteger(begin) ||
    offset < 0 ||
    !Number.isInteger(classes) ||
    classes < 1 ||
    begin + classes > scores.length
  )
    throw new RangeError(
      `Expected a row of ${classOffset + classes} scores from ${offset} but the tensor holds ${scores.length}`,
    );
  if (label !== null && !(Number.isInteger(label) && label >= 0 && label < classes))
    throw new RangeError(`Expected a label from 0 to ${classes - 1} but received ${label}`);

  const kept = Math.min(RANKED, classes);
  const bestClasses = new Array<ClassIndex>(kept).fill(-1);
  const bestScores = new Array<number>(kept).fill(-Infinity);
  const lastWins = rule === 'highest-index';
  const labelScore = label === null ? NaN : scores[begin + label]!;
  let filled = 0;
  let threshold = -Infinity;
  let above = 0;
  let equal = 0;

  for (let index = 0; index < classes; index++) {
    const score = scores[begin + index]!;
    if (score > labelScore) above++;
    else if (score === labelScore) equal++;
    // A NaN score fails every comparison; `!(<)` lets it fall through to the test below.
    if (filled === kept && (lastWins ? score < threshold : score <= threshold)) continue;
    if (Number.isNaN(score)) return invalidRow(classes);
    let place = filled < kept ? filled++ : kept - 1;
    while (place > 0 && (lastWins ? score >= bestScores[place - 1]! : score > bestScores[place - 1]!)) {
      bestScores[place] = bestScores[place - 1]!;
      bestClasses[place] = bestClasses[place - 1]!;
      place--;
    }
    bestScores[place] = score;
    bestClasses[place] = index;
    threshold = bestScores[kept - 1]!;
  }

  const top = bestScores[0]!;
  let tiedTop = 0;
  let sum = 0;
  for (let index = begin; index < begin + classes; index++) {
    const below = scores[index]! - top;
    if (below === 0) {
      tiedTop++;
      sum += 1;
    } else if (below > -REACH) sum += expOfNegative(below);
  }
  const infinite = top === Infinity || top === -Infinity;
  return {
    classes: bestClasses,
    scores: bestScores,
    labelAbove: label === null ? classes : above,
    labelTied: label === null ? 0 : equal - 1,
    tiedTop: infinite ? countEqual(scores, begin, classes, top) : tiedTop,
    logSumExp: infinite ? top : top + Math.log(sum),
    invalid: false,
  };
}

/**
 * Top-k correctness, the only definition in this harness: the label is among the first k ranked classes.
 * An invalid row has no ranked classes and so is wrong for every k.
 *
 * @param classes a ranking's classes, best first
 * @param k from 1 to 5
 */
export function isCorrect(classes: readonly ClassIndex[], label: ClassIndex, k: number): boolean {
  const place = classes.indexOf(label);
  return place !== -1 && place < k;
}

/** exp(-48) is 1e-21: classes further below the best add nothing that a double could show. */
const REACH = 48;
const STEPS = 64;
const EXP_OF_STEPS = Float64Array.from({ length: REACH * STEPS + 1 }, (_, step) => Math.exp(-step / STEPS));

/**
 * exp(x) for x in (-48, 0], relative error about 3e-16: the table's nearest entry times the Taylor series of the rest,
 * which is within 1/128. Math.exp takes three times as long, half of the time of a whole ranking.
 */
function expOfNegative(x: number): number {
  const step = (0.5 - x * STEPS) | 0;
  const r = x + step / STEPS;
  return EXP_OF_STEPS[step]! * (1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))))));
}

function countEqual(scores: ScoreArray, begin: number, classes: number, value: number): number {
  let count = 0;
  for (let index = begin; index < begin + classes; index++) if (scores[index] === value) count++;
  return count;
}

function invalidRow(classes: number): Prediction {
  return {
    classes: [],
    scores: [],
    labelAbove: classes,
    labelTied: 0,
    tiedTop: 0,
    logSumExp: 0,
    invalid: true,
  };
}
