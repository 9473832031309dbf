import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Prediction } from '../../src/domain/domain.js';
import { compareOutcomes, type PairedOutcome } from '../../src/metrics/paired.js';
import { tangoInterval } from '../../src/metrics/paired-interval.js';
import { tally } from '../../src/metrics/tally.js';
import { isCorrect } from '../../src/metrics/top-k.js';
import { sumGate } from '../../src/metrics/gates.js';
import { describeWithShared } from '../shared.js';

interface Reference {
  top1: number;
  top5: number;
  images: number;
  predictions: Record<string, { top5: number[]; values: number[] }>;
}

describeWithShared('the predictions of Python onnxruntime', (dir) => {
  const read = (file: string): string => readFileSync(dir + file, 'utf8');
  const references = (): Record<string, Reference> =>
    JSON.parse(read('expected/predictions_val227.json')) as Record<string, Reference>;
  const labels = (): Map<string, number> =>
    new Map(
      read('imagenet/val.txt')
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/))
        .map(([name, label]) => [name!, Number(label)]),
    );

  /** What is known of a row whose five best alone were kept; labelAbove and labelTied only if the label is among them. */
  const asPrediction = (top5: number[], values: number[], label: number): Prediction => {
    const place = top5.indexOf(label);
    const score = place === -1 ? -Infinity : values[place]!;
    return {
      classes: top5,
      scores: values,
      labelAbove: place === -1 ? 1000 : values.filter((value) => value > score).length,
      labelTied: place === -1 ? 0 : values.filter((value) => value === score).length - 1,
      tiedTop: values.filter((value) => value === values[0]).length,
      logSumExp: 0,
      invalid: false,
    };
  };

  const outcomes = (reference: Reference, of: ReadonlyMap<string, number>): PairedOutcome[] =>
    Object.entries(reference.predictions).map(([id, { top5 }]) => ({
      id,
      top1: top5[0]!,
      correct: isCorrect(top5, of.get(id)!, 1),
    }));

  it('tally to the published counts of correct images, for every model', () => {
    const of = labels();
    for (const [model, reference] of Object.entries(references())) {
      const counted = tally(
        Object.entries(reference.predictions).map(([id, { top5, values }]) => {
          const label = of.get(id)!;
          return { label, prediction: asPrediction(top5, values, label) };
        }),
        1000,
      );
      expect([model, counted.images, counted.top1.correct, counted.top5.correct]).toEqual([
        model,
        650,
        reference.top1,
        reference.top5,
      ]);
    }
  });

  it('leave a sound int8 model undecided on 650 images, and fail the one whose logits saturate', () => {
    const of = labels();
    const all = references();
    const float = outcomes(all['hardnet39ds.onnx']!, of);
    const sound = compareOutcomes(float, outcomes(all['hardnet39ds_qdq_int8.onnx']!, of));
    const broken = compareOutcomes(float, outcomes(all['hardnet39ds_badcal_int8.onnx']!, of));
    const asked = (limit: number) => ({
      limit,
      population: { images: 50_000, unusable: 0 },
      confidence: 0.95,
    });
    const drop = (limit: number, { table }: typeof sound) =>
      sumGate('max_top1_drop', asked(limit), {
        images: 650,
        against: table.referenceOnly,
        inFavour: table.candidateOnly,
      });
    expect(sound.table.referenceOnly - sound.table.candidateOnly).toBe(1);
    expect(tangoInterval(sound.table).lower).toBeLessThan(0);
    expect(drop(0.5, sound).status).toBe('undecided');
    expect(broken.table.referenceOnly - broken.table.candidateOnly).toBe(221);
    expect(drop(2, broken).status).toBe('fail');

    const tied = Object.values(all['hardnet39ds_badcal_int8.onnx']!.predictions).filter(
      ({ values }) => values[0] === values[1],
    ).length;
    expect(sumGate('max_ties', asked(5), { images: 650, against: tied, inFavour: 0 }).status).toBe('fail');
  });
});
