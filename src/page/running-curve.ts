import type { ImageTable } from './images.js';

export interface CurvePoint {
  readonly images: number;
  /** Of these, in percent. */
  readonly top1: number;
}

/** A model's Top-1 after each of some numbers of images, in the order in which they came; those without a prediction are passed over. */
export function runningCurve(table: ImageTable, model: number, points: number): CurvePoint[] {
  const curve: CurvePoint[] = [];
  const step = Math.max(1, Math.ceil(table.count / points));
  let images = 0;
  let right = 0;
  for (let at = 0; at < table.count; at++) {
    const answer = table.top1(model, at);
    if (answer === null) continue;
    images++;
    if (answer === table.label(at)) right++;
    if (images % step === 0 || at === table.count - 1) curve.push({ images, top1: (100 * right) / images });
  }
  return curve;
}
