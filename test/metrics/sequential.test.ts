import { describe, expect, it } from 'vitest';
import { dropConfidenceInterval } from '../../src/metrics/confidence-sequence.js';
import { permutation } from '../../src/metrics/permutation.js';
import type { Change, Changes } from '../../src/metrics/change.js';
import { maxDropImages } from '../../src/metrics/counting.js';
import { SequentialGate, type SequentialOutcome } from '../../src/metrics/sequential.js';

const N = 1000;
const either: Changes = { least: -1, most: 1 };
const vector: Change[] = Array.from({ length: N }, (_, index) => {
  const i = index + 1;
  return i % 20 === 7 ? 1 : i % 50 === 13 ? -1 : 0;
});

/** What each image changed, where all could be used. */
const known = (changes: readonly Change[]): Changes[] => changes.map((x) => ({ least: x, most: x }));

const gate = (most: number, population = N): SequentialGate =>
  new SequentialGate({ population, maxDropImages: most, falseFail: 0.01, falsePass: 0.01 });

function run(changes: readonly Change[], most: number, population = changes.length): SequentialOutcome {
  const running = gate(most, population);
  for (const x of changes) if (running.observe(x) !== null) break;
  return running.finish();
}

/** The formulae of STATISTICS written out with logarithms, image by image: the plain loop. */
function* plainLoop(
  changes: readonly Change[],
  population: number,
  most: number,
): Generator<[number, number]> {
  const gaps = [0.0015, 0.0025, 0.004, 0.0065, 0.011, 0.02, 0.04, 0.12, 0.4];
  const logF = gaps.map(() => 0);
  const logP = gaps.map(() => 0);
  const mix = (logs: number[]): number => {
    const top = Math.max(...logs);
    return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length);
  };
  let sum = 0;
  let squares = 0;
  for (const [index, x] of changes.entries()) {
    const i = index + 1;
    const r = population - i + 1;
    const mF = (most - sum) / r;
    const mP = (most + 1 - sum) / r;
    const v = Math.max((squares + 1) / (i + 19) - (sum / (i + 19)) ** 2, 1e-4);
    gaps.forEach((g, place) => {
      const lambda = (g * (population / r)) / v;
      if (mF >= -1 && mF <= 1)
        logF[place]! += Math.log1p(Math.min(lambda, 0.9 / Math.max(1 + mF, 1e-9)) * (x - mF));
      if (mP >= -1 && mP <= 1)
        logP[place]! += Math.log1p(Math.min(lambda, 0.9 / Math.max(1 - mP, 1e-9)) * (mP - x));
    });
    sum += x;
    squares += x * x;
    yield [mix(logF), mix(logP)];
  }
}

