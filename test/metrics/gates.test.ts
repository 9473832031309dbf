import { describe, expect, it } from 'vitest';
import type { Change, ChangeCount } from '../../src/metrics/change.js';
import { countChanges } from '../../src/metrics/change.js';
import { countingOf } from '../../src/metrics/counting.js';
import { classDropGate, sumGate, type ClassCount } from '../../src/metrics/gates.js';
import type { Population } from '../../src/metrics/population.js';
import { naming } from '../predictions.js';

const count = (images: number, against: number, inFavour = 0): ChangeCount => ({ images, against, inFavour });
const of = (images: number | null, unusable = 0): Population => ({ images, unusable });
const ask = (limit: number, population: Population, confidence = 0.95) => ({ limit, population, confidence });

describe('A gate on the drop', () => {
  it('is exact where all images were counted: a tie passes, one image more fails', () => {
    const drop = (against: number) =>
      sumGate('max_top1_drop', ask(0.5, of(50_000)), count(50_000, against, 1000));
    expect(drop(1250)).toMatchObject({
      status: 'pass',
      measured: 0.5,
      interval: null,
      basis: 'exact',
      population: 50_000,
    });
    expect(drop(1251).status).toBe('fail');
  });

  it('never fails a candidate that is better', () => {
    expect(sumGate('max_top1_drop', ask(0, of(100)), count(100, 1, 20)).status).toBe('pass');
    for (const [b, c] of [
      [0, 0],
      [0, 1],
      [3, 4],
      [40, 90],
    ] as const)
      for (const population of [of(null), of(50_000), of(601), of(600, 0)])
        expect(sumGate('max_top1_drop', ask(0, population), count(600, b, c)).status).not.toBe('fail');
  });

  it('says of a part whether its interval for the whole lies within, beyond or on both sides of the limit', () => {
    const part = (limit: number, counted: ChangeCount) =>
      sumGate('max_top1_drop', ask(limit, of(50_000)), counted);
    const open = part(1, count(500, 12, 8));
    expect(open).toMatchObject({ status: 'undecided', basis: 'interval', images: 500, population: 50_000 });
    expect(open.interval!.lower).toBeLessThan(1);
    expect(open.interval!.upper).toBeGreaterThan(1);
    expect(part(1, count(500, 220, 7)).status).toBe('fail');
    expect(part(5, count(500, 12, 8)).status).toBe('pass');
  });

  it('passes a part of a clean model that is large enough, and takes the finite population into account', () => {
    const clean = (images: number, population: number | null) =>
      sumGate(
        'max_top1_drop',
        ask(1, of(population)),
        count(images, Math.round(images * 0.0225), Math.round(images * 0.0225)),
      ).status;
    expect([clean(400, 50_000), clean(2000, 50_000)]).toEqual(['undecided', 'pass']);
    expect([clean(1600, null), clean(1600, 2000)]).toEqual(['undecided', 'pass']);
  });

  it('says how many images would decide it, and that none would where the figure lies on the limit', () => {
    const open = sumGate('max_top1_drop', ask(1, of(50_000)), count(400, 9, 7));
    expect(open.imagesToDecide).toBeGreaterThan(2000);
    const scale = open.imagesToDecide! / 400;
    const then = sumGate(
      'max_top1_drop',
      ask(1, of(50_000)),
      count(open.imagesToDecide!, Math.round(9 * scale), Math.round(7 * scale)),
    );
    expect(then.status).toBe('pass');
    expect(open.rule).toContain(`about ${open.imagesToDecide} images would decide it`);
  });

  it('states the p of non-inferiority, which is half of the error exactly where it passes', () => {
    for (let gained = 0; gained < 60; gained++) {
      const { status, pWithin } = sumGate('max_top1_drop', ask(1, of(20_000)), count(2000, 60, gained));
      expect(status === 'pass', `${gained} gained, p ${pWithin}`).toBe(pWithin! <= 0.025);
      expect(status === 'fail').toBe(pWithin! > 0.975);
    }
  });

  it('with unusable images is decided where every way they could have gone leads to one answer', () => {
    const N = 8;
    const changes: readonly Change[] = [-1, 0, 1];
    // Every population of six known images and two unusable ones, every limit in whole images.
    for (let known = 0; known < 3 ** 6; known++) {
      const seen = Array.from({ length: 6 }, (_, i) => changes[Math.floor(known / 3 ** i) % 3]!);
      for (let most = 0; most <= N; most++) {
        const verdict = sumGate('max_top1_drop', ask((100 * most) / N, of(N, 2)), countChanges(seen)).status;
        const answers = new Set(
          changes.flatMap((a) =>
            changes.map(
              (b) =>
                sumGate('max_top1_drop', ask((100 * most) / N, of(N)), countChanges([...seen, a, b])).status,
            ),
          ),
        );
        expect(verdict).toBe(answers.size === 1 ? [...answers][0] : 'undecided');
      }
    }
  });

  it('is not made undecided by a single unusable image of 50 000', () => {
    expect(sumGate('max_top1_drop', ask(1, of(50_000, 1)), count(49_999, 1400, 1000))).toMatchObject({
      status: 'pass',
      basis: 'bounds',
    });
    expect(sumGate('max_top1_drop', ask(1, of(50_000, 1)), count(49_999, 2400, 1000)).status).toBe('fail');
  });

  it('fails few of the random parts of a set that passes, by the same rule on either side', () => {
    // 1000 images, 30 lost and 25 gained; limit 0.5 points = the true drop: each verdict on a part is half right.
    const wrong = { fail: 0, pass: 0 };
    let total = 0;
    for (let against = 0; against <= 30; against++)
      for (let inFavour = 0; inFavour <= 25; inFavour++) {
        const chance = Math.exp(
          choose(30, against) +
            choose(25, inFavour) +
            choose(945, 400 - against - inFavour) -
            choose(1000, 400),
        );
        total += chance;
        const counted = count(400, against, inFavour);
        if (sumGate('max_top1_drop', ask(0.5, of(1000)), counted).status === 'fail') wrong.fail += chance;
        if (sumGate('max_top1_drop', ask(0.4, of(1000)), counted).status === 'pass') wrong.pass += chance;
      }
    expect(total).toBeCloseTo(1, 9);
    expect(wrong.fail).toBeLessThan(0.03);
    expect(wrong.pass).toBeLessThan(0.03);
  });
});

