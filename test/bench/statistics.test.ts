import { expect, it } from 'vitest';

import { isMet, partTable, row } from '../../bench/report/part.js';
import { limitOf, median, pairedRatios, spreadOf } from '../../bench/report/statistics.js';
import {
  measuredRate,
  rateBetween,
  residentAt,
  steadyCpuMs,
  type WholeRun,
} from '../../bench/run/whole-run.js';

it('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(() => median([])).toThrow(RangeError);
  expect(spreadOf([5, 1, 9])).toEqual({ median: 5, lowest: 1, highest: 9, rounds: 3 });
});

it('ratios are taken round by round', () => {
  expect(pairedRatios([10, 30], [5, 10])).toEqual([2, 3]);
  expect(() => pairedRatios([1], [1, 2])).toThrow(RangeError);
});

it('two cores at 4 ms of decode and 6 ms of network allow 200 images a second', () => {
  expect(limitOf([4, 6], 2)).toBe(200);
});

const run: WholeRun = {
  images: 3000,
  top1: [],
  startedSeconds: 1,
  firstImageSeconds: 1.5,
  measuredSeconds: 31,
  endSeconds: 33,
  cpuSeconds: 60,
  maxRssBytes: 9,
  marks: [500, 1000, 2000, 3000].map((images) => ({
    images,
    seconds: 1 + images / 100,
    cpuSeconds: images / 50,
    rssBytes: images,
  })),
};

it("rates count from mark to mark, the measured one over the workers' whole life", () => {
  expect(measuredRate(run)).toBe(100);
  expect(rateBetween(run, 1100, 2900)).toBeCloseTo(100);
  expect(steadyCpuMs(run)).toBeCloseTo(20);
  expect(residentAt(run, 2100)).toBe(2000);
});

it('a target is met or missed by the median, and the table says so', () => {
  const rate = row('rate', 'images/s', [90, 96, 97], 1, { kind: 'at least', value: 95 });
  expect(isMet(rate)).toBe(true);
  expect(isMet({ ...rate, target: { kind: 'at most', value: 95 } })).toBe(false);
  expect(partTable({ title: 'T', rows: [rate], notes: ['n'] })).toContain(
    '| rate | 96.0 (90.0-97.0) | images/s | at least 95 | met |',
  );
});
