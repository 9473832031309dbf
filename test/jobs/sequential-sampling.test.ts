import { describe, expect, it } from 'vitest';

import { permutation } from '../../src/metrics/permutation.js';
import { SequentialSampling, type TestedModel } from '../../src/jobs/check/sequential-sampling.js';
import { SequentialTest } from '../../src/jobs/check/sequential-test.js';
import type { SummedGate } from '../../src/metrics/counting.js';
import type { Population } from '../../src/metrics/population.js';
import { naming } from '../predictions.js';

const N = 400;
const labels = new Array<number>(N).fill(3);

function testOf(
  gate: SummedGate,
  limit: number,
  errorRate = 0.01,
  population: Population = { images: N, unusable: 0 },
): SequentialTest {
  return new SequentialTest({ gate, limit, documented: null, population, listed: N, errorRate });
}

/** A float model that is right on every image, and a candidate that loses each one for which `loses` holds. */
function race(loses: (sample: number) => boolean, options: { limit?: number; population?: Population } = {}) {
  const test = testOf('max_top1_drop', 2, 0.01, options.population);
  const tested: TestedModel = { model: 1, reference: (_, row) => row[0]!, tests: [test] };
  const sampling = new SequentialSampling(labels, 2, [tested], 7, options.limit ?? null);
  const feed = (samples: Iterable<number>): void => {
    for (const sample of samples) {
      if (sampling.enough.aborted) return;
      sampling.onPrediction(0, sample, naming(3));
      sampling.onPrediction(1, sample, naming(loses(sample) ? 4 : 3));
    }
  };
  return { test, sampling, feed };
}

describe('A sequential sampling', () => {
  it("takes one random permutation of the whole list, the seed's", () => {
    expect(race(() => false).sampling.order).toEqual([...permutation(N, 7)]);
  });

  it('comes to the same decision at the same image however the workers finish', () => {
    const loses = (sample: number): boolean => sample % 2 === 0;
    const inOrder = race(loses);
    inOrder.feed(inOrder.sampling.order);
    const mixed = race(loses);
    // Each block of eight in reverse, as slow images make it.
    const blocks = Array.from({ length: N / 8 }, (_, b) =>
      mixed.sampling.order.slice(8 * b, 8 * b + 8).reverse(),
    );
    mixed.feed(blocks.flat());
    expect(inOrder.test.verdict).toBe('fail');
    expect(mixed.test.record()).toEqual(inOrder.test.record());
  });

  it('decides nothing while the first image of the order is missing', () => {
    const { test, sampling, feed } = race(() => true);
    feed(sampling.order.slice(1, 200));
    expect(sampling.seen).toHaveLength(0);
    expect(test.verdict).toBeNull();
    feed(sampling.order.slice(0, 1));
    expect(test.verdict).toBe('fail');
  });

  it('refuses a candidate that loses every image within a few dozen', () => {
    const { test, sampling, feed } = race(() => true);
    feed(sampling.order);
    expect(test.record().outcome.imagesSeen).toBeLessThan(40);
    expect(sampling.enough.aborted).toBe(true);
  });

  it('ends undecided at a limit, never with a pass', () => {
    const { test, sampling, feed } = race(() => false, { limit: 50 });
    expect(sampling.order).toHaveLength(50);
    feed(sampling.order);
    const record = test.record();
    expect(record.outcome).toMatchObject({ verdict: 'undecided', decidedBy: 'limit', imagesSeen: 50 });
    expect(test.gateVerdict(record).status).toBe('undecided');
  });

  it('passes a candidate that loses exactly the limit, once no image can change that', () => {
    const { test, sampling, feed } = race((sample) => sample < 8);
    feed(sampling.order);
    expect(test.record()).toMatchObject({ maxImages: 8, outcome: { verdict: 'pass' } });
  });

  it('goes on past an image that could not be used', () => {
    const { sampling, feed } = race(() => false);
    sampling.onBad(sampling.order[0]!);
    feed(sampling.order.slice(1, 3));
    expect(sampling.seen.map(({ predictions }) => predictions[0] === null)).toEqual([true, false, false]);
  });

  it('passes a part of a data set where it tells enough of the whole, and fails it by the same rule', () => {
    const whole: Population = { images: 50_000, unusable: 0 };
    const clean = race(() => false, { population: whole });
    clean.feed(clean.sampling.order);
    const passed = clean.test.gateVerdict(clean.test.record());
    expect(passed).toMatchObject({ status: 'pass', basis: 'sequential', population: 50_000 });
    const near = race((sample) => sample % 25 === 0, { population: whole });
    near.feed(near.sampling.order);
    expect(near.test.gateVerdict(near.test.record())).toMatchObject({
      status: 'undecided',
      images: N,
    });
    const broken = race(() => true, { population: whole });
    broken.feed(broken.sampling.order);
    expect(broken.test.gateVerdict(broken.test.record()).status).toBe('fail');
  });

  it('decides with images that could not be used where whatever they were leads to one answer', () => {
    const { test, sampling, feed } = race((sample) => sample < 4);
    sampling.onBad(sampling.order[0]!);
    feed(sampling.order.slice(1));
    expect(test.record().outcome).toMatchObject({ verdict: 'pass', unusable: 1 });
    const close = race((sample) => sample < 8 && sample !== 0);
    close.sampling.onBad(close.sampling.order.find((sample) => sample >= 8)!);
    close.sampling.onBad(0);
    close.feed(close.sampling.order);
    expect(close.test.record().outcome).toMatchObject({ verdict: 'undecided', decidedBy: 'unusable' });
  });

  it('finishes a model with its first failed gate and asks no more of it', () => {
    const drop = testOf('max_top1_drop', 2, 0.005);
    const flips = testOf('max_flip_rate', 50, 0.005);
    const tested: TestedModel = { model: 1, reference: (_, row) => row[0]!, tests: [drop, flips] };
    const sampling = new SequentialSampling(labels, 2, [tested], 7, null);
    sampling.order.forEach((sample, place) => {
      if (sampling.enough.aborted) return;
      sampling.onPrediction(0, sample, naming(3));
      sampling.onPrediction(1, sample, naming(place % 2 === 0 ? 4 : 3));
    });
    expect(drop.verdict).toBe('fail');
    expect(flips.verdict).toBeNull();
    expect(sampling.imagesOf(tested)).toBe(drop.record().outcome.imagesSeen);
  });

  it('tests ties and agreement by their own figures', () => {
    const agreement = testOf('min_agreement', 90, 0.01);
    const ties = testOf('max_ties', 10, 0.01);
    for (let i = 0; i < N; i++) {
      const image = { label: 3, candidate: naming(3, i % 4 === 0 ? 2 : 1), reference: naming(3) };
      agreement.observe(image);
      ties.observe(image);
    }
    expect(agreement.gateVerdict(agreement.record())).toMatchObject({ status: 'pass', measured: 100 });
    expect(ties.verdict).toBe('fail');
  });
});
