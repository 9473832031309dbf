/**
 * A score as the shortest decimal text that gives the same float32 again (and so the same score, since models give
 * float32 or small integers); a number that is no float32 as the shortest that gives the same double.
 */
export function scoreText(score: number): string {
  if (Number.isInteger(score) || Math.fround(score) !== score) return String(score);
  let digits = 7;
  let shortest = Number(score.toPrecision(digits));
  if (Math.fround(shortest) === score) {
    while (digits > 1) {
      const shorter = Number(score.toPrecision(digits - 1));
      if (Math.fround(shorter) !== score) break;
      shortest = shorter;
      digits--;
    }
  } else {
    while (Math.fround(shortest) !== score) shortest = Number(score.toPrecision(++digits));
  }
  return String(shortest);
}
