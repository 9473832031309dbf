import { describe, expect, it } from 'vitest';

import { RunError } from '../../src/domain/errors.js';
import { SetupGuard, type GuardedReference } from '../../src/jobs/run/guard.js';
import { naming } from '../predictions.js';

const classes = Array.from({ length: 20 }, (_, index) => ({
  index,
  wnid: `n${index}`,
  name: `class ${index}`,
}));
const N = 300;

/** A float model and an int8 one, which names class 3 for everything, as the guard sees them. */
function watch(
  reference: GuardedReference | null,
  { floatNames = (label: number) => label, int8First = false } = {},
): string[] {
  const told: string[] = [];
  const models = [
    { name: 'float', outputs: 20 },
    { name: 'int8', outputs: 20 },
  ];
  const guard = SetupGuard.over(models, classes, N, {
    referenceOf: (model) => (model === 1 ? reference : null),
    tell: (_, text) => told.push(text),
  });
  const float = (sample: number): void => {
    guard.see(0, sample, sample % 20, naming(floatNames(sample % 20)));
  };
  const int8 = (sample: number): void => {
    guard.see(1, sample, sample % 20, naming(3));
  };
  for (let sample = 0; sample < N; sample++) {
    if (!int8First) float(sample);
    int8(sample);
  }
  if (int8First) for (let sample = 0; sample < N; sample++) float(sample);
  return told;
}

describe('A model near chance', () => {
  it('beside a sound reference is a regression: it is told, and the run goes on', () => {
    for (const int8First of [false, true]) {
      const told = watch({ kind: 'model', model: 0 }, { int8First });
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('near chance: Top-1 over the first 300 images is 5.0 %, 15 of 300');
      expect(told[0]).toContain('it names class 3 for 100.0 %');
    }
  });

  it('beside a sound baseline too, but not beside one that lacks these images', () => {
    expect(watch({ kind: 'known', right: () => true })).toHaveLength(1);
    expect(() => watch({ kind: 'known', right: () => null })).toThrow(RunError);
  });

  it('whose reference is near chance itself is a wrong set-up, which ends the run', () => {
    expect(() => watch({ kind: 'model', model: 0 }, { floatNames: (label) => (label + 7) % 20 })).toThrow(
      /near the 5.0 % of chance/,
    );
    expect(() => watch({ kind: 'known', right: () => false })).toThrow(RunError);
  });

  it('without a reference ends the run as ever', () => {
    expect(() => watch(null)).toThrow(RunError);
  });
});
