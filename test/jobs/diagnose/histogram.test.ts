import { describe, expect, it } from 'vitest';

import {
  addHistograms,
  barsOf,
  Histogram,
  percentileOf,
} from '../../../src/jobs/diagnose/observe/histogram.js';

describe('a histogram that widens', () => {
  it('loses no value, whatever comes', () => {
    const histogram = new Histogram(0.001);
    for (const value of [0, -0.0005, 3, -700, 0.25, 1e6]) histogram.add(value);
    const bars = barsOf(histogram.state());
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(6);
    for (const value of [-700, 1e6])
      expect(bars.some(({ from, to }) => from <= value && value < to)).toBe(true);
  });

  it('of two threads is the one of all values', () => {
    const values = Array.from({ length: 500 }, (_, i) => Math.sin(i) * (i % 50 === 0 ? 400 : 1));
    const [left, right, all] = [new Histogram(0.01), new Histogram(0.01), new Histogram(0.01)];
    values.forEach((value, i) => {
      (i < 100 ? left : right).add(value);
      all.add(value);
    });
    expect(addHistograms(left.state(), right.state())).toEqual(all.state());
  });

  it('gives percentiles to within a bar', () => {
    const histogram = new Histogram(0.01);
    for (let i = 0; i < 1000; i++) histogram.add(i / 1000);
    expect(percentileOf(histogram.state(), 0.5)).toBeCloseTo(0.5, 1);
    expect(percentileOf(histogram.state(), 0.99)).toBeCloseTo(0.99, 1);
  });
});
