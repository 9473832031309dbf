import { wilsonInterval, type Interval } from './interval.js';

/** Top-1 after the first `images` images. */
export interface RunningPoint {
  readonly images: number;
  readonly correct: number;
  /** Wilson's interval of the share correct so far; each point's own, not valid for the whole curve at once. */
  readonly interval: Interval;
}

/**
 * Running Top-1 against images seen, in the order given, evenly spaced and always with the last image.
 *
 * @param correct one an image, in the order of the run
 * @param points how many points at most; fewer where there are fewer images
 */
export function runningTop1(correct: ArrayLike<boolean>, points = 200, confidence = 0.95): RunningPoint[] {
  const wanted = Math.min(points, correct.length);
  const curve: RunningPoint[] = [];
  let right = 0;
  for (let seen = 1; seen <= correct.length; seen++) {
    if (correct[seen - 1]!) right++;
    if (seen === Math.ceil(((curve.length + 1) * correct.length) / wanted))
      curve.push({ images: seen, correct: right, interval: wilsonInterval(right, seen, confidence) });
  }
  return curve;
}
