import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { BatchRunner } from '../../src/engine/batch.js';
import { StoreError } from '../../src/domain/errors.js';
import { Network } from '../../src/engine/network.js';
import type { Prediction } from '../../src/domain/domain.js';
import type { EngineStore } from '../../src/engine/options.js';
import { memoryStore } from '../../src/jobs/run/memory-store.js';
import { defaultSettings } from '../../src/runtime/session-settings.js';
import { demoRecipe } from '../e2e/demo-set.js';
import { projectDir } from '../e2e/program.js';
import { scratch } from '../scratch.js';
import {
  bothModels,
  engine,
  floatBytes,
  int8Bytes,
  samples,
  withFixedBatch,
  workerModel,
} from './demo-engine.js';

const { dir, file } = scratch();
const whole = await engine();

describe('results', () => {
  it.each([
    [2, 1],
    [5, 2],
    [3, 64],
  ])('are the same with %i workers and batches of %i', async (workers, batch) => {
    const { predictions, sha256, bad } = await engine({ workers, batch });
    expect(predictions).toEqual(whole.predictions);
    expect(sha256).toEqual(whole.sha256);
    expect(bad.size).toBe(0);
  });

  it('are the same in whatever order images are dealt', async () => {
    const order = whole.sha256.map((_, i) => (i * 7) % 24);
    expect((await engine({ order, workers: 2 })).predictions).toEqual(whole.predictions);
  });

  it('tell whether a network gives the same bits alone as in a batch', () => {
    expect(whole.plans.map((plan) => plan.batchInvariant)).toEqual([true, true]);
  });
});

let scripts = 0;

/** The built worker with a death in it; it dies once where `mark` names a file that is not there yet, else always. */
function dying(
  phase: 'start' | 'decode' | 'inference' | 'examine' | 'silent',
  image: number,
  mark?: string,
): URL {
  const worker = pathToFileURL(join(projectDir, 'test/engine/dying-worker.js')).href;
  const death = JSON.stringify({ phase, image, mark: mark ?? null });
  const script = `globalThis.death = ${death};\nawait import(${JSON.stringify(worker)});\n`;
  return pathToFileURL(file(`worker${++scripts}.mjs`, script));
}

/** First of its batch: that is the one a worker names as being at work. */
const CULPRIT = 8;

describe.each([
  [1, ['decode', 'inference']],
  // Where there are two, the other goes on: one death shows it.
  [2, ['inference']],
] as const)('with %i workers, one that dies', (workers, phases) => {
  it.each(phases)('once (%s) loses no image', async (phase) => {
    const mark = join(dir, `${phase}${workers}`);
    const { predictions, bad, warnings } = await engine({ workers, workerFile: dying(phase, CULPRIT, mark) });
    expect(existsSync(mark)).toBe(true);
    expect(predictions).toEqual(whole.predictions);
    expect(bad.size).toBe(0);
    expect(warnings.join('\n')).toMatch(/worker \d died/);
  });

  it.each(phases)(
    'at one image every time (%s) has that image reported, and the others go on',
    async (phase) => {
      const { predictions, bad } = await engine({ workers, workerFile: dying(phase, CULPRIT) });
      expect([...bad.keys()]).toEqual([CULPRIT]);
      expect(bad.get(CULPRIT)).toMatchObject({ code: 'worker-died' });
      expect(predictions).toEqual(
        whole.predictions.map((column) => column.map((p, i) => (i === CULPRIT ? null : p))),
      );
      if (phase === 'inference') expect(bad.get(CULPRIT)!.what).toContain('in model "float"');
    },
  );
});

describe('threads that decode for the one that feeds a device', () => {
  it('change no prediction, leave a bad image to it, and count their time', async () => {
    const list = samples(24);
    list[5] = { ...list[5]!, read: () => Promise.resolve(Buffer.from('no image')) };
    const { predictions, bad, times } = await engine({ samples: list, workers: 3, onDevice: true });
    expect([...bad].map(([index, { code }]) => [index, code])).toEqual([[5, 'image-format']]);
    expect(predictions).toEqual(
      whole.predictions.map((column) => column.map((p, i) => (i === 5 ? null : p))),
    );
    expect(times.decode).toBeGreaterThan(0);
  });

  it('lose no image where one dies, and an image that kills each of them is reported', async () => {
    const once = dying('decode', CULPRIT, join(dir, 'decoder'));
    const ended = await engine({ workers: 3, onDevice: true, workerFile: once });
    expect(ended.predictions).toEqual(whole.predictions);
    expect(ended.warnings.join('\n')).toContain('a thread that decodes died');
    const { bad } = await engine({ workers: 2, onDevice: true, workerFile: dying('decode', CULPRIT) });
    expect([...bad].map(([index, { code }]) => [index, code])).toEqual([[CULPRIT, 'worker-died']]);
  });
});

