import { scoreInterval, finiteFactor, type Interval } from './interval.js';
import { criticalValue } from './normal.js';
import { sumInterval, type Population } from './population.js';

/** Images of one class that were measured. */
export interface ClassShare {
  readonly images: number;
  readonly correct: number;
}

/** What a part says of the share correct in its whole population. */
export interface WholeEstimate {
  /** Images of the population. */
  readonly images: number;
  /** In [0, 1], of the images measured: the estimate for all. */
  readonly share: number;
  /** Of the share over the whole population, in [0, 1]. */
  readonly interval: Interval;
  /** 'by-class': as a stratified sample, from the spread within the classes. 'random': as a random sample. */
  readonly method: 'by-class' | 'random';
}

/**
 * Estimates the share correct in a whole population from a part of it. A part that was drawn evenly by class is taken for
 * a stratified sample with proportional allocation, whose variance is that within the classes (Cochran, Sampling
 * Techniques, 1977, section 5.6) as far as every class has two images; Wilson's interval then has the number of images
 * that a random draw of the same variance would have. Else as a random sample (`sumInterval`). Unusable images count as
 * wrong at one end and as right at the other. Null where the population is unknown or was measured whole.
 *
 * @param drawnByClass as many images of every class as can be
 */
export function wholeEstimate(
  classes: readonly ClassShare[],
  population: Population,
  drawnByClass: boolean,
  confidence = 0.95,
): WholeEstimate | null {
  const counted = classes.filter(({ images }) => images > 0);
  const images = counted.reduce((sum, one) => sum + one.images, 0);
  const correct = counted.reduce((sum, one) => sum + one.correct, 0);
  if (population.images === null || images === 0 || images >= population.images) return null;
  const share = correct / images;
  const effect = drawnByClass ? designEffect(counted, share, images) : null;
  const N = population.images;
  const usable = N - population.unusable;
  if (effect === null) {
    const sums = sumInterval(
      { images, against: correct, inFavour: 0 },
      { least: 0, most: 1 },
      population,
      confidence,
    );
    return { images: N, share, interval: { lower: sums.lower / N, upper: sums.upper / N }, method: 'random' };
  }
  const z = criticalValue(confidence) * finiteFactor(images, usable);
  const { lower, upper } = scoreInterval(share, images / effect, z);
  return {
    images: N,
    share,
    interval: { lower: (lower * usable) / N, upper: (upper * usable + population.unusable) / N },
    method: 'by-class',
  };
}

/** Variance within the classes over that of a random draw; null where a class has too few images to tell. */
function designEffect(classes: readonly ClassShare[], share: number, images: number): number | null {
  const random = (share * (1 - share)) / images;
  if (random === 0 || classes.some((one) => one.images < 2)) return null;
  const within = classes.reduce((sum, one) => {
    const own = one.correct / one.images;
    return sum + ((one.images / images) ** 2 * own * (1 - own)) / (one.images - 1);
  }, 0);
  return within === 0 ? null : within / random;
}
