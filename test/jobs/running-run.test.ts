import { expect, it } from 'vitest';

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
    models: ['a', 'b'].map((name) => ({ name, comparedWith: null })),
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
