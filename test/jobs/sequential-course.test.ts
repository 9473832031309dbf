import { describe, expect, it } from 'vitest';

import type { Prediction } from '../../src/domain/domain.js';
import { permutation } from '../../src/metrics/permutation.js';
import { SequentialCourse, type TestedModel } from '../../src/jobs/check/sequential-course.js';
import { SequentialTest, type SummedGate } from '../../src/jobs/check/sequential-test.js';

const N = 400;
const labels = new Array<number>(N).fill(3);

function naming(index: number, tiedTop = 1): Prediction {
  return {
    classes: [index],
    scores: [1],
    labelAbove: 0,
    labelTied: 0,
    tiedTop,
    logSumExp: 1,
    invalid: false,
  };
}

/** A float model that is right on every image, and a candidate that loses each one for which `loses` holds. */
function race(loses: (sample: number) => boolean, options: { limit?: number; gate?: SummedGate } = {}) {
  const test = new SequentialTest(options.gate ?? 'max_top1_drop', 2, null, N, 0.01);
  const tested: TestedModel = { model: 1, reference: (_, row) => row[0]!, tests: [test] };
  const course = new SequentialCourse(labels, 2, [tested], 7, options.limit ?? null);
  const feed = (samples: Iterable<number>): void => {
    for (const sample of samples) {
      if (course.enough.aborted) return;
      course.onPrediction(0, sample, naming(3));
      course.onPrediction(1, sample, naming(loses(sample) ? 4 : 3));
    }
  };
  return { test, course, feed };
}

describe('A sequential course', () => {
  it("deals one random permutation of the whole list, the seed's", () => {
    expect(race(() => false).course.order).toEqual([...permutation(N, 7)]);
  });

  it('comes to the same decision at the same image however the workers finish', () => {
    const loses = (sample: number): boolean => sample % 2 === 0;
    const inOrder = race(loses);
    inOrder.feed(inOrder.course.order);
    const mixed = race(loses);
    // Each block of eight in reverse, as slow images make it.
    const blocks = Array.from({ length: N / 8 }, (_, b) =>
      mixed.course.order.slice(8 * b, 8 * b + 8).reverse(),
    );
    mixed.feed(blocks.flat());
    expect(inOrder.test.verdict).toBe('fail');
    expect(mixed.test.record()).toEqual(inOrder.test.record());
  });

  it('decides nothing while the first image of the order is missing', () => {
    const { test, course, feed } = race(() => true);
    feed(course.order.slice(1, 200));
    expect(course.seen).toHaveLength(0);
    expect(test.verdict).toBeNull();
    feed(course.order.slice(0, 1));
    expect(test.verdict).toBe('fail');
  });

  it('refuses a candidate that loses every image within a few dozen', () => {
    const { test, course, feed } = race(() => true);
    feed(course.order);
    expect(test.record().outcome.imagesSeen).toBeLessThan(40);
    expect(course.enough.aborted).toBe(true);
  });

  it('ends undecided at a limit, never with a pass', () => {
    const { test, course, feed } = race(() => false, { limit: 50 });
    expect(course.order).toHaveLength(50);
    feed(course.order);
    const record = test.record();
    expect(record.outcome).toMatchObject({ verdict: 'undecided', decidedBy: 'limit', imagesSeen: 50 });
    expect(test.gateVerdict(record, null).status).toBe('undecided');
  });

  it('passes a candidate that loses exactly the limit, once no image can change that', () => {
    const { test, course, feed } = race((sample) => sample < 8);
    feed(course.order);
    expect(test.record()).toMatchObject({ maxImages: 8, outcome: { verdict: 'pass' } });
  });

  it('counts an image that could not be used as wrong for both and goes on', () => {
    const { course, feed } = race(() => false);
    course.onBad(course.order[0]!);
    feed(course.order.slice(1, 3));
    expect(course.seen.map(({ predictions }) => predictions[0] === null)).toEqual([true, false, false]);
  });

  it('never passes a part of a data set', () => {
    const { test, course, feed } = race(() => false);
    feed(course.order);
    const record = test.record();
    expect(test.gateVerdict(record, null).status).toBe('pass');
    expect(test.gateVerdict(record, '400 of 50000')).toMatchObject({ status: 'undecided' });
  });

  it('settles a model with its first failed gate and asks no more of it', () => {
    const drop = new SequentialTest('max_top1_drop', 2, null, N, 0.005);
    const flips = new SequentialTest('max_flip_rate', 50, null, N, 0.005);
    const tested: TestedModel = { model: 1, reference: (_, row) => row[0]!, tests: [drop, flips] };
    const course = new SequentialCourse(labels, 2, [tested], 7, null);
    course.order.forEach((sample, place) => {
      if (course.enough.aborted) return;
      course.onPrediction(0, sample, naming(3));
      course.onPrediction(1, sample, naming(place % 2 === 0 ? 4 : 3));
    });
    expect(drop.verdict).toBe('fail');
    expect(flips.verdict).toBeNull();
    expect(course.imagesOf(tested)).toBe(drop.record().outcome.imagesSeen);
  });

  it('tests ties and agreement by their own figures', () => {
    const agreement = new SequentialTest('min_agreement', 90, null, N, 0.01);
    const ties = new SequentialTest('max_ties', 10, null, N, 0.01);
    for (let i = 0; i < N; i++) {
      const image = { label: 3, candidate: naming(3, i % 4 === 0 ? 2 : 1), reference: naming(3) };
      agreement.observe(image);
      ties.observe(image);
    }
    expect(agreement.gateVerdict(agreement.record(), null)).toMatchObject({ status: 'pass', measured: 100 });
    expect(ties.verdict).toBe('fail');
  });
});
