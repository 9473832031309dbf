import { describe, expect, it } from 'vitest';

import { hypotheses, nearChance, suspicion } from '../../src/metrics/suspicion.js';
import { shippedSynsets } from '../../src/dataset/manifest.js';
import { readSynsets } from '../../src/dataset/synsets.js';
import { sequenceOf } from '../store/sequence.js';

const { classes } = await readSynsets(shippedSynsets);
const few = (count: number) => classes.slice(0, count);

/** Labels over `count` classes and what a network that is right with probability `accuracy` says of them. */
function network(images: number, count: number, accuracy: number, seed: string) {
  const random = sequenceOf(seed);
  const labels = Array.from({ length: images }, () => Math.floor(random() * count));
  const predicted = labels.map((label) => (random() < accuracy ? label : Math.floor(random() * count)));
  return { labels, predicted };
}

/** How many of 50 runs of a network would be stopped. */
function stopped(images: number, count: number, accuracy: number, of = count): number {
  return Array.from({ length: 50 }, (_, run) => {
    const { labels, predicted } = network(images, count, accuracy, `${images} ${count} ${accuracy} ${run}`);
    return suspicion(predicted, labels, few(of)) !== null;
  }).filter(Boolean).length;
}

describe('a healthy run is never stopped', () => {
  it.each([
    ['ImageNet, 300 images, a network of 40 %', 300, 1000, 0.4, 1000],
    ['ImageNet, 60 images, a network of 40 %', 60, 1000, 0.4, 1000],
    ['20 images of a folder', 20, 1, 0, 1000],
    ['a subset of 3 hard classes of ImageNet, each right one time in fifty', 150, 3, 0.02, 1000],
    ['one class of ImageNet that no image of is right', 50, 1, 0, 1000],
    ['20 classes, 300 images, a network of 30 %', 300, 20, 0.3, 20],
    ['20 classes, 60 images, a network of 40 %', 60, 20, 0.4, 20],
    ['3 classes, 60 images, a network of 40 % above guessing', 60, 3, 0.4, 3],
    ['2 classes, 300 images, a network that is little better than a coin', 300, 2, 0.15, 2],
  ])('%s', (_, images, count, accuracy, of) => {
    // Three classes of a thousand are named among a thousand, so that wrong ones are not right by chance.
    const wrong = (labels: number[], predicted: number[]): number[] =>
      of === count ? predicted : predicted.map((p, i) => (p === labels[i] ? p : 500 + (i % 400)));
    let stops = 0;
    for (let run = 0; run < 100; run++) {
      const { labels, predicted } = network(images, count, accuracy, `${images} ${count} ${accuracy} ${run}`);
      const blind = accuracy === 0 ? predicted.map(() => 999) : wrong(labels, predicted);
      if (suspicion(blind, labels, few(of)) !== null) stops++;
    }
    expect(stops).toBe(0);
  });
});

describe('a run near chance is stopped', () => {
  it.each([
    ['ImageNet, 300 images', 300, 1000, 0.001],
    ['ImageNet, labels off by one, where neighbours are alike', 300, 1000, 0.01],
    ['ImageNet, 100 images', 100, 1000, 0],
    ['20 classes, 300 images', 300, 20, 0],
  ])('%s', (_, images, count, accuracy) => {
    expect(stopped(images, count, accuracy)).toBeGreaterThan(48);
  });

  it('up to 7 of 300 on ImageNet, two points above chance and its error, and no further', () => {
    expect(nearChance(7, 300, 1000)).toBe(true);
    expect(nearChance(8, 300, 1000)).toBe(false);
  });

  it('not before 50 images', () => {
    expect(nearChance(0, 49, 1000)).toBe(false);
    expect(nearChance(0, 50, 1000)).toBe(true);
  });
});