/** ln of n over k. */
function choose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}

describe('A gate against a documented figure', () => {
  const documented = { percent: 74, decimals: 1 };
  const at = (correct: number, images: number, population: Population, limit = 1) =>
    sumGate(
      'max_top1_drop_vs_documented',
      ask(limit, population),
      count(images, images - correct),
      documented,
    );

  it('is exact on the whole data set, with sign', () => {
    const statuses = [730, 729, 990].map((correct) => at(correct, 1000, of(1000)).status);
    expect(statuses).toEqual(['pass', 'fail', 'pass']);
    expect(at(730, 1000, of(1000)).measured).toBeCloseTo(1, 10);
  });

  it('takes the interval on a part', () => {
    const statuses = [440, 368, 221].map((correct) => at(correct, 500, of(50_000)).status);
    expect(statuses).toEqual(['pass', 'undecided', 'fail']);
  });

  it('passes at a limit of 0 what prints as the documented figure', () => {
    const printed = { percent: 74.38, decimals: 2 };
    const drop = (correct: number) =>
      sumGate('max_top1_drop_vs_documented', ask(0, of(50_000)), count(50_000, 50_000 - correct), printed)
        .status;
    expect([drop(37188), drop(37187)]).toEqual(['pass', 'fail']);
  });

  it('decides with unusable images where both ends agree', () => {
    expect(at(740, 995, of(1000, 5)).status).toBe('pass');
    expect(at(728, 999, of(1000, 1)).status).toBe('fail');
    expect(at(729, 999, of(1000, 1)).status).toBe('undecided');
  });
});