it('a disk that fills while a death is recorded ends the run with the disk as its reason', async () => {
  const full = new StoreError({ code: 'disk-full', what: 'full', where: null, remedy: null });
  const store: EngineStore = {
    ...memoryStore,
    putBad() {
      throw full;
    },
  };
  await expect(engine({ workers: 2, store, workerFile: dying('inference', CULPRIT) })).rejects.toBe(full);
});

it('a trial of the batch that takes too long is given up, and the run goes on without its answer', async () => {
  const { predictions, plans, warnings } = await engine({
    workerFile: dying('silent', 0),
    trialSeconds: 0.1,
  });
  expect(warnings.join()).toContain('took more than 0.1 s and was given up');
  expect(plans.map(({ batchInvariant }) => batchInvariant)).toEqual([null, null]);
  expect(predictions).toEqual(whole.predictions);
});

it('a worker that dies while batches are tried leaves the answer open', async () => {
  const workerFile = dying('examine', 0, join(dir, 'examine'));
  const { predictions, plans } = await engine({ workerFile });
  expect(predictions).toEqual(whole.predictions);
  expect(plans.map((plan) => plan.batchInvariant)).toEqual([null, null]);
});

it('when every worker dies again and again the run ends with a reason', async () => {
  await expect(engine({ workers: 2, workerFile: dying('start', 0) })).rejects.toMatchObject({
    code: 'workers-died',
    remedy: expect.stringContaining('--workers 1'),
  });
});

it('a worker script that is no script ends the run with a reason', async () => {
  const workerFile = new URL('./no-such-worker.js', import.meta.url);
  await expect(engine({ workerFile })).rejects.toMatchObject({ code: 'workers-died' });
});

it('a network that fails is named as what failed, no image is bad, and the other keeps its figure', async () => {
  // A network that only takes batches of 3, told to the engine as one of 2: every call of it fails.
  const { facts, ...rest } = workerModel('broken', withFixedBatch(floatBytes, 3));
  const broken = { ...rest, facts: { ...facts, fixedBatch: 2 } };
  const known = ['same-bits', null] as const;
  for (const behaviour of known) {
    const finding = behaviour === null ? null : { behaviour, why: null };
    const result = await engine({
      models: [bothModels()[0]!, broken],
      workers: 2,
      findings: [null, finding],
    });
    expect(result.failed).toEqual([null, expect.objectContaining({ code: 'inference-failed' })]);
    expect(result.failed[1]!.what).toContain('model "broken" fails');
    expect(result.bad.size).toBe(0);
    expect(result.predictions[0]).toEqual(whole.predictions[0]);
  }
  await expect(engine({ models: [broken] })).rejects.toMatchObject({ code: 'inference-failed' });
});

it('models that need other images of one job, under other recipes, get each their own', async () => {
  const squash = demoRecipe({ resize: '{ width: 64, height: 64 }', crop: 'none' });
  const models = [workerModel('float', floatBytes), workerModel('squashed', floatBytes, squash)];
  const both = await engine({ models });
  const known: EngineStore = {
    ...memoryStore,
    get: (model, sample) => (sample % 2 === model ? both.predictions[model]![sample]! : undefined),
  };
  const { predictions, reused } = await engine({ models, store: known });
  expect(predictions).toEqual(both.predictions);
  expect(predictions[0]).not.toEqual(predictions[1]);
  expect(reused).toEqual([12, 12]);
});

