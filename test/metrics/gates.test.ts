import { describe, expect, it } from 'vitest';
import type { PairedTable } from '../../src/metrics/paired.js';
import {
  agreementGate,
  classDropGate,
  documentedDropGate,
  flipRateGate,
  tiesGate,
  top1DropGate,
} from '../../src/metrics/gates.js';
import { reproductionVerdict } from '../../src/metrics/reproduction.js';
import type { GateScope } from '../../src/metrics/verdict.js';

const whole: GateScope = { coverage: 'whole', confidence: 0.95 };
const subset: GateScope = { coverage: 'subset', confidence: 0.95 };
const table = (a: number, b: number, c: number, d: number): PairedTable => ({
  bothCorrect: a,
  referenceOnly: b,
  candidateOnly: c,
  bothWrong: d,
});

describe('reproductionVerdict', () => {
  const input = {
    correct: 36805,
    images: 50000,
    documented: { percent: 73.6, source: 'README' },
    tolerancePoints: 0.1,
    sameModel: true,
    sameDataSet: true,
    wholeDataSet: true,
  };

  it('is reproduced within the tolerance, both ends included', () => {
    const verdict = reproductionVerdict(input);
    expect(verdict).toMatchObject({ status: 'reproduced', correct: 36805, images: 50000 });
    expect(verdict.status !== 'none' && verdict.differencePoints).toBeCloseTo(0.01, 10);
    for (const correct of [36750, 36850])
      expect(reproductionVerdict({ ...input, correct }).status).toBe('reproduced');
  });

  it('tells above from below by one image', () => {
    expect(reproductionVerdict({ ...input, correct: 36749 }).status).toBe('below');
    expect(reproductionVerdict({ ...input, correct: 36851 }).status).toBe('above');
  });

  it('is none, with the reason, where the figures are not about the same thing', () => {
    const reason = (change: Partial<typeof input> | { documented: null }) => {
      const verdict = reproductionVerdict({ ...input, ...change });
      return verdict.status === 'none' ? verdict.reason : verdict.status;
    };
    expect(reason({ documented: null })).toBe('no-documented-figure');
    expect(reason({ sameModel: false })).toBe('hash-mismatch');
    expect(reason({ sameDataSet: false })).toBe('other-data-set');
    expect(reason({ wholeDataSet: false })).toBe('subset');
    expect(reason({ correct: 0, images: 0 })).toBe('subset');
  });
});

describe('top1DropGate', () => {
  it('is exact on the whole data set: a tie passes, one image more fails', () => {
    expect(top1DropGate(0.5, table(36000, 1250, 1000, 11750), whole)).toMatchObject({
      status: 'pass',
      measured: 0.5,
      interval: null,
      basis: 'exact',
    });
    expect(top1DropGate(0.5, table(36000, 1251, 1000, 11749), whole).status).toBe('fail');
  });

  it('never fails a candidate that is better', () => {
    expect(top1DropGate(0, table(70, 1, 20, 9), whole).status).toBe('pass');
    expect(top1DropGate(0, table(700, 10, 90, 200), subset).status).toBe('pass');
    for (const [b, c] of [
      [0, 1],
      [3, 4],
      [40, 90],
    ] as const)
      expect(top1DropGate(0, table(500, b, c, 100), subset).status).not.toBe('fail');
  });

  it('is undecided on a subset whose interval straddles the limit, and says so', () => {
    const verdict = top1DropGate(1, table(440, 12, 8, 40), subset);
    expect(verdict).toMatchObject({ status: 'undecided', basis: 'interval', images: 500 });
    expect(verdict.measured).toBeCloseTo(0.8, 12);
    expect(verdict.interval!.lower).toBeLessThan(1);
    expect(verdict.interval!.upper).toBeGreaterThan(1);
    expect(verdict.rule).toContain(
      "Tango's interval of the drop at confidence 0.95 straddles the limit of 1",
    );
  });

  it('fails on a subset that leaves no doubt, and passes on one', () => {
    expect(top1DropGate(1, table(221, 220, 7, 52), subset).status).toBe('fail');
    expect(top1DropGate(5, table(440, 12, 8, 40), subset).status).toBe('pass');
  });
});

