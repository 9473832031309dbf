import { describe, expect, it } from 'vitest';

import { durationText, Pace } from '../../src/cli/pace.js';
import { modelText, summaryLine } from '../../src/cli/progress.js';

function paceOf(moments: readonly { seconds: number; done: number; known: number }[], total: number): Pace {
  const pace = new Pace();
  for (const moment of moments) pace.see({ ...moment, total });
  return pace;
}

describe('time left', () => {
  it('counts measured images only: 10 000 that an earlier run knew pass in no time', () => {
    const pace = paceOf(
      [
        { seconds: 0.2, done: 10_000, known: 10_000 },
        { seconds: 1.2, done: 10_050, known: 10_000 },
        { seconds: 2.2, done: 10_100, known: 10_000 },
      ],
      11_100,
    );
    expect(pace.rate()).toBeCloseTo(50, 6);
    expect(pace.secondsLeft()).toBeCloseTo(20, 6);
  });

  it('rests on the last seconds: a run that was held up at its start is not slow for ever', () => {
    const moments = [{ seconds: 60, done: 10, known: 0 }];
    for (let second = 61; second <= 70; second++)
      moments.push({ seconds: second, done: 10 + (second - 60) * 100, known: 0 });
    expect(paceOf(moments, 2010).secondsLeft()).toBeCloseTo(10, 1);
  });

  it('is not told where nothing was measured yet, and is 0 at the end', () => {
    expect(paceOf([{ seconds: 1, done: 5, known: 5 }], 10).secondsLeft()).toBeNull();
    expect(paceOf([{ seconds: 1, done: 10, known: 10 }], 10).secondsLeft()).toBe(0);
  });

  it('reads as people say it', () => {
    expect([null, 6.4, 125, 11_400].map(durationText)).toEqual(['-', '6 s', '2 min 05 s', '3 h 10 min']);
  });
});

describe('the lines of a running view', () => {
  const progress = {
    done: 1120,
    known: 0,
    total: 2000,
    seconds: 20,
    running: [
      { images: 1000, top1: 858 },
      { images: 1000, top1: 848 },
    ],
  };
  const models = [
    { name: 'float', comparedWith: null },
    { name: 'int8', comparedWith: 0 },
  ];
  const pace = paceOf(
    [
      { seconds: 10, done: 560, known: 0 },
      { seconds: 20, done: 1120, known: 0 },
    ],
    2000,
  );

  it.each([60, 80, 100, 200])(
    'in %i columns time left and rate are whole, and no line is wider',
    (columns) => {
      const line = summaryLine(progress, pace, false, columns);
      expect(line).toContain('1120/2000 images  16 s left, 56.0 images/s');
      expect(line.length).toBeLessThanOrEqual(columns);
    },
  );

  it('gives each model its running Top-1 and drop', () => {
    expect(modelText(progress, models, 0)).toBe('float: Top-1 85.80 %');
    expect(modelText(progress, models, 1)).toBe('int8: Top-1 84.80 %, drop 1.00 against float');
  });

  it('calls the time left an upper bound where gates may end the run', () => {
    expect(summaryLine(progress, pace, true, 80)).toContain('at most 16 s left');
  });
});
