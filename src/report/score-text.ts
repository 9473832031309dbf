/**
 * A score as the shortest decimal text that rounds to the same float32 again: models give float32 or small
 * integers, so nine digits are always enough.
 */
export function scoreText(score: number): string {
  // No model gives a number that is no float32; it is then written in full and comes back rounded.
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
