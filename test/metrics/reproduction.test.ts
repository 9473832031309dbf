import { describe, expect, it } from 'vitest';
import { printedFigure } from '../../src/domain/printed-figure.js';
import { reproductionVerdict, type ReproductionInput } from '../../src/metrics/reproduction.js';

const input: ReproductionInput = {
  correct: 36805,
  images: 50000,
  unusable: 0,
  documented: { percent: 73.6, decimals: 2 },
  tolerancePoints: 0.1,
  sameModel: true,
  sameDataSet: true,
  wholeDataSet: true,
};
const verdict = (change: Partial<ReproductionInput>) => reproductionVerdict({ ...input, ...change });

describe('reproductionVerdict', () => {
  it('is reproduced within the tolerance, both ends included', () => {
    expect(verdict({})).toMatchObject({ status: 'reproduced', grade: 'tolerance', correct: 36805 });
    const { status, ...rest } = verdict({});
    expect(status !== 'none' && 'differencePoints' in rest && rest.differencePoints).toBeCloseTo(0.01, 10);
    for (const correct of [36750, 36850]) expect(verdict({ correct }).status).toBe('reproduced');
  });

  it('tells above from below by one image', () => {
    expect(verdict({ correct: 36749 })).toMatchObject({ status: 'below', grade: 'outside' });
    expect(verdict({ correct: 36851 })).toMatchObject({ status: 'above', grade: 'outside' });
  });

  it('is reproduced to the printed digit, whatever the tolerance, where it prints as the same figure', () => {
    const documented = { ...printedFigure(74.38) };
    const at = (correct: number) => verdict({ correct, documented, tolerancePoints: 0 });
    expect(at(37188)).toMatchObject({ status: 'reproduced', grade: 'printed-digit' }); // 74.376 %
    expect(at(37192)).toMatchObject({ status: 'reproduced', grade: 'printed-digit' }); // 74.384 %
    expect(at(37187).status).toBe('below'); // 74.374 %
    expect(at(37193).status).toBe('above'); // 74.386 %
  });

  it('keeps the zeros that the source prints', () => {
    const at = (documented: string) =>
      verdict({
        correct: 37210, // 74.42 %
        documented: printedFigure(documented),
        tolerancePoints: 0,
      }).status;
    expect([at('74.4'), at('74.40')]).toEqual(['reproduced', 'above']);
  });

  it('calls a figure far above no reproduction, and asks why', () => {
    const far = verdict({ correct: 49300 });
    expect(far).toMatchObject({ status: 'above', grade: 'far-above' });
    expect(far.rule).toContain('not a reproduction; leaked or other labels?');
  });

  it('decides with unusable images where whatever they were leads to one answer', () => {
    const at = (correct: number, unusable: number) =>
      verdict({ correct, images: 50000 - unusable, unusable });
    expect(at(36800, 5).status).toBe('reproduced');
    expect(at(36000, 5).status).toBe('below');
    expect(at(36749, 5)).toMatchObject({ status: 'none', reason: 'unusable-images' });
  });

  it('is none, with the reason, where the figures are not about the same thing', () => {
    const reason = (change: Partial<ReproductionInput>) => {
      const found = verdict(change);
      return found.status === 'none' ? found.reason : found.status;
    };
    expect(reason({ documented: null })).toBe('no-documented-figure');
    expect(reason({ sameModel: false })).toBe('hash-mismatch');
    expect(reason({ sameDataSet: false })).toBe('other-data-set');
    expect(reason({ wholeDataSet: false })).toBe('subset');
    expect(reason({ correct: 0, images: 0 })).toBe('subset');
  });
});
