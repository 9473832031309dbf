import { expect, it } from 'vitest';
import type { Prediction } from '../../src/domain/domain.js';
import { PackedPredictions } from '../../src/store/packed-predictions.js';

const plain: Prediction = {
  classes: [7, 999, 0],
  scores: [Math.fround(12.3), -0, -Infinity],
  labelAbove: 3,
  labelTied: 1,
  tiedTop: 2,
  logSumExp: 12.345678901234567,
  invalid: false,
};

it.each([
  ['of float32 scores', plain],
  ['of float64 scores', { ...plain, scores: [0.1, 0.1 - 2 ** -55, 1e-320] }],
  ['of an infinite score', { ...plain, scores: [Infinity, 1, 0], logSumExp: Infinity }],
  ['of more than 65535 classes', { ...plain, classes: [70_000, 1, 65_536], labelAbove: 65_536 }],
  ['of NaN', { ...plain, classes: [], scores: [], labelAbove: 1000, logSumExp: 0, invalid: true }],
])('a prediction %s comes out as it went in, and those before it stay', (_, prediction) => {
  const rows = new PackedPredictions(3);
  rows.set(0, plain);
  rows.set(2, prediction);
  rows.grow(9);
  expect(rows.get(0)).toStrictEqual(plain);
  expect(rows.get(2)).toStrictEqual(prediction);
  expect(rows.holds(2, prediction)).toBe(true);
});

it('tells scores that differ in their last bit', () => {
  const rows = new PackedPredictions(1);
  rows.set(0, plain);
  expect(rows.holds(0, { ...plain, scores: [plain.scores[0]! + 2 ** -40, -0, -Infinity] })).toBe(false);
  expect(rows.holds(0, { ...plain, scores: [plain.scores[0]!, 0, -Infinity] })).toBe(false);
});