describe('a model of fixed batch', () => {
  it.each([1, 7])('of %i has its last partial batch padded and the padding dropped', async (batch) => {
    const fixed = [floatBytes, int8Bytes].map((bytes, i) =>
      workerModel(`fixed ${i}`, withFixedBatch(bytes, batch)),
    );
    expect(fixed.map(({ facts }) => facts.fixedBatch)).toEqual([batch, batch]);
    const { predictions, bad, plans } = await engine({ models: fixed, batch: 4, workers: 2 });
    expect(bad.size).toBe(0);
    expect(predictions).toEqual(whole.predictions);
    expect(plans.map(({ rows, imagesPerCall }) => [rows, imagesPerCall])).toEqual([
      [batch, batch],
      [batch, batch],
    ]);
  });

  it('runs beside one of free batch', async () => {
    const models = [workerModel('fixed', withFixedBatch(floatBytes, 5)), workerModel('free', floatBytes)];
    const { predictions } = await engine({ models, count: 13 });
    const expected = whole.predictions[0]!.slice(0, 13);
    expect(predictions).toEqual([expected, expected]);
  });

  it('gives scores for the images alone, however much the rows behind them hold', async () => {
    const model = workerModel('fixed', withFixedBatch(floatBytes, 3));
    const network = await Network.open(model, defaultSettings, 4);
    expect(network.rows).toBe(3);
    const lane = { model, recipe: 0, network, imagesPerCall: 3 };
    const runner = new BatchRunner([lane], [model.recipe], 'lowest-index', () => undefined);
    expect((await runner.run([])).results).toEqual([]);
    await network.release();
  });
});

describe('a session that is told its batch size', () => {
  const told = { ...defaultSettings, fixedDimensions: true };

  it('gives the same predictions to the last bit', async () => {
    const { predictions } = await engine({ settings: told, batch: 5 });
    expect(predictions).toEqual((await engine({ batch: 5 })).predictions);
  });

  it('knows the dimension by its name in the file', () => {
    expect(workerModel('free', floatBytes).facts.batchDimension).toBe('batch');
    expect(workerModel('fixed', withFixedBatch(floatBytes, 5)).facts.batchDimension).toBeNull();
  });
});

it('a model whose input is of another size than the recipe makes is refused with both shapes', () => {
  expect(() => workerModel('float', floatBytes, demoRecipe({ crop: '{ width: 48, height: 56 }' }))).toThrow(
    /recipe gives 3 channels of 56 x 48 \(height x width\), the model takes input: float32 \[batch, 3, 64, 64\]/,
  );
});

describe('progress', () => {
  it('counts every image once, in steps of one, with the running figures of every model', async () => {
    const seen: { done: number; top1: number[] }[] = [];
    await engine({
      workers: 2,
      onProgress: ({ done, running }) => seen.push({ done, top1: running.map(({ top1 }) => top1) }),
    });
    expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    const right = (column: readonly (Prediction | null)[]): number =>
      column.filter((p, i) => p!.classes[0] === samples(24)[i]!.label).length;
    expect(seen.at(-1)!.top1).toEqual(whole.predictions.map(right));
  });

  it('an image that cannot be read is told, and the others go on', async () => {
    const list = samples(24).map((sample, i) =>
      i === 3 ? { ...sample, read: () => Promise.reject(new Error('the cable is out')) } : sample,
    );
    const { bad, sha256, predictions } = await engine({ samples: list });
    expect([...bad]).toEqual([[3, expect.objectContaining({ code: 'image-unreadable' })]]);
    expect(bad.get(3)!.what).toContain('the cable is out');
    expect(sha256[3]).toBeNull();
    expect(predictions[0]!.filter((p) => p === null)).toHaveLength(1);
  });

  it('a stop ends after the images under way, with nothing half counted', async () => {
    const controller = new AbortController();
    const { stopped, predictions } = await engine({
      count: 200,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 20) controller.abort();
      },
    });
    expect(stopped).toBe(true);
    const done = predictions[0]!.flatMap((p, i) => (p === null ? [] : [i]));
    expect(done.length).toBeGreaterThanOrEqual(20);
    expect(done.length).toBeLessThan(60);
    expect(predictions[1]!.flatMap((p, i) => (p === null ? [] : [i]))).toEqual(done);
  });

  it('a listener that throws ends the run with its error', async () => {
    const onPrediction = (): void => {
      throw new RangeError('enough');
    };
    await expect(engine({ onPrediction, workers: 2 })).rejects.toThrow('enough');
  });
});