describe('SequentialGate', () => {
  it.each([
    [10, 1, -0.003887745518324, 0.00430518852314],
    [10, 100, -0.048573240417457, -0.765840466706141],
    [10, 500, 1.614268711977884, -1.794308237066045],
    [10, 697, 4.622622712770755, -2.711339536104],
    [0, 1, 0, 0.0003901240919],
    [0, 100, 0.186570361500259, -0.853131046901605],
    [0, 500, 3.990377184614092, -2.165068233168309],
    [60, 1, -0.022982848655014, 0.024285256716053],
    [60, 100, -0.733279214604308, -0.190584429800189],
    [60, 500, -2.123980758860398, 3.129994817795395],
    [30, 1, -0.01159217308442, 0.01221345993785],
    [30, 100, -0.388512292176376, -0.569254879709205],
    [30, 500, -0.741810507658772, -0.835050089629715],
  ])('with D = %i has the published wealth after %i images', (most, images, againstAtMost, againstMore) => {
    const running = gate(most);
    for (const x of vector.slice(0, images)) running.observe(x);
    expect(running.logWealth.againstAtMost).toBeCloseTo(againstAtMost, 11);
    expect(running.logWealth.againstMore).toBeCloseTo(againstMore, 11);
  });

  it.each([
    [10, 'fail', 697, 'bound', 4.622622712770755],
    [0, 'fail', 511, 'bound', 4.620110569938082],
    [60, 'pass', 563, 'bound', 4.902827046064431],
  ] as const)('with D = %i decides %s after %i images', (most, verdict, images, decidedBy, logWealth) => {
    const outcome = run(vector, most);
    expect(outcome).toMatchObject({ verdict, imagesSeen: images, decidedBy });
    const p = verdict === 'fail' ? outcome.pAtMost : outcome.pMore;
    expect(Math.log(p)).toBeCloseTo(-logWealth, 11);
  });

  it('passes a tie with D once every image is seen, and not before', () => {
    expect(run(vector, 30)).toMatchObject({
      verdict: 'pass',
      imagesSeen: 1000,
      decidedBy: 'exhausted',
      drop: 30,
    });
  });

  it('follows the plain loop with logarithms on random runs, far below and above the gate', () => {
    for (const [seed, most] of [
      [1, -200],
      [2, 5],
      [3, 900],
      [4, 40],
    ] as const) {
      const order = permutation(N, seed);
      const changes = [...order].map((place) => vector[place]!);
      const running = gate(most);
      let seen = 0;
      for (const [f, p] of plainLoop(changes, N, most)) {
        const decided = running.observe(changes[seen++]!);
        const { againstAtMost, againstMore } = running.logWealth;
        expect(againstAtMost).toBeCloseTo(f, 9);
        expect(againstMore).toBeCloseTo(p, 9);
        if (decided !== null) break;
      }
      expect(seen).toBeGreaterThan(1);
    }
  });

  it('keeps its wealth apart from zero where a product would underflow', () => {
    const running = new SequentialGate({
      population: 20000,
      maxDropImages: 10,
      falseFail: 1e-300,
      falsePass: 1e-300,
    });
    const changes = Array.from({ length: 5000 }, (_, index): Change => (index % 2 === 0 ? -1 : 1));
    let seen = 0;
    let last: [number, number] = [0, 0];
    for (last of plainLoop(changes, 20000, 10)) if (running.observe(changes[seen++]!) !== null) break;
    expect(running.logWealth.againstAtMost / last[0]).toBeCloseTo(1, 9);
    expect(running.logWealth.againstMore / last[1]).toBeCloseTo(1, 9);
  });

  it('follows the plain loop where nothing flips over many images', () => {
    const running = new SequentialGate({
      population: 40000,
      maxDropImages: 3,
      falseFail: 1e-300,
      falsePass: 1e-300,
    });
    const changes = new Array<Change>(15000).fill(0);
    let last: [number, number] = [0, 0];
    for (last of plainLoop(changes, 40000, 3)) running.observe(0);
    expect(running.logWealth.againstAtMost).toBeCloseTo(last[0], 9);
    expect(running.logWealth.againstMore).toBeCloseTo(last[1], 9);
  });

  it('stops for certain as soon as the images left cannot change the answer', () => {
    const impatient = { population: 10, maxDropImages: 2, falseFail: 1e-9, falsePass: 1e-9 };
    const passing = new SequentialGate(impatient);
    const decisions = [0, 0, -1, 0, -1, 0, 0, 0].map((x) =>
      passing.decision ? null : passing.observe(x as Change),
    );
    expect(decisions.findIndex((decision) => decision !== null)).toBe(5); // drop -2 with 4 left
    expect(passing.finish()).toMatchObject({ verdict: 'pass', decidedBy: 'certain', imagesSeen: 6 });

    const failing = new SequentialGate(impatient);
    for (const x of [1, 1, 1, 1, 1] as const) expect(failing.observe(x)).toBeNull();
    expect(failing.observe(1)).toBeNull(); // drop 6 with 4 left may still fall to 2
    expect(failing.observe(1)).toMatchObject({ verdict: 'fail', decidedBy: 'certain', imagesSeen: 7 });
  });

  it('is undecided at a limit below N, never passed', () => {
    expect(run(vector.slice(0, 200), 30, N)).toMatchObject({
      verdict: 'undecided',
      decidedBy: 'limit',
      imagesSeen: 200,
      lost: 10,
      gained: 4,
      drop: 6,
    });
  });

  it('agrees with the exact answer whenever all images are seen', () => {
    for (let seed = 0; seed < 50; seed++) {
      const changes = [...permutation(300, seed)].map((place): Change =>
        place < 12 ? 1 : place < 20 ? -1 : 0,
      );
      for (const most of [3, 4, 5]) {
        const outcome = run(changes, most);
        if (outcome.decidedBy === 'exhausted') expect(outcome.verdict).toBe(4 <= most ? 'pass' : 'fail');
        if (outcome.decidedBy === 'certain') expect(outcome.verdict).toBe(4 <= most ? 'pass' : 'fail');
      }
    }
  });

  it('decides a single image exactly', () => {
    expect(run([1], 0)).toMatchObject({ verdict: 'fail', decidedBy: 'exhausted' });
    expect(run([0], 0)).toMatchObject({ verdict: 'pass', decidedBy: 'exhausted' });
    expect(run([-1], 0)).toMatchObject({ verdict: 'pass', decidedBy: 'exhausted' });
  });

  it('takes no image after it has decided', () => {
    const running = gate(0, 1);
    running.observe(0);
    expect(() => running.observe(0)).toThrow('decided after 1 images');
  });

  it('refuses a plan outside its ranges', () => {
    expect(() => gate(0.5)).toThrow(RangeError);
    expect(() => gate(0, 0)).toThrow(RangeError);
    expect(() => gate(1001)).toThrow(RangeError);
    expect(
      () => new SequentialGate({ population: 9, maxDropImages: 0, falseFail: 0, falsePass: 0.1 }),
    ).toThrow(RangeError);
  });
});

