import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { HashedImage, Prediction, Predictions } from '../../src/domain/domain.js';
import { StoreError } from '../../src/domain/errors.js';
import { labelled, tally } from '../../src/metrics/tally.js';
import { rankRow } from '../../src/metrics/top-k.js';
import type { RunRecord } from '../../src/record/run-record.js';
import { decodeBaseline, encodeBaseline, readBaseline, saveBaseline } from '../../src/store/baseline.js';
import { syntheticRun } from '../report/synthetic-run.js';
import { images, prediction } from './examples.js';
import { scratchFolder } from '../scratch.js';
import { sequenceOf } from './sequence.js';

const list: readonly HashedImage[] = images(300).map(({ id, label, sha256 }) => ({ id, label, sha256 }));
const float = images(300).map((image) => prediction(image));
/** The same with other classes here and there and scores in steps, as a quantized network gives. */
const int8 = images(300).map((image) => {
  const random = sequenceOf(`int8 ${image.id}`);
  const row = new Float32Array(1000).fill(-20);
  const { classes, scores } = prediction(image);
  classes.forEach((index, rank) => (row[index] = Math.round((scores[rank]! + random() * 2) / 0.25) * 0.25));
  row[Math.floor(random() * 1000)] = 9;
  return rankRow(row, 0, 1000, 0, image.label);
});
const invalid = rankRow(new Float32Array(1000).fill(NaN), 0, 1000, 0, 0);
const few: Prediction = { ...invalid, classes: [3, 1], scores: [-0, -Infinity], tiedTop: 1, invalid: false };

const example = syntheticRun({ images: 1, classes: 3 });

function run(columns: readonly (readonly Prediction[])[], samples = list): RunRecord {
  return {
    ...example,
    samples,
    models: columns.map((predictions, at) => ({
      ...example.models[0]!,
      name: `model ${at}`,
      compareWith: at === 0 ? null : 'model 0',
      predictions,
    })),
  };
}

test('all that it keeps of a prediction comes back exactly', async () => {
  const columns = [float.with(3, few), int8.with(7, invalid)];
  const baseline = await decodeBaseline(encodeBaseline(run(columns)), 'x');
  columns.forEach((predictions, model) => {
    expect([...baseline.models[model]!.predictions]).toEqual(
      predictions.map((was) => ({ ...was, scores: was.scores.slice(0, 1), logSumExp: NaN })),
    );
  });
});

test('counts of ties and saturation from a baseline are those of the run', async () => {
  const baseline = await decodeBaseline(encodeBaseline(run([float, int8])), 'x');
  const counts = (predictions: Predictions) => tally(labelled(list, predictions), 1000);
  [float, int8].forEach((predictions, model) => {
    expect(counts(baseline.models[model]!.predictions)).toEqual(counts(predictions));
  });
});

test('names, labels, machine and models come back as they were', async () => {
  const record = run([float, int8]);
  const baseline = await decodeBaseline(encodeBaseline(record), 'x');
  expect(baseline.samples).toEqual(
    list.map(({ id, label, sha256 }) => ({ id, label, sha256Prefix: sha256.slice(0, 4) })),
  );
  expect(record.machine).toMatchObject(baseline.machine);
  expect(record.run).toMatchObject(baseline.run);
  expect(record.dataset).toMatchObject(baseline.dataset);
  for (const [at, { name, sha256, facts, recipe, documented }] of record.models.entries())
    expect(baseline.models[at]).toMatchObject({ name, sha256, facts, recipe, documented });
});

test('odd names come back as they were', async () => {
  const names = [
    '',
    '7',
    '007',
    '1/2/3/é 4 "x".jpg',
    '9'.repeat(30),
    'line\nbreak 2.jpg',
    '\ud83d\udc1f.png',
  ];
  const samples = names.map((id, at) => ({ ...list[at]!, id }));
  const baseline = await decodeBaseline(encodeBaseline(run([float.slice(0, names.length)], samples)), 'x');
  expect(baseline.samples.map(({ id }) => id)).toEqual(names);
});

test('an empty run has a baseline too', async () => {
  expect((await decodeBaseline(encodeBaseline(run([[]], [])), 'x')).samples).toEqual([]);
});

test('equal runs give the same bytes, whenever they ran and however long', () => {
  const record = run([float, int8]);
  const later = { ...record, run: { ...record.run, startedAt: '2027-01-01T00:00:00.000Z', seconds: 1 } };
  expect(encodeBaseline(later).equals(encodeBaseline(record))).toBe(true);
});

test('50 000 images and two models stay under 1.3 MB and are written in less than two seconds', async () => {
  const many = images(50_000);
  const columns = ['', 'another network'].map((model) => many.map((image) => prediction(image, model)));
  const record = run(columns, many);
  const before = process.cpuUsage();
  const bytes = encodeBaseline(record);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(2);
  expect(bytes.length).toBeLessThan(1.3e6);
  const { models } = await decodeBaseline(bytes, 'x');
  columns.forEach((predictions, model) => {
    const differs = [...models[model]!.predictions].findIndex(
      ({ classes, scores }, at) =>
        classes.join() !== predictions[at]!.classes.join() || scores[0] !== predictions[at]!.scores[0],
    );
    expect(differs).toBe(-1);
  });
});

test('a baseline with any byte changed or cut off is refused', async () => {
  const bytes = encodeBaseline(run([float]));
  const random = sequenceOf('bytes');
  for (let trial = 0; trial < 400; trial++) {
    const changed = Buffer.from(bytes);
    changed[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
    await expect(decodeBaseline(changed, 'x')).rejects.toThrow(StoreError);
    const cut = bytes.subarray(0, Math.floor(random() * bytes.length));
    await expect(decodeBaseline(cut, 'x')).rejects.toThrow(StoreError);
  }
});

test('a baseline of the old format is named as such, with what to do', async () => {
  const old = Buffer.from(`onnx-imagenet-eval baseline 1 ${'0'.repeat(64)}\n{}\n`);
  const error: unknown = await decodeBaseline(old, 'x').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    what: expect.stringMatching(/version 1/),
    remedy: expect.stringMatching(/baseline save/),
  });
});

test('a saved baseline is read again; one whose line ends were converted is refused', async () => {
  const path = `${scratchFolder()}/baselines/main.baseline`;
  expect(await saveBaseline(path, run([float]))).toBe(readFileSync(path).length);
  expect((await readBaseline(path)).samples).toHaveLength(300);
  writeFileSync(path, Buffer.from(readFileSync(path).toString('latin1').replaceAll('\n', '\r\n'), 'latin1'));
  await expect(readBaseline(path)).rejects.toThrow(StoreError);
  await expect(readBaseline(`${path}.missing`)).rejects.toThrow(StoreError);
});

test('a baseline replaces a baseline, old or new, and no other file', async () => {
  const folder = scratchFolder();
  const notes = `${folder}/notes.md`;
  writeFileSync(notes, '# Mine\n');
  await expect(saveBaseline(notes, run([float]))).rejects.toMatchObject({ code: 'not-a-baseline' });
  expect(readFileSync(notes, 'utf8')).toBe('# Mine\n');
  const path = `${folder}/main.baseline`;
  writeFileSync(path, 'onnx-imagenet-eval baseline 1 and so on');
  for (const predictions of [float, int8]) await saveBaseline(path, run([predictions]));
  expect((await readBaseline(path)).models[0]!.predictions.at(0)!.classes).toEqual(int8[0]!.classes);
});
