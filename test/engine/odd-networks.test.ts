import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { modelFacts } from '../../src/model/facts.js';
import { OnnxGraph } from '../../src/model/graph/graph.js';
import { describeOnnx } from '../../src/model/onnx-description.js';
import { projectDir } from '../e2e/program.js';
import { bothModels, engine, workerModel } from './demo-engine.js';

/** Networks that do other than their files say; test/fixtures/networks/make.py tells what each does. */

function bytesOf(name: string): Uint8Array {
  return readFileSync(join(projectDir, `test/fixtures/networks/${name}.onnx`));
}

function odd(name: string): ReturnType<typeof workerModel> {
  return workerModel(name, bytesOf(name));
}

const [float] = bothModels();
const order = Array.from({ length: 10 }, (_, i) => i);

it('an output of another width than declared, or no output at all, is told of the model before any image is counted', async () => {
  const models = [odd('wrong-width'), odd('always-fails'), float!];
  const { failed, bad, predictions } = await engine({ models, count: 10 });
  expect(failed[0]).toMatchObject({ code: 'output-differs' });
  expect(failed[0]!.what).toContain('shape [1, 21], where the file declares [1, 20]');
  expect(failed[1]).toMatchObject({ code: 'inference-failed' });
  expect(failed[1]!.what).toMatch(/fails: .*cannot be reshaped/s);
  expect(bad.size).toBe(0);
  expect(predictions[2]!.every((prediction) => prediction !== null)).toBe(true);
});

it('an output that is found wrong only in the run, for its batches were known, is told all the same', async () => {
  const findings = [{ behaviour: 'same-bits', why: null } as const, null];
  const { failed, bad } = await engine({ models: [odd('one-long-row'), float!], findings, count: 10 });
  expect(failed[0]!.what).toContain('shape [1, 80], where the file declares [4, 20]');
  expect(bad.size).toBe(0);
});

it.each(['batch-1-only', 'one-long-row'])('%s is run one image at a time, and says why', async (name) => {
  const models = [odd(name)];
  const { predictions, plans, warnings, bad, failed } = await engine({ models, count: 10 });
  expect([bad.size, failed]).toEqual([0, [null]]);
  expect(plans[0]).toMatchObject({ rows: 1, imagesPerCall: 1 });
  expect(warnings.join()).toContain('images are run one at a time');
  expect(predictions).toEqual((await engine({ models, count: 10, batch: 1 })).predictions);
});

it.each(['dynamic', 'batch-maximum'])(
  '%s, whose scores depend on the batch, is run one image at a time: no order or batch size moves a bit',
  async (name) => {
    const models = [odd(name)];
    const { predictions, plans, warnings } = await engine({ models, count: 10 });
    expect(plans[0]).toMatchObject({ rows: 1, imagesPerCall: 1, repeatable: true });
    expect(warnings.join()).toContain('depend on what else is in its batch');
    const other = await engine({ models, count: 10, batch: 3, order: order.toReversed(), workers: 2 });
    expect(other.predictions).toEqual(predictions);
  },
);

it('with a batch that was asked for it is run in batches, warned of, and not repeatable', async () => {
  const { plans, warnings } = await engine({ models: [odd('dynamic')], batchExplicit: true, count: 10 });
  expect(plans[0]).toMatchObject({ rows: 4, imagesPerCall: 4, repeatable: false });
  expect(warnings.join()).toContain('neither cached nor resumed');
});

it.each([
  ['noise', 4],
  ['noise', 1],
  ['dropout-training', 4],
  ['dropout-training', 1],
])(
  '%s gives other scores in every call, of %d images: it says so, and nothing of it is kept',
  async (name, batch) => {
    const { plans, warnings } = await engine({ models: [odd(name)], batch, count: 10 });
    expect(plans[0]).toMatchObject({ repeatable: false });
    expect(warnings.join()).toContain('its scores are other ones in every call: the figure is one of many');
  },
);

it.each([
  ['dynamic', { behaviour: 'other-images', why: 'it has DynamicQuantizeLinear' }],
  ['dynamic-in-function', { behaviour: 'other-images', why: 'it has DynamicQuantizeLinear' }],
  ['noise', { behaviour: 'random', why: 'it has RandomNormalLike' }],
  ['batch-maximum', null],
])('what %s does to several images is known by its operators, where they tell', (name, finding) => {
  expect(describeOnnx(new OnnxGraph(bytesOf(name), name)).batchFinding).toEqual(finding);
});

it('an output whose type is not read as scores is refused before anything is run', () => {
  const description = describeOnnx(new OnnxGraph(bytesOf('dynamic'), 'm'));
  // As a file declares int4, of which onnxruntime-node 1.30 aborts the process.
  const outputs = description.outputs.map((port) => ({ ...port, dtype: 'type 22' }));
  const expected = { recipe: float!.recipe, classes: 20, classOffset: null, output: null };
  expect(() => modelFacts({ ...description, outputs }, expected, 'm')).toThrow(
    /is type 22; scores are read as float16/,
  );
});

it('outputs beyond the classes are refused, but for the few unused ones that old networks have', () => {
  const facts = (classes: number, classOffset: number): number =>
    modelFacts(
      describeOnnx(new OnnxGraph(bytesOf('dynamic'), 'm')),
      { recipe: float!.recipe, classes, classOffset, output: null },
      'm',
    ).classOffset;
  expect(facts(19, 0)).toBe(0);
  expect(facts(12, 1)).toBe(1);
  expect(() => facts(10, 0)).toThrow(/the last 10 outputs would be passed over/);
});