describe('what Top-1 would be', () => {
  const { labels, predicted } = network(300, 1000, 0.75, 'mixed up');
  const right = predicted.filter((p, i) => p === labels[i]).length;
  const byName = [...classes].sort((a, b) => {
    const [x, y] = [a.name.toLowerCase(), b.name.toLowerCase()];
    return x < y ? -1 : x > y ? 1 : a.index - b.index;
  });
  const asText = [...classes].sort((a, b) => (String(a.index) < String(b.index) ? -1 : 1));
  const placeIn = (sorted: readonly { readonly index: number }[]): number[] => {
    const place: number[] = [];
    sorted.forEach(({ index }, i) => (place[index] = i));
    return place;
  };
  const first = (p: readonly number[], l: readonly number[]) => {
    const [best] = hypotheses(p, l, classes);
    return best === undefined ? null : { code: best.code, top1: best.top1, images: best.images };
  };
  const whole = (code: string) => ({ code, top1: right, images: 300 });

  it('with the background class taken off', () => {
    expect(
      first(
        predicted.map((p) => p + 1),
        labels,
      ),
    ).toEqual(whole('minus-one'));
  });

  it('with labels that count from 1', () => {
    expect(
      first(
        predicted,
        labels.map((l) => l + 1),
      ),
    ).toEqual(whole('plus-one'));
  });

  it('with outputs, or labels, in alphabetical order of the class names', () => {
    const place = placeIn(byName);
    expect(
      first(
        predicted.map((p) => place[p]!),
        labels,
      ),
    ).toEqual(whole('outputs-by-name'));
    expect(
      first(
        predicted,
        labels.map((l) => place[l]!),
      ),
    ).toEqual(whole('labels-by-name'));
  });

  it('with outputs, or labels, over numeric folders', () => {
    const place = placeIn(asText);
    expect(
      first(
        predicted.map((p) => place[p]!),
        labels,
      ),
    ).toEqual(whole('outputs-as-text'));
    expect(
      first(
        predicted,
        labels.map((l) => place[l]!),
      ),
    ).toEqual(whole('labels-as-text'));
  });

  it('with any fixed other order of 20 classes', () => {
    const small = network(300, 20, 0.8, 'small');
    const shuffled = small.labels.map((l) => (l * 7 + 3) % 20);
    const [best] = hypotheses(small.predicted, shuffled, few(20));
    expect(best).toMatchObject({ code: 'other-order', images: 300 });
    expect(best!.top1 / best!.images).toBeGreaterThan(0.7);
  });

  it('with any fixed other order of 1000 classes, from 300 random images on', () => {
    let found = 0;
    for (let run = 0; run < 40; run++) {
      const big = network(300, 1000, 0.75, `permuted ${run}`);
      const [best] = hypotheses(
        big.predicted.map((p) => (p * 377 + 11) % 1000),
        big.labels,
        classes,
      );
      if (best?.code === 'other-order') found++;
    }
    expect(found).toBe(40);
  });

  it('with any fixed other order from 50 images on, where they come two of a class', () => {
    let found = 0;
    for (let run = 0; run < 40; run++) {
      const { predicted: of50, labels: pairs } = network(50, 1000, 0.75, `fifty ${run}`);
      const twice = pairs.map((_, i) => pairs[i - (i % 2)]!);
      const named = twice.map((label, i) => (of50[i] === pairs[i] ? label : of50[i]!));
      const permuted = named.map((p) => (p * 377 + 11) % 1000);
      if (hypotheses(permuted, twice, classes)[0]?.code === 'other-order') found++;
    }
    expect(found).toBe(40);
  });

  it('is not claimed for a network that is broken, though it sees what it names', () => {
    for (let run = 0; run < 40; run++) {
      const random = sequenceOf(`broken ${run}`);
      const classes300 = Array.from({ length: 300 }, () => Math.floor(random() * 1000));
      // One class in five gives its images one of ten favourites; the others any of these.
      const named = classes300.map((label) =>
        label % 5 === 0 ? (label / 5) % 10 : Math.floor(random() * 10),
      );
      expect(hypotheses(named, classes300, classes).map(({ code }) => code)).not.toContain('other-order');
    }
  });

  it('is not claimed where the labels are plain nonsense', () => {
    const random = sequenceOf('nonsense');
    const nonsense = (count: number): number[] => labels.map(() => Math.floor(random() * count));
    expect(hypotheses(predicted, nonsense(1000), classes)).toEqual([]);
    const small = network(300, 20, 0.8, 'small');
    expect(hypotheses(small.predicted, nonsense(20), few(20))).toEqual([]);
  });

  it('is not claimed where all is well', () => {
    expect(hypotheses(predicted, labels, classes)).toEqual([]);
  });
});