describe('documentedDropGate', () => {
  it('is exact on the whole data set, with sign', () => {
    const at = (correct: number) => documentedDropGate(1, { correct, images: 1000 }, 74, true, whole).status;
    expect([at(730), at(729), at(990)]).toEqual(['pass', 'fail', 'pass']);
  });

  it("takes Wilson's interval on a subset", () => {
    const at = (correct: number) => documentedDropGate(1, { correct, images: 500 }, 74, true, subset).status;
    expect([at(440), at(368), at(221)]).toEqual(['pass', 'undecided', 'fail']);
  });

  it('is undecided, with the reason, where nothing can be compared', () => {
    const counted = { correct: 1, images: 2 };
    expect(documentedDropGate(1, counted, null, true, whole)).toMatchObject({
      status: 'undecided',
      basis: 'missing',
      measured: null,
    });
    expect(documentedDropGate(1, counted, 74, { reason: 'another file' }, whole).rule).toBe('another file');
  });
});

describe('gates on shares of images', () => {
  it('count flips both ways', () => {
    expect(flipRateGate(3, table(90, 2, 1, 7), whole)).toMatchObject({
      status: 'pass',
      measured: 3,
      unit: 'percent',
    });
    expect(flipRateGate(2.9, table(90, 2, 1, 7), whole).status).toBe('fail');
  });

  it('fail a model whose logits saturate, on 500 images already', () => {
    expect(tiesGate(1, 335, 500, subset).status).toBe('fail');
    expect(tiesGate(1, 0, 500, subset).status).toBe('pass');
    expect(tiesGate(1, 5, 500, subset).status).toBe('undecided');
  });

  it('ask agreement from the other side', () => {
    expect(agreementGate(95, 95, 100, whole).status).toBe('pass');
    expect(agreementGate(95, 94, 100, whole).status).toBe('fail');
    expect(agreementGate(95, 500, 500, subset).status).toBe('pass');
    expect(agreementGate(95, 300, 500, subset).status).toBe('fail');
    expect(agreementGate(95, 475, 500, subset)).toMatchObject({ status: 'undecided', measured: 95 });
  });

  it('do not fail on a subset that has nothing against the limit', () => {
    expect(tiesGate(0, 0, 500, subset).status).toBe('undecided');
    expect(agreementGate(100, 500, 500, subset).status).toBe('undecided');
  });

  it('are undecided without an image', () => {
    expect(tiesGate(1, 0, 0, whole)).toMatchObject({ status: 'undecided', basis: 'missing', measured: null });
  });
});

describe('classDropGate', () => {
  it('judges the class that drops most, exactly on the whole data set', () => {
    const tables = [table(40, 1, 1, 8), table(35, 5, 0, 10), table(0, 0, 0, 0)];
    const verdict = classDropGate(10, tables, whole);
    expect(verdict).toMatchObject({ status: 'pass', measured: 10, images: 50 });
    expect(verdict.rule).toContain('the most in class 1');
    expect(classDropGate(9.9, tables, whole).status).toBe('fail');
  });

  it('needs more of one class among many on a subset', () => {
    const quiet = Array.from({ length: 999 }, () => table(40, 0, 0, 10));
    const loud = table(31, 9, 0, 10);
    expect(classDropGate(5, [loud], subset).status).toBe('fail');
    expect(classDropGate(5, [loud, ...quiet], subset).status).toBe('undecided');
    expect(classDropGate(5, [table(0, 50, 0, 0), ...quiet], subset)).toMatchObject({
      status: 'fail',
      measured: 100,
    });
  });

  it('never fails where every class gains', () => {
    expect(classDropGate(0, [table(10, 0, 5, 0), table(10, 0, 9, 0)], whole).status).toBe('pass');
  });

  it('is undecided without images', () => {
    expect(classDropGate(5, [table(0, 0, 0, 0)], whole).basis).toBe('missing');
  });
});
