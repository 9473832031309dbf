import { createHash } from 'node:crypto';
import type { ClassIndex, LabelledImage } from '../domain/domain.js';

/**
 * Draws `limit` samples with each class in proportion to its size, at most one image more or less than its share. Which images
 * and which classes get the odd ones is told by SHA-256 of the seed and the names, so the draw is the same on every machine,
 * doesn't depend on how the images are listed, and a smaller draw of a seed lies within a larger one.
 * The result keeps the order of `samples`; all of them where there are no more than `limit`.
 */
export function stratifiedSample<Sample extends LabelledImage>(
  samples: readonly Sample[],
  limit: number,
  seed: number,
): Sample[] {
  if (samples.length <= limit) return [...samples];
  const classes = new Map<ClassIndex, { place: number; rank: number }[]>();
  for (const [place, sample] of samples.entries()) {
    const members = classes.get(sample.label) ?? [];
    members.push({ place, rank: fraction(`${seed} image ${sample.id}`) });
    classes.set(sample.label, members);
  }
  // Systematic sampling: the images of a class stand at even distances on 0..1 from an offset of its own; the first ones are drawn.
  const drawn = [...classes].flatMap(([label, members]) => {
    const offset = fraction(`${seed} class ${label}`);
    members.sort((a, b) => a.rank - b.rank || a.place - b.place);
    return members.map(({ place }, index) => ({ place, position: (index + offset) / members.length }));
  });
  drawn.sort((a, b) => a.position - b.position || a.place - b.place);
  const kept = new Set(drawn.slice(0, limit).map(({ place }) => place));
  return samples.filter((_, index) => kept.has(index));
}

/** 0 ≤ x < 1 with 48 bits. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}
