import { describe, expect, it } from 'vitest';
import type { Prediction, Predictions } from '../../src/domain/domain.js';
import { galleryChoice, galleryItems } from '../../src/report/gallery-choice.js';
import type { DocumentedFigure } from '../../src/record/documented-figure.js';
import type { RunRecord } from '../../src/record/run-record.js';
import { scoreText } from '../../src/report/score-text.js';
import { slugs } from '../../src/report/slug.js';
import { summarySchema } from '../../src/report/summary-schema.js';
import { summarize } from '../../src/report/summary.js';
import { answerOf } from '../../src/report/answer.js';
import { notices, verdictSentence } from '../../src/report/wording.js';
import { numbers, sha, syntheticRun } from './synthetic-run.js';

const says = (top: number, label: number, more: Partial<Prediction> = {}): Prediction => ({
  classes: [top, ...[0, 1, 2, 3, 4, 5].filter((index) => index !== top)].slice(0, 5),
  scores: [5, 4, 3, 2, 1],
  labelAbove: top === label ? 0 : 1,
  labelTied: 0,
  tiedTop: 1,
  logSumExp: 5.5,
  invalid: false,
  ...more,
});

/** Ten images of class 0; float right on 8, int8 on 7: loses images 0 and 1, gains image 8. */
function ten(): RunRecord {
  const base = syntheticRun({ images: 10, classes: 10 });
  const samples = base.samples.map((sample) => ({ ...sample, label: 0 }));
  const float = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1];
  const int8 = [2, 3, 0, 0, 0, 0, 0, 0, 0, 4];
  return {
    ...base,
    samples,
    models: base.models.map((model, at) => ({
      ...model,
      tolerance: 1,
      documented: { ...model.documented!, top1: [80, 72][at]! },
      predictions: (at === 0 ? float : int8).map((top) => says(top, 0)),
    })),
  };
}

const documentedAs = (record: RunRecord, change: Partial<DocumentedFigure>): RunRecord => ({
  ...record,
  models: record.models.map((model) => ({ ...model, documented: { ...model.documented!, ...change } })),
});

