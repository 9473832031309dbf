import { describe, expect, test } from 'vitest';
import { planGeometry, roundHalfEven } from '../src/geometry.js';
import type { ResizeRule } from '../src/recipe.js';

const shortSide = (size: number): ResizeRule => ({ kind: 'short-side', size, rounding: 'torchvision' });
const tensorflow = (size: number): ResizeRule => ({
  kind: 'short-side',
  size,
  rounding: 'tensorflow-float32',
});
const crop224 = { width: 224, height: 224, offset: 'half-even' } as const;

function plan(width: number, height: number, resize: ResizeRule, crop: typeof crop224 | null = null) {
  return planGeometry({ width, height }, { centralFraction: null, resize, crop });
}

test("halves go to the even neighbour, as Python's round has it", () => {
  const halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 16.5, 58.5];
  expect(halves.map(roundHalfEven).map((value) => value + 0)).toEqual([-2, -2, 0, 0, 2, 2, 4, 16, 58]);
  expect([0.49999999999999994, 2.4, 2.6, -2.6, 7].map(roundHalfEven)).toEqual([0, 2, 3, -3, 7]);
});

describe('the short side by torchvision', () => {
  test('the long side is truncated, not rounded', () => {
    expect(plan(500, 375, shortSide(256)).resized).toEqual({ width: 341, height: 256 });
    expect(plan(333, 500, shortSide(256)).resized).toEqual({ width: 256, height: 384 });
    expect(plan(375, 500, shortSide(248)).resized).toEqual({ width: 248, height: 330 });
  });

  test('the product comes before the quotient: 33 * 100 / 33 is 100', () => {
    expect(plan(33, 100, shortSide(33)).resized).toEqual({ width: 33, height: 100 });
    expect(plan(49, 147, shortSide(49)).resized).toEqual({ width: 49, height: 147 });
  });

  test('small images are enlarged, squares stay squares', () => {
    expect(plan(10, 20, shortSide(256)).resized).toEqual({ width: 256, height: 512 });
    expect(plan(300, 300, shortSide(256)).resized).toEqual({ width: 256, height: 256 });
    expect(plan(1, 700, shortSide(256)).resized).toEqual({ width: 256, height: 179200 });
  });
});

describe('the short side by TensorFlow, all in float32', () => {
  test('it can come out one less', () => {
    const heights = Array.from({ length: 600 }, (_, i) => plan(i + 1, i + 1, tensorflow(256)).resized.height);
    expect(new Set(heights)).toEqual(new Set([255, 256]));
    expect(plan(500, 375, tensorflow(256)).resized.height).toBe(256);
  });
});

describe('crop offsets', () => {
  const left = (width: number, offset: 'half-even' | 'floor') =>
    planGeometry(
      { width, height: 224 },
      { centralFraction: null, resize: { kind: 'none' }, crop: { width: 224, height: 224, offset } },
    ).crop.left;

  test('half-even: 341 - 224 = 117 starts at 58, 343 - 224 = 119 at 60', () => {
    expect([341, 343, 342, 256, 224].map((width) => left(width, 'half-even'))).toEqual([58, 60, 59, 16, 0]);
  });

  test('floor: both start at 58 and 59', () => {
    expect([341, 343, 342, 256, 224].map((width) => left(width, 'floor'))).toEqual([58, 59, 59, 16, 0]);
  });

  test('a crop larger than the image is padded, the odd pixel after it', () => {
    expect([223, 222, 221, 1].map((width) => left(width, 'half-even'))).toEqual([-0, -1, -1, -111]);
    expect([223, 222, 221, 1].map((width) => left(width, 'floor'))).toEqual([-0, -1, -1, -111]);
  });
});

test('exact squashes, none leaves alone, a null crop keeps all', () => {
  const exact: ResizeRule = { kind: 'exact', width: 224, height: 160 };
  expect(plan(500, 375, exact)).toEqual({
    source: { left: 0, top: 0, width: 500, height: 375 },
    resized: { width: 224, height: 160 },
    crop: { left: 0, top: 0, width: 224, height: 160 },
  });
  expect(plan(227, 227, { kind: 'none' }, crop224).crop).toEqual({
    left: 2,
    top: 2,
    width: 224,
    height: 224,
  });
});

test("slim's central fraction takes the same from both sides", () => {
  const { source } = planGeometry(
    { width: 500, height: 375 },
    { centralFraction: 0.875, resize: { kind: 'exact', width: 224, height: 224 }, crop: null },
  );
  expect(source).toEqual({ left: 31, top: 23, width: 438, height: 329 });
});

test('a resize that leaves no pixels is told', () => {
  expect(() => plan(1000, 1, { kind: 'exact', width: 0, height: 5 })).toThrow(/1000x1/);
});
