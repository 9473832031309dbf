import { describe, expect, it } from 'vitest';
import {
  addressOf,
  everything,
  filtered,
  filterOf,
  kinds,
  sorts,
  type Filter,
} from '../../src/page/filter.js';
import { unpack } from '../../src/page/packed.js';
import { margins } from '../../src/metrics/margin.js';
import { imageSource, packImages } from '../../src/report/pack-images.js';
import { summarize } from '../../src/report/summary.js';
import { pair, syntheticRun } from './synthetic-run.js';

const plain = syntheticRun({
  images: 700,
  classes: 12,
  models: [pair[0]!, pair[1]!, { ...pair[1]!, name: 'third', accuracy: 0.6 }],
});
const record = {
  ...plain,
  // Names of all lengths and scripts, and a row without an answer.
  samples: plain.samples.map((sample, at) => ({
    ...sample,
    id: at % 3 === 0 ? `n${at}_é漢.JPEG` : sample.id,
  })),
  models: plain.models.map((model) => ({
    ...model,
    predictions: model.predictions.map((prediction, at) =>
      at === 5 ? { ...prediction, classes: [], scores: [], invalid: true } : prediction,
    ),
  })),
};
const summary = summarize(record);
const report = { record, summary, thumbnails: new Map<string, Uint8Array>() };
const source = imageSource(report, new Map());
const packed = await unpack(packImages(report, [3, 1]), new Map());

describe('The list of images', () => {
  it('that a page carries is the run: names, labels, answers and ties', () => {
    expect(packed.images.count).toBe(700);
    for (let at = 0; at < 700; at++) {
      expect(packed.images.name(at)).toBe(source.images.name(at));
      expect(packed.images.label(at)).toBe(source.images.label(at));
      for (const model of [0, 1, 2]) {
        expect(packed.images.top1(model, at)).toBe(source.images.top1(model, at));
        expect(packed.images.tied(model, at)).toBe(source.images.tied(model, at));
      }
    }
    expect(packed.best(1)).toEqual(source.best(1));
    expect(packed.best(2)).toBeNull();
  });

  it.each(kinds)('finds as many images as the summary counts: %s', (kind) => {
    const start = everything(source.models);
    const count = (model: number): number =>
      filtered(packed, { ...start, kind, model: source.models[model]!.slug }, []).length;
    const { comparison, top1, images, ties } = summary.models[1]!;
    const { a, b, c, d } = comparison!.top1.table;
    expect(count(1)).toBe(
      {
        all: a + b + c + d,
        differ: images - comparison!.agreement.images,
        lost: b,
        gained: c,
        'both-wrong': d,
        wrong: images - top1.correct,
        right: top1.correct,
        tied: ties.images,
      }[kind],
    );
  });

  it('finds behind each bar of a chart the images that the bar counts, packed or not', () => {
    const start = { ...everything(source.models), kind: 'all' as const };
    for (const [place, model] of record.models.entries()) {
      const { slug } = source.models[place]!;
      const bars = margins(model.predictions, 30).distribution!.histogram;
      bars.forEach(({ lower, images }, at) => {
        const margin = [lower, bars[at + 1]?.lower ?? Infinity] as const;
        for (const from of [packed, source])
          expect(filtered(from, { ...start, model: slug, margin }, []).length).toBe(images);
      });
      for (const { lower, upper, images } of summary.models[place]!.calibration.bins)
        expect(filtered(packed, { ...start, model: slug, confidence: [lower, upper] }, []).length).toBe(
          images,
        );
    }
  });

  it('comes back from its address as it was', () => {
    const filter: Filter = {
      kind: 'lost',
      model: source.models[1]!.slug,
      classes: [3, 11],
      from: 3,
      to: 0,
      margin: [0.1, Infinity],
      confidence: [0.2, 0.26666666666666666],
      text: 'a b&c',
      sort: 'sure',
      image: 0,
    };
    expect(filterOf(addressOf(filter), source.models)).toEqual(filter);
    for (const kind of kinds)
      for (const sort of sorts)
        expect(filterOf(addressOf({ ...filter, kind, sort }), source.models)).toEqual({
          ...filter,
          kind,
          sort,
        });
  });

  it('takes no harm from an address that somebody else wrote', () => {
    expect(filterOf('#gates', source.models)).toBeNull();
    expect(filterOf('#images?kind=x&model=y&class=-1.zz&image=1e9&margin=a~b&sort=', source.models)).toEqual({
      ...everything(source.models),
      kind: 'all',
    });
  });

  it('shows first what the report chose, then the surest', () => {
    const order = filtered(packed, { ...everything(source.models), kind: 'all' }, [3, 1]);
    expect(order.slice(0, 2)).toEqual([3, 1]);
    expect(new Set(order).size).toBe(700);
  });
});