describe('maxDropImages', () => {
  it('is not a victim of binary fractions', () => {
    expect([0.5, 1, 2].map((points) => maxDropImages(points, 50000))).toEqual([250, 500, 1000]);
    expect(maxDropImages(0.29, 10000)).toBe(29);
    expect(maxDropImages(1.1, 1000)).toBe(11);
    expect(maxDropImages(0.57, 10000)).toBe(57);
    expect(maxDropImages(1, 650)).toBe(6);
  });
});

describe('dropConfidenceInterval', () => {
  it('is what the gate cannot tell from the truth: every D inside is undecided, every D outside decided', () => {
    const seen = vector.slice(0, 400);
    const { lower, upper } = dropConfidenceInterval(known(seen), N, either, 0.98);
    const decided = (most: number) => run(seen, most, N).verdict;
    expect(decided(lower - 1)).toBe('fail'); // the drop is at least `lower`
    expect(decided(lower)).not.toBe('fail');
    expect(decided(upper)).toBe('pass'); // the drop is at most `upper`
    expect(decided(upper - 1)).not.toBe('pass');
    expect(lower).toBeLessThan(30);
    expect(upper).toBeGreaterThan(30);
  });

  it('is the exact drop once all images are seen', () => {
    expect(dropConfidenceInterval(known(vector), N, either)).toEqual({ lower: 30, upper: 30 });
    expect(dropConfidenceInterval(known([0, 0]), 2, either)).toEqual({ lower: 0, upper: 0 });
  });

  it('knows nothing before the first image', () => {
    expect(dropConfidenceInterval([], N, either)).toEqual({ lower: -N, upper: N });
  });

  it('narrows as images come and widens with confidence', () => {
    const width = (images: number, confidence: number): number => {
      const { lower, upper } = dropConfidenceInterval(known(vector.slice(0, images)), N, either, confidence);
      return upper - lower;
    };
    expect(width(800, 0.95)).toBeLessThan(width(300, 0.95));
    expect(width(300, 0.99)).toBeGreaterThan(width(300, 0.9));
  });

  it('holds the true drop at the stop in at least its share of runs', () => {
    let missed = 0;
    for (let seed = 0; seed < 200; seed++) {
      const changes = [...permutation(N, seed)].map((place) => vector[place]!);
      const stop = run(changes, 0).imagesSeen;
      const { lower, upper } = dropConfidenceInterval(known(changes.slice(0, stop)), N, either, 0.9);
      if (30 < lower || 30 > upper) missed++;
    }
    expect(missed / 200).toBeLessThanOrEqual(0.1);
  });

  it('refuses more changes than images', () => {
    expect(() => dropConfidenceInterval(known([0, 0]), 1, either)).toThrow(RangeError);
  });

  it('never leaves what the changes of its gate can sum to', () => {
    const counts: Changes = { least: 0, most: 1 };
    const { lower } = dropConfidenceInterval(known([0, 1, 0, 0]), 50_000, counts, 0.98);
    expect(lower).toBe(1);
    expect(dropConfidenceInterval([counts], 3, counts)).toEqual({ lower: 0, upper: 3 });
  });
});
