import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import { beforeAll, expect, it } from 'vitest';

import { describeTflite, readTfliteFile } from '../../src/model/tflite-file.js';
import { assertComputes } from '../../src/runtime/litert/computes.js';
import { fileSource } from '../../src/runtime/network.js';
import { openSession } from '../../src/runtime/open.js';
import { readNetwork } from '../../src/runtime/read.js';
import { defaultSettings } from '../../src/runtime/session-settings.js';
import { describeWithShared } from '../shared.js';
import { program, type Finished } from '../e2e/program.js';
import { scratch } from '../scratch.js';

const networks = {
  hardnet39ds_quant: 'scale-0-1',
  'mobilenet_v1_0.75_quant': 'bicubic-256-224-raw',
  mobilenet_v2_quant: 'bicubic-256-224-raw',
} as const;

interface Reference {
  readonly models: Readonly<
    Record<string, { readonly predictions: Readonly<Record<string, readonly [number[], number[]]>> }>
  >;
}

interface Summary {
  readonly models: readonly {
    readonly name: string;
    readonly predictions: string;
    readonly runtime: { readonly name: string; readonly version: string };
    readonly facts: { readonly inputQuantization: unknown; readonly outputQuantization: unknown };
  }[];
}

/** Scores in a CSV have the digits that tell float32 numbers apart. */
const float32 = (text: string): number => Math.fround(Number(text));

describeWithShared('a .tflite path', (shared) => {
  const { dir, file } = scratch();
  let run: Finished;
  let summary: Summary;

  beforeAll(async () => {
    const lines = Object.entries(networks).map(
      ([name, recipe]) =>
        `  - { name: "${name}", path: "${join(shared, 'models', name)}.tflite", recipe: ${recipe} }`,
    );
    const config = file(
      'tflite.yaml',
      [`dataset: { images: "${shared}imagenet/images", labels: filenames }`, 'models:', ...lines].join('\n'),
    );
    run = await program(['run', config, '--out', join(dir, 'out'), '--no-cache', '--limit', '12']);
    summary = JSON.parse(readFileSync(join(dir, 'out/summary.json'), 'utf8')) as Summary;
  });

  it('is measured, and the report names its runtime', () => {
    expect(run.stderr).not.toContain('error');
    expect(run.code).toBe(0);
    for (const { runtime } of summary.models) {
      expect(runtime.name).toBe('LiteRT (@litertjs/core)');
      expect(runtime.version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  it('says scale and zero point of integer inputs and outputs', () => {
    expect(summary.models.map(({ facts }) => [facts.inputQuantization, facts.outputQuantization])).toEqual([
      [null, null],
      [
        { scale: 0.0078125, zeroPoint: 128 },
        { scale: 0.00390625, zeroPoint: 0 },
      ],
      [
        { scale: 0.003921567928045988, zeroPoint: 0 },
        { scale: 0.00390625, zeroPoint: 0 },
      ],
    ]);
  });

  for (const [place, name] of Object.keys(networks).entries())
    it(`${name}: classes and scores are those of Python's LiteRT`, () => {
      const text = readFileSync(`${shared}expected/predictions_litert.json`, 'utf8');
      const { predictions } = (JSON.parse(text) as Reference).models[name]!;
      const csv = readFileSync(join(dir, 'out', summary.models[place]!.predictions));
      const rows = parse<Record<string, string>>(csv, { columns: true });
      expect(rows).toHaveLength(12);
      for (const row of rows) {
        const [classes, scores] = predictions[row.file!]!;
        expect([1, 2, 3, 4, 5].map((at) => Number(row[`c${at}`]))).toEqual(classes);
        expect([1, 2, 3, 4, 5].map((at) => float32(row[`s${at}`]!))).toEqual(scores);
      }
    });

  it('whose operators LiteRT can not prepare is refused in its words', async () => {
    const bytes = readFileSync(join(shared, 'models/hardnet39ds_quant.tflite'));
    // The last tensor before the float output: no delegate takes a scale of 0.
    const { tensors } = readTfliteFile(bytes, 'hardnet');
    const [scale] = tensors.findLast(
      ({ dtype, shape }) => dtype === 'int8' && shape.join() === '1,1000',
    )!.scales;
    const pattern = Buffer.alloc(4);
    pattern.writeFloatLE(scale!);
    for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at)) bytes.fill(0, at, at + 4);
    const path = file('zeros.tflite', bytes);
    const network = await readNetwork(fileSource('zeros', path));
    const [output] = network.describe().outputs;
    const plan = network.plan({ outputName: output!.name } as Parameters<typeof network.plan>[0]);
    await expect(openSession(plan, 'zeros', defaultSettings, 1)).rejects.toThrow(/unsupported scale value/);
  });

  it('that holds no TFLite network is refused by name', async () => {
    const network = await readNetwork(fileSource('page', file('page.tflite', '<html>not found</html>')));
    expect(() => network.describe()).toThrow(/not a TFLite model/);
    const cut = readFileSync(join(shared, 'models/mobilenet_v2_quant.tflite')).subarray(0, 5000);
    expect(() => describeTflite(readTfliteFile(cut, 'cut'))).toThrow(/not a TFLite model/);
  });
});

it('a network whose scores are all 0, whatever it is fed, is refused; one score that is not will do', async () => {
  const input = { dtype: 'uint8', shape: [1, 4, 4, 3] };
  const zeros = { data: new Uint8Array(1000), dims: [1, 1000] };
  await expect(assertComputes(input, () => Promise.resolve(zeros), 'm')).rejects.toThrow(/every score is 0/);
  let calls = 0;
  const late = () => Promise.resolve({ ...zeros, data: zeros.data.with(7, ++calls < 3 ? 0 : 1) });
  await expect(assertComputes(input, late, 'm')).resolves.toBeUndefined();
});