describe('Gates on shares of images', () => {
  const share = (
    gate: 'max_ties' | 'min_agreement' | 'max_flip_rate',
    limit: number,
    against: number,
    population = of(50_000),
  ) => sumGate(gate, ask(limit, population), count(500, against)).status;

  it('fail a model whose logits saturate, on 500 images already', () => {
    expect([share('max_ties', 1, 335), share('max_ties', 1, 0), share('max_ties', 1, 5)]).toEqual([
      'fail',
      'pass',
      'undecided',
    ]);
  });

  it('ask agreement from the other side', () => {
    const whole = of(500);
    expect([share('min_agreement', 95, 25, whole), share('min_agreement', 95, 26, whole)]).toEqual([
      'pass',
      'fail',
    ]);
    expect([
      share('min_agreement', 95, 0),
      share('min_agreement', 95, 200),
      share('min_agreement', 95, 25),
    ]).toEqual(['pass', 'fail', 'undecided']);
  });

  it('count only what was lost: an image that the candidate gains never speaks against it', () => {
    for (const gate of ['max_top1_drop', 'max_flip_rate', 'min_agreement', 'max_ties'] as const) {
      const { change } = countingOf(gate);
      for (let label = 0; label < 3; label++)
        for (let reference = 0; reference < 3; reference++)
          expect(
            change({ label, candidate: naming(label), reference: naming(reference) }),
            `${gate}: label ${label}, reference ${reference}`,
          ).toBeLessThanOrEqual(0);
    }
  });

  it('are undecided without an image', () => {
    expect(sumGate('max_ties', ask(1, of(10)), count(0, 0))).toMatchObject({
      status: 'undecided',
      basis: 'missing',
      measured: null,
    });
  });
});

describe('The gate on the drop of a class', () => {
  const whole = (label: number, images: number, against: number, inFavour = 0, unusable = 0): ClassCount => ({
    class: label,
    counted: count(images, against, inFavour),
    population: of(images + unusable, unusable),
  });
  const part = (label: number, images: number, against: number): ClassCount => ({
    class: label,
    counted: count(images, against),
    population: of(null),
  });
  const gate = (limit: number, classes: readonly ClassCount[]) =>
    classDropGate({ limit, confidence: 0.95 }, classes).verdict;

  it('judges the class that drops most, exactly on the whole data set', () => {
    const classes = [whole(0, 50, 1, 1), whole(1, 50, 5), whole(2, 0, 0)];
    expect(gate(10, classes)).toMatchObject({ status: 'pass', measured: 10, images: 50 });
    expect(classDropGate({ limit: 10, confidence: 0.95 }, classes).deciding).toBe(1);
    expect(gate(9.9, classes).status).toBe('fail');
  });

  it('needs more of one class among many on a part', () => {
    const quiet = Array.from({ length: 999 }, (_, label) => part(label, 50, 0));
    expect(gate(5, [part(999, 50, 9)]).status).toBe('fail');
    expect(gate(5, [part(999, 50, 9), ...quiet]).status).toBe('undecided');
    expect(gate(5, [part(999, 50, 50), ...quiet])).toMatchObject({ status: 'fail', measured: 100 });
  });

  it('is not failed by one image of a class too small for the limit, nor passed with it', () => {
    expect(gate(10, [whole(0, 1, 1), whole(1, 1, 0)])).toMatchObject({ status: 'undecided' });
    expect(gate(10, [whole(0, 1, 0), whole(1, 1, 0)]).status).toBe('pass');
    expect(gate(10, [whole(0, 4, 3)]).status).toBe('fail');
  });

  it('is decided with unusable images where both ends agree', () => {
    expect(gate(10, [whole(0, 49, 2, 0, 1)]).status).toBe('pass');
    expect(gate(10, [whole(0, 49, 5, 0, 1)]).status).toBe('undecided');
    expect(gate(10, [whole(0, 49, 9, 0, 1)]).status).toBe('fail');
  });

  it('never fails where every class gains', () => {
    expect(gate(0, [whole(0, 15, 0, 5), whole(1, 19, 0, 9)]).status).toBe('pass');
  });

  it('is undecided without images', () => {
    expect(gate(5, [whole(0, 0, 0)]).basis).toBe('missing');
  });
});
