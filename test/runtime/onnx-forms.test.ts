import { cpSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { modelFacts, recipeSize } from '../../src/model/facts.js';
import type { NetworkFacts } from '../../src/record/provenance.js';
import { halfOf, numberOfHalf } from '../../src/domain/half.js';
import { fileSource, type NetworkPlan } from '../../src/runtime/network.js';
import { openSession } from '../../src/runtime/open.js';
import { readNetwork } from '../../src/runtime/read.js';
import { defaultSettings } from '../../src/runtime/session-settings.js';
import { projectDir } from '../e2e/program.js';
import { scratch } from '../scratch.js';
import { recipeOf } from '../engine/demo-engine.js';

/** Networks in the forms that files come in; make.py beside them says what each is, and what Python onnxruntime gives. */
const folder = join(projectDir, 'test/fixtures/runtimes');

interface Expected {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
const expected = JSON.parse(readFileSync(join(folder, 'scores.json'), 'utf8')) as Record<string, Expected>;

const recipe = recipeOf(
  '{ decode: pillow, resize: { width: 8, height: 8 }, filter: pillow-bilinear, crop: none, channel_order: rgb, normalize: [{ divide: 255 }] }',
);

async function opened(
  file: string,
  output: string | null = null,
): Promise<{ facts: NetworkFacts; plan: NetworkPlan; sha256: string }> {
  const network = await readNetwork(fileSource('m', file));
  const stated = network.describe();
  const description = (await network.complete?.(stated, recipeSize(recipe))) ?? stated;
  const facts = modelFacts(description, { recipe, classes: 20, classOffset: null, output }, 'm');
  return { facts, plan: network.plan(facts), sha256: network.sha256 };
}

async function scores(file: string, output: string | null = null): Promise<Expected> {
  const { facts, plan } = await opened(file, output);
  const session = await openSession(plan, 'm', defaultSettings, 2);
  try {
    const dims = facts.tensor.layout === 'NCHW' ? [2, 3, 8, 8] : [2, 8, 8, 3];
    const batch = Float32Array.from({ length: 2 * 3 * 8 * 8 }, (_, at) => (at % 17) / 16);
    const { data, dims: shape } = await session.run(batch, dims);
    return { shape, values: [...data] };
  } finally {
    await session.release();
  }
}

describe('an ONNX file', () => {
  it.each(Object.keys(expected).filter((name) => name !== 'two-wide.onnx'))(
    '%s gives what Python onnxruntime gives, to the bit',
    async (name) => {
      const { shape, values } = expected[name]!;
      expect(await scores(join(folder, name))).toEqual({ shape, values });
    },
  );

  it('of several outputs of class width wants to be told which', async () => {
    const file = join(folder, 'two-wide.onnx');
    await expect(scores(file)).rejects.toThrow(/2 of the model's 2 outputs have the width of 20 classes/);
    await expect(scores(file, 'z')).rejects.toThrow(/no output is called "z"; there are y: .*, s: /);
    const { shape, values } = expected['two-wide.onnx']!;
    expect(await scores(file, 'y')).toEqual({ shape, values });
  });
});

describe('weights in other files', () => {
  const { dir } = scratch();
  cpSync(folder, dir, { recursive: true });

  it.each([
    ['one-external.onnx', 'one-external.bin'],
    ['many-external.onnx', 'B'],
    ['external-constant.onnx', 'external-constant.bin'],
    ['branch-external.onnx', 'branch-external.bin'],
    ['bfloat16-external.onnx', 'bfloat16-external.bin'],
  ])('%s: other weights in %s are another network', async (model, weights) => {
    const before = await opened(join(dir, model));
    expect((await opened(join(dir, model))).sha256).toBe(before.sha256);
    const path = join(dir, weights);
    const bytes = readFileSync(path);
    bytes.writeFloatLE(3, 0);
    writeFileSync(path, bytes);
    utimesSync(path, 1, 1);
    const after = await opened(join(dir, model));
    expect(after.sha256).not.toBe(before.sha256);
    await expect(openSession(before.plan, 'm', defaultSettings, 2)).rejects.toThrow(
      /was changed after the run had begun/,
    );
  });

  it('that are not there, or outside of its folder, are told by name', async () => {
    const model = readFileSync(join(folder, 'one-external.onnx'));
    const place = model.indexOf('one-external.bin');
    const renamed = (to: string): string => {
      const copy = Buffer.from(model);
      copy.write(to, place);
      const path = join(dir, 'renamed.onnx');
      writeFileSync(path, copy);
      return path;
    };
    await expect(opened(renamed('two'))).rejects.toThrow(/weights in two-external.bin can't be read/);
    await expect(opened(renamed('../../../../../'))).rejects.toThrow(/outside of the model's folder/);
  });
});

it('float16 is numpy’s: every half is itself, and what lies between is rounded to even', () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = numberOfHalf(half);
    if (Number.isNaN(value)) continue;
    expect(halfOf(value)).toBe(half);
    const next = numberOfHalf(half + 1);
    if ((half & 0x7fff) >= 0x7bff || !Number.isFinite(next)) continue;
    const middle = (value + next) / 2;
    expect(halfOf(middle) & 1).toBe(0);
    expect(halfOf(middle + (next - value) / 8)).toBe(half + 1);
  }
  expect([65519.99, 65520, -1e9, 1e-10].map((value) => halfOf(value))).toEqual([0x7bff, 0x7c00, 0xfc00, 0]);
});
