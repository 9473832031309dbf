import { distance } from 'fastest-levenshtein';

/** ` Did you mean "x"?`, or nothing where no accepted word is near. */
export function didYouMean(word: string, accepted: readonly string[]): string {
  const [best] = accepted
    .map((candidate) => ({ candidate, away: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, away }) => away <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.away - b.away);
  return best === undefined ? '' : ` Did you mean "${best.candidate}"?`;
}
