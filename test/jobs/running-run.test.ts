import { expect, it } from 'vitest';

import { imageColumns, imageDetail } from '../../src/jobs/view/viewed-run.js';
import { RunningRun } from '../../src/jobs/view/running-run.js';
import { Journal } from '../../src/store/journal.js';
import { thisProcess } from '../../src/store/process-identity.js';
import { headerOf, images, keyed, prediction } from '../store/examples.js';
import { scratchFolder } from '../scratch.js';

it('counts each new record of a running run once, and a repeated one in place of the first', async () => {
  const folder = scratchFolder();
  const list = images(12);
  const header = headerOf(list, [keyed('a'), keyed('b')]);
  const journal = await Journal.open({ folder, header, fresh: true });
  const run = new RunningRun(folder, folder, {
    ...thisProcess(),
    startedAt: new Date().toISOString(),
    title: null,
    shown: null,
    images: 12,
    models: ['a', 'b'].map((name) => ({ name, comparedWith: null, outputDtype: 'float32' })),
    classes: [],
  });
  const says = (image: (typeof list)[number], model: number, right: boolean) => ({
    model,
    prediction: { ...prediction(image), classes: [right ? image.label : image.label + 1], scores: [1] },
  });
  const [first, second] = list;
  journal.append({ kind: 'predictions', image: first!, predictions: [says(first!, 0, true)] });
  await run.refresh();
  expect(run.progress()).toMatchObject({
    done: 1,
    running: [
      { images: 1, top1: 1 },
      { images: 0, top1: 0 },
    ],
  });
  journal.append({
    kind: 'predictions',
    image: first!,
    predictions: [says(first!, 0, false), says(first!, 1, true)],
  });
  journal.append({ kind: 'predictions', image: second!, predictions: [says(second!, 0, true)] });
  await run.refresh();
  await run.refresh();
  expect(run.progress()).toMatchObject({
    done: 2,
    running: [
      { images: 2, top1: 1 },
      { images: 1, top1: 1 },
    ],
  });
  await journal.close();
});

it('shows a confidence only where scores have one', async () => {
  const folder = scratchFolder();
  const [image] = images(1);
  const types = ['float32', 'uint8'];
  const journal = await Journal.open({
    folder,
    header: headerOf(
      [image!],
      types.map((name) => keyed(name)),
    ),
    fresh: true,
  });
  const run = new RunningRun(folder, folder, {
    ...thisProcess(),
    startedAt: new Date().toISOString(),
    title: null,
    shown: null,
    images: 1,
    models: types.map((outputDtype) => ({ name: outputDtype, comparedWith: null, outputDtype })),
    classes: [],
  });
  journal.append({
    kind: 'predictions',
    image: image!,
    predictions: types.map((_, model) => ({
      model,
      prediction: { ...prediction(image!), classes: [3], scores: [200], logSumExp: 200 },
    })),
  });
  await run.refresh();
  expect(imageColumns(run.viewed()).models.map(({ confidence }) => confidence)).toEqual([[1], [null]]);
  const { models } = imageDetail(run.viewed(), 0)!;
  expect(models.map(({ best }) => best[0])).toEqual([
    { class: 3, score: 200, confidence: 1 },
    { class: 3, score: 200, confidence: null },
  ]);
  await journal.close();
});
