import { describe, expect, it } from 'vitest';
import { classDrift, leastOneWayFlips } from '../../src/metrics/class-drift.js';

/** Classes of `size` images each, with the given flips (lost, gained); the other images are right under both. */
function classes(flips: readonly (readonly [number, number])[], size = 50) {
  const labels: number[] = [];
  const reference: { id: string; top1: number; correct: boolean }[] = [];
  const candidate: typeof reference = [];
  flips.forEach(([lost, gained], label) => {
    for (let index = 0; index < size; index++) {
      const id = `${label}/${index}`;
      labels.push(label);
      reference.push({ id, top1: label, correct: !(index >= lost && index < lost + gained) });
      candidate.push({ id, top1: label, correct: index >= lost });
    }
  });
  return { labels, reference, candidate };
}

describe('classDrift', () => {
  it('gives the worked example and flags the first class only', () => {
    const { labels, reference, candidate } = classes([
      [10, 0],
      [8, 1],
      [7, 1],
      [5, 0],
      [3, 3],
      [0, 0],
      [1, 2],
      [2, 0],
    ]);
    const report = classDrift(labels, reference, candidate);
    const midP = [0.0009765625, 0.021484375, 0.0390625, 0.03125, 0.6875, 1, 0.625, 0.25];
    const adjusted = [0.0078125, 0.078125, 0.078125, 0.078125, 0.785714285714286, 1, 0.785714285714286, 0.4];
    report.perClass.forEach((drift, index) => {
      expect(drift.midP).toBeCloseTo(midP[index]!, 14);
      expect(drift.adjustedP).toBeCloseTo(adjusted[index]!, 14);
    });
    expect(report.flagged).toEqual([0]);
  });

  it('does not find an overall drop again in every class when asked for worse than the rest', () => {
    const { labels, reference, candidate } = classes(Array.from({ length: 10 }, () => [12, 0] as const));
    const report = classDrift(labels, reference, candidate);
    expect(report.flagged).toHaveLength(10);
    expect(report.worseThanRest).toEqual([]);
  });

  it('finds the class that loses where the others flip both ways', () => {
    const { labels, reference, candidate } = classes([
      ...Array.from({ length: 9 }, () => [10, 10] as const),
      [20, 0],
    ]);
    const report = classDrift(labels, reference, candidate);
    expect(report.worseThanRest).toEqual([9]);
    expect(report.perClass[9]!.worseThanRestP).toBeCloseTo((110 / 200) ** 20, 12);
  });

  it('does not call a class that gains worse than the rest', () => {
    const { labels, reference, candidate } = classes([
      ...Array.from({ length: 9 }, () => [10, 10] as const),
      [0, 20],
    ]);
    const report = classDrift(labels, reference, candidate);
    expect(report.flagged).toEqual([9]);
    expect(report.worseThanRest).toEqual([]);
  });

  it('says that few images a class tell nothing: 1000 classes need 15 flips one way', () => {
    expect(leastOneWayFlips(1000, 0.05)).toBe(15);
    expect(leastOneWayFlips(1000, 0.1)).toBe(14);
    const small = classes(
      Array.from({ length: 1000 }, (_, label) => [label === 3 ? 14 : 0, 0] as const),
      14,
    );
    const report = classDrift(small.labels, small.reference, small.candidate);
    expect(report.flagged).toEqual([]);
    expect(report.power).toEqual({
      classes: 1000,
      falseDiscoveryRate: 0.05,
      leastOneWayFlips: 15,
      imagesInLargestClass: 14,
      blind: true,
    });
  });

  it('flags a lone class at exactly the stated number of flips', () => {
    const flagged = (lost: number) => {
      const run = classes(
        Array.from({ length: 1000 }, (_, label) => [label === 3 ? lost : 0, 0] as const),
        20,
      );
      return classDrift(run.labels, run.reference, run.candidate).flagged;
    };
    expect(flagged(14)).toEqual([]);
    expect(flagged(15)).toEqual([3]);
  });

  it('refuses lists of different lengths', () => {
    expect(() => classDrift([1], [], [])).toThrow(RangeError);
  });
});
