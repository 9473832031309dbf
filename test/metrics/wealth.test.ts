import { describe, expect, it } from 'vitest';
import { GapMixtureWealth } from '../../src/metrics/wealth.js';

describe('GapMixtureWealth', () => {
  it('comes back from below the smallest double as logarithms would', () => {
    const gaps = [0.0015, 0.0025, 0.004, 0.0065, 0.011, 0.02, 0.04, 0.12, 0.4];
    const logs = gaps.map(() => 0);
    const wealth = new GapMixtureWealth();
    const bet = (boldness: number, cap: number, surprise: number): void => {
      wealth.bet(boldness, cap, surprise);
      gaps.forEach((gap, place) => {
        logs[place]! += Math.log1p(Math.min(gap * boldness, cap) * surprise);
      });
    };
    const expected = (): number => {
      const top = Math.max(...logs);
      return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length);
    };
    for (let step = 0; step < 1200; step++) bet(1000, 0.9, -0.9);
    expect(wealth.mean).toBe(0);
    expect(wealth.logMean / expected()).toBeCloseTo(1, 10);
    expect(expected()).toBeLessThan(-1900);
    for (let step = 0; step < 3400; step++) bet(1000, 0.9, 0.9);
    expect(wealth.logMean / expected()).toBeCloseTo(1, 10);
    expect(Math.abs(Math.log(wealth.mean) / expected() - 1)).toBeLessThan(1e-9);
  });

  it('has a p-value that only ever falls, from 1', () => {
    const wealth = new GapMixtureWealth();
    expect(wealth.pValue).toBe(1);
    wealth.bet(100, 0.9, -0.5);
    expect(wealth.pValue).toBe(1);
    for (let step = 0; step < 10; step++) wealth.bet(100, 0.9, 0.9);
    const low = wealth.pValue;
    expect(low).toBeLessThan(0.1);
    for (let step = 0; step < 10; step++) wealth.bet(100, 0.9, -0.9);
    expect(wealth.pValue).toBe(low);
  });
});