describe('a summary', () => {
  it('counts what the predictions say', () => {
    const [float, int8] = summarize(ten()).models;
    expect(float!.top1).toMatchObject({ correct: 8, percent: 80 });
    expect(int8!.top1.correct).toBe(7);
    expect(int8!.comparison).toMatchObject({
      with: 'hardnet39ds float',
      top1: { table: { a: 6, b: 2, c: 1, d: 1 }, difference: { images: -1, points: -10 } },
      flips: { lost: 2, gained: 1 },
      agreement: { images: 6, percent: 60 },
    });
    const [low, high] = int8!.comparison!.top1.difference.tango95;
    expect(low).toBeLessThan(-10);
    expect(high).toBeGreaterThan(0);
    expect(int8!.perClass.top1[0]).toBe(7);
  });

  it('has the shape that its schema documents', () => {
    const summary = summarize({ ...ten(), realLabels: Array.from({ length: 10 }, () => [0]) });
    expect(summarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
  });

  it('passes within the tolerance, fails below it, tells what is above it', () => {
    const outcomes = (top1: number): string =>
      summarize(documentedAs(ten(), { top1 })).models[0]!.verdict.outcome;
    expect(outcomes(81)).toBe('pass');
    expect(outcomes(81.01)).toBe('fail');
    expect(outcomes(79)).toBe('pass');
    expect(outcomes(78.5)).toBe('above');
  });

  it('says how far it is from the documented figure, once', () => {
    const said = (top1: number): string =>
      verdictSentence(summarize(documentedAs(ten(), { top1 })).models[0]!);
    expect([80, 80.5, 81.01, 78.5, 60].map(said)).toEqual([
      'Reproduced: exactly the documented Top-1.',
      'Reproduced: −0.50 points from the documented Top-1, tolerance 1 point.',
      'Not reproduced: −1.01 points from the documented Top-1, tolerance 1 point.',
      'Above: +1.50 points from the documented Top-1, tolerance 1 point.',
      'Above: +20.00 points from the documented Top-1, which is no reproduction: look for leaked or other labels.',
    ]);
  });

  it.each([
    ['subset', { images: 50000 }],
    ['hash-mismatch', { sha256: sha('another file') }],
    ['other-data-set', { dataset: 'imagenet-v2' }],
    ['no-documented-figure', { top1: null }],
  ] as const)('gives no verdict for %s, and says so', (reason, change) => {
    const summary = summarize(documentedAs(ten(), change));
    expect(summary.models[0]!.verdict).toMatchObject({ outcome: 'none', reason, difference: null });
    expect(verdictSentence(summary.models[0]!)).toMatch(/^No verdict/);
    expect(answerOf(summary)).toMatchObject({ tone: 'none', exit: 0 });
  });

  it('counts ReaL only over images with an accepted class', () => {
    const real = summarize({ ...ten(), realLabels: [[], [3], ...Array.from({ length: 8 }, () => [0, 1])] });
    // Float says 0 for image 1, which ReaL calls 3; its two classes 1 at the end are accepted.
    expect(real.models[0]!.real).toMatchObject({ images: 9, withoutLabel: 1, top1: { correct: 8 } });
    expect(real.models[1]!.real!.top1.correct).toBe(8);
    expect(summarize(ten()).models[0]!.real).toBeNull();
  });

  it('refuses labels or predictions that are not aligned', () => {
    expect(() => summarize({ ...ten(), realLabels: [[0]] })).toThrow(/ReaL labels/);
    const record = ten();
    expect(() => summarize({ ...record, models: [{ ...record.models[0]!, predictions: [] }] })).toThrow(
      /predictions of hardnet39ds float/,
    );
  });

  it('tells ties, bad images, subsets and NaN', () => {
    const record = ten();
    const tied = says(0, 0, { scores: [5, 5, 3, 2, 1], tiedTop: 2, labelTied: 1 });
    const nan: Prediction = {
      ...says(0, 0),
      classes: [],
      scores: [],
      labelAbove: 10,
      tiedTop: 0,
      invalid: true,
    };
    const summary = summarize({
      ...record,
      dataset: {
        ...record.dataset,
        subset: 'limited to 10 images',
        badImages: [{ id: 'x.JPEG', label: 3, code: 'truncated', message: 'cut short' }],
      },
      models: [
        { ...record.models[0]!, predictions: [tied, nan, ...[...record.models[0]!.predictions].slice(2)] },
      ],
    });
    const [model] = summary.models;
    expect(model!.ties).toMatchObject({ images: 1, top1: { lowest: 6, highest: 7 }, canChangeTop1: 1 });
    expect(model!.invalid).toBe(1);
    const titles = notices(summary)
      .map((notice) => notice.title)
      .join('\n');
    for (const told of [
      '1 image could not be used',
      'A part of the data set',
      'tied scores on 1 image',
      'NaN scores on 1 image',
    ])
      expect(titles).toContain(told);
  });

  it('knows probabilities and quantized scores from logits', () => {
    const record = ten();
    const kind = (predictions: Predictions, outputDtype: string) =>
      summarize({
        ...record,
        models: [{ ...record.models[0]!, predictions, facts: { ...record.models[0]!.facts, outputDtype } }],
      }).models[0]!.calibration;
    const probable = says(0, 0, {
      scores: [0.6, 0.2, 0.1, 0.1, 0],
      logSumExp: Math.log(5 + Math.exp(0.6) + Math.exp(0.2) + 2 * Math.exp(0.1) + 1),
    });
    expect(
      kind(
        Array.from({ length: 10 }, () => probable),
        'float32',
      ),
    ).toMatchObject({ scores: 'probabilities', images: 10 });
    expect(kind(record.models[0]!.predictions, 'float32').scores).toBe('logits');
    expect(kind(record.models[0]!.predictions, 'uint8')).toMatchObject({
      scores: 'quantized',
      expectedCalibrationError: null,
    });
  });
});

describe('the gallery', () => {
  const order = ['lost', 'gained', 'both-wrong'];

  it('is capped, losses first, the surest first', () => {
    const record = syntheticRun({ images: 3000, classes: 50 });
    const items = galleryItems(record, 20);
    expect(items).toHaveLength(20);
    const kinds = items.map((item) => item.kind);
    expect(kinds.filter((kind) => kind === 'lost').length).toBeGreaterThanOrEqual(12);
    expect(kinds).toEqual([...kinds].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    const sure = items
      .filter((item) => item.kind === 'lost')
      .map((item) => item.reference!.confidence! + item.candidate.confidence!);
    expect(sure).toEqual([...sure].sort((a, b) => b - a));
    expect(galleryChoice(record, 20)).toEqual([...new Set(items.map((item) => item.image))]);
  });

  it('shows confident mistakes where no models are compared', () => {
    const record = syntheticRun({ images: 200, classes: 10 });
    const items = galleryItems({ ...record, models: record.models.slice(0, 1) }, 5);
    expect(items.map((item) => item.kind)).toEqual(Array.from({ length: 5 }, () => 'mistake'));
  });
});

describe('text', () => {
  it('gives scores the shortest form that rounds to the same float32', () => {
    const random = numbers(1);
    for (let at = 0; at < 20000; at++) {
      const score = Math.fround((random() - 0.5) * 10 ** Math.floor(random() * 40 - 20));
      const text = scoreText(score);
      expect(Math.fround(Number(text))).toBe(score);
      const digits = text
        .replace(/e.*/, '')
        .replace(/[-.]/g, '')
        .replace(/^0+/, '')
        .replace(/0+$/, '').length;
      // Whole numbers are written in full.
      if (digits > 1 && !Number.isInteger(score))
        expect(Math.fround(Number(score.toPrecision(digits - 1)))).not.toBe(score);
    }
    expect([0.1, 12, -3.5].map((value) => scoreText(Math.fround(value)))).toEqual(['0.1', '12', '-3.5']);
  });

  it('makes safe, different file names of model names', () => {
    expect(slugs(['A b', 'a/b', '../..', '', 'CON', 'été', 'a b'])).toEqual([
      'a-b',
      'a-b-2',
      'model',
      'model-2',
      'model-con',
      'e-te',
      'a-b-3',
    ]);
  });
});
