import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../src/metrics/interval.js';
import { criticalValue, normalQuantile } from '../../src/metrics/normal.js';

describe('criticalValue', () => {
  it('gives the tabled values', () => {
    expect(criticalValue(0.95)).toBeCloseTo(1.959963984540054, 14);
    expect(criticalValue(0.99)).toBeCloseTo(2.5758293035489, 14);
    expect(criticalValue(0.5)).toBeCloseTo(0.6744897501960817, 14);
  });

  it('is exact far out in the tail, and antisymmetric', () => {
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.2623400897984, 12);
    expect(normalQuantile(0.3)).toBe(-normalQuantile(0.7));
  });

  it('refuses a confidence of 0 or 1', () => {
    expect(() => criticalValue(1)).toThrow(RangeError);
    expect(() => criticalValue(0)).toThrow(RangeError);
  });
});

describe('wilsonInterval', () => {
  it.each([
    [37190, 50000, 0.73995505646142, 0.747607484510107],
    [36805, 50000, 0.732218732255107, 0.739944991794842],
    [37, 50, 0.604468427351512, 0.841284725064476],
    [0, 50, 0, 0.071347599133359],
    [50, 50, 0.928652400866641, 1],
  ])('of %i in %i is statsmodels’', (correct, images, lower, upper) => {
    const interval = wilsonInterval(correct, images);
    expect(interval.lower).toBeCloseTo(lower, 13);
    expect(interval.upper).toBeCloseTo(upper, 13);
  });

  it('touches 0 and 1 exactly where all or none are correct', () => {
    expect(wilsonInterval(0, 7).lower).toBe(0);
    expect(wilsonInterval(7, 7).upper).toBe(1);
  });

  it('knows nothing without images', () => {
    expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 });
  });

  it('widens with confidence', () => {
    expect(wilsonInterval(30, 50, 0.99).lower).toBeLessThan(wilsonInterval(30, 50, 0.95).lower);
  });

  it('refuses counts that cannot be', () => {
    expect(() => wilsonInterval(51, 50)).toThrow('51 of 50');
    expect(() => wilsonInterval(0.5, 50)).toThrow(RangeError);
  });
});
