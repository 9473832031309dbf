import { expect, it } from 'vitest';

import { runningCurve } from '../../src/page/running-curve.js';
import type { ImageTable } from '../../src/page/images.js';

it('a running curve is the share right after each image, those left out that have no prediction yet', () => {
  const answers = [1, null, 2, 1, 1];
  const table: ImageTable = {
    count: answers.length,
    name: String,
    label: () => 1,
    top1: (_, at) => answers[at]!,
    margin: () => null,
    confidence: () => null,
    tied: () => false,
  };
  expect(runningCurve(table, 0, 100)).toEqual([
    { images: 1, top1: 100 },
    { images: 2, top1: 50 },
    { images: 3, top1: 200 / 3 },
    { images: 4, top1: 75 },
  ]);
  expect(runningCurve(table, 0, 2).map(({ images }) => images)).toEqual([3, 4]);
});
