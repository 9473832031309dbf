import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Prediction } from '../../src/domain/domain.js';
import { StoreError } from '../../src/domain/errors.js';
import { tally } from '../../src/metrics/tally.js';
import { isCorrect, rankRow } from '../../src/metrics/top-k.js';
import {
  decodeBaseline,
  encodeBaseline,
  readBaseline,
  saveBaseline,
  type BaselineSource,
} from '../../src/store/baseline.js';
import { decodeNames, encodeNames } from '../../src/store/image-names.js';
import { decodeScores, encodeScores } from '../../src/store/score-column.js';
import { images, prediction, sha256, temporaryFolder } from './examples.js';
import { sequenceOf } from './sequence.js';

const list = images(300);
const float = list.map((image) => prediction(image));
/** The same with other classes here and there and scores in steps, as a quantized network gives. */
const int8 = list.map((image) => {
  const random = sequenceOf(`int8 ${image.id}`);
  const row = new Float32Array(1000).fill(-20);
  const { classes, scores } = prediction(image);
  classes.forEach((index, rank) => (row[index] = Math.round((scores[rank]! + random() * 2) / 0.25) * 0.25));
  row[Math.floor(random() * 1000)] = 9;
  return rankRow(row, 0, 1000, 0, image.label);
});
const invalid: Prediction = {
  classes: [],
  scores: [],
  labelAbove: 1000,
  labelTied: 0,
  tiedTop: 0,
  logSumExp: 0,
  invalid: true,
};

function source(columns: readonly (readonly Prediction[])[], samples = list): BaselineSource {
  return {
    tool: { name: 'onnx-imagenet-eval', version: '0.1.0' },
    config: { sha256: sha256('config'), title: null },
    ties: 'lowest-index',
    dataset: {
      description: 'val',
      labels: 'shipped',
      manifest: null,
      subset: null,
      digest: sha256('d'),
      badImages: 0,
    },
    runtime: {
      cpu: 'a processor',
      cpuFlags: ['avx2', 'avx512_vnni'],
      arch: 'x64',
      versions: { onnxruntime: '1.30.0' },
      batch: 8,
    },
    models: columns.map((predictions, at) => ({
      name: `model ${at}`,
      file: 'model.onnx',
      sha256: sha256(String(at)),
      scheme: 'float32',
      classOffset: 0,
      recipe: { name: 'timm-bicubic-256-224', sha256: sha256('recipe') },
      compareWith: at === 0 ? null : 'model 0',
      predictions,
    })),
    samples,
  };
}

test('classes, correctness, ties and validity come back exactly, and so do scores where there is room', () => {
  const columns = [float, int8.with(7, invalid)];
  const baseline = decodeBaseline(encodeBaseline(source(columns)), 'x');
  columns.forEach((predictions, model) => {
    predictions.forEach((was, image) => {
      const is = baseline.models[model]!.predictions[image]!;
      expect(is.classes).toEqual(was.classes);
      expect(is.scores).toEqual(was.scores.slice(0, 1));
      expect(is.labelAbove).toBe(Math.min(was.labelAbove, 5));
      expect([is.labelTied, is.tiedTop, is.invalid]).toEqual([was.labelTied, was.tiedTop, was.invalid]);
      for (const k of [1, 5])
        expect(isCorrect(is.classes, list[image]!.label, k)).toBe(
          isCorrect(was.classes, list[image]!.label, k),
        );
    });
    expect(baseline.models[model]!.scorePrecision).toBe(0);
  });
});

test('counts of ties and saturation from a baseline are those of the run, and so are its figures', () => {
  const baseline = decodeBaseline(encodeBaseline(source([float, int8])), 'x');
  [float, int8].forEach((predictions, model) => {
    const label = (predictions: readonly Prediction[]) =>
      predictions.map((prediction, at) => ({ prediction, label: list[at]!.label }));
    const was = tally(label(predictions), 1000);
    const { figures, predictions: kept } = baseline.models[model]!;
    expect(tally(label(kept), 1000)).toEqual(was);
    expect(was).toMatchObject(figures);
  });
});

test('names, labels, runtime and models come back as they were', () => {
  const { models, samples, ...run } = source([float, int8]);
  const baseline = decodeBaseline(encodeBaseline({ ...run, models, samples }), 'x');
  expect(baseline).toMatchObject(run);
  expect(baseline.samples).toEqual(
    list.map(({ id, label, sha256 }) => ({ id, label, sha256Prefix: sha256.slice(0, 4) })),
  );
  for (const [at, { predictions, ...model }] of models.entries()) {
    expect(baseline.models[at]).toMatchObject(model);
    expect(baseline.models[at]!.predictions).toHaveLength(predictions.length);
  }
});

test('an empty run has a baseline too', () => {
  expect(decodeBaseline(encodeBaseline(source([[]], [])), 'x').samples).toEqual([]);
});

test('the same run gives the same bytes', () => {
  expect(encodeBaseline(source([float, int8])).equals(encodeBaseline(source([float, int8])))).toBe(true);
});

test('50 000 images and two models stay under 1 MB, and scores within the precision that is stated', () => {
  const many = images(50_000);
  const columns = ['', 'another network'].map((model) => many.map((image) => prediction(image, model)));
  const bytes = encodeBaseline(source(columns, many));
  expect(bytes.length).toBeLessThan(1e6);
  const baseline = decodeBaseline(bytes, 'x');
  baseline.models.forEach(({ predictions, scorePrecision }, model) => {
    expect(scorePrecision).toBeLessThan(0.002);
    const worst = predictions.reduce(
      (most, { scores }, at) => Math.max(most, Math.abs(scores[0]! - columns[model]![at]!.scores[0]!)),
      0,
    );
    expect(worst).toBeLessThanOrEqual(scorePrecision * (1 + 1e-9));
    expect(
      predictions.every(({ classes }, at) => classes.join() === columns[model]![at]!.classes.join()),
    ).toBe(true);
  });
});

test('a baseline with any byte changed or cut off is refused', () => {
  const bytes = encodeBaseline(source([float]));
  const random = sequenceOf('bytes');
  for (let trial = 0; trial < 40; trial++) {
    const changed = Buffer.from(bytes);
    changed[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
    expect(() => decodeBaseline(changed, 'x')).toThrow(StoreError);
    expect(() => decodeBaseline(bytes.subarray(0, Math.floor(random() * bytes.length)), 'x')).toThrow(
      StoreError,
    );
  }
});

test('a baseline of a later version is refused by its number', () => {
  const later = encodeBaseline(source([float]))
    .toString('latin1')
    .replace('baseline 1 ', 'baseline 2 ');
  expect(() => decodeBaseline(Buffer.from(later, 'latin1'), 'x')).toThrow('version 2');
});

test('a saved baseline is read again; one whose line ends were converted is refused with the cause', async () => {
  const path = `${temporaryFolder()}/baselines/main.baseline`;
  expect(await saveBaseline(path, source([float]))).toBe(readFileSync(path).length);
  expect((await readBaseline(path)).samples).toHaveLength(300);
  writeFileSync(path, Buffer.from(readFileSync(path).toString('latin1').replaceAll('\n', '\r\n'), 'latin1'));
  await expect(readBaseline(path)).rejects.toThrow(StoreError);
  await expect(readBaseline(`${path}.missing`)).rejects.toThrow(StoreError);
});

test.each([
  [
    'ILSVRC',
    ['ILSVRC2012_val_00000009.JPEG', 'ILSVRC2012_val_00000010.JPEG', 'ILSVRC2012_val_00050000.JPEG'],
  ],
  ['WNID folders', ['n01440764/ILSVRC2012_val_00000293.JPEG', 'n01443537/ILSVRC2012_val_00000001.JPEG']],
  ['odd names', ['', '7', '007', 'a.png', '1/2/3/é 4 "x".jpg', '9'.repeat(30), 'line\nbreak 2.jpg']],
])('names come back as they were: %s', (_, names) => {
  expect(decodeNames(encodeNames(names))).toEqual(names);
});

test.each([
  ['few values', [1, 1, 2.5, null, Infinity, -Infinity]],
  ['float32', Array.from({ length: 5000 }, (_, at) => Math.fround(Math.sqrt(at)))],
  ['float64, some missing', Array.from({ length: 5000 }, (_, at) => (at % 9 === 0 ? null : Math.sqrt(at)))],
])('exact scores come back as they were: %s', (_, scores) => {
  expect(decodeScores(encodeScores(scores, 'exact'))).toEqual({ scores, precision: 0 });
});

test('compact scores keep infinities and gaps', () => {
  const scores = [...Array.from({ length: 5000 }, (_, at) => Math.sqrt(at)), null, Infinity, -Infinity];
  const { scores: kept } = decodeScores(encodeScores(scores, 'compact'));
  expect(kept.slice(-3)).toEqual([null, Infinity, -Infinity]);
});
