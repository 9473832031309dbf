import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';

import { readPlacement } from '../../src/runtime/onnxruntime/placement.js';
import { program, projectDir, type Finished } from '../e2e/program.js';
import { scratch } from '../scratch.js';

/** Debian's chromium ships SwiftShader, a Vulkan device in software, and a Vulkan loader. */
const chromium = '/usr/lib/chromium';
const manifest = `${chromium}/vk_swiftshader_icd.json`;
const title = `WebGPU on SwiftShader${existsSync(manifest) ? '' : ` (skipped: ${manifest} is absent)`}`;

const config = (models: readonly string[]): string =>
  [
    'dataset: { images: demo/images.tar, labels: demo, subset: true }',
    'recipe: { decode: pillow, resize: { short_side: 72 }, filter: pillow-bicubic, crop: 64, channel_order: rgb, scale: 1/255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }',
    'models:',
    ...models.map((model) => `  - ${model}`),
  ].join('\n');

interface Summary {
  readonly models: readonly {
    readonly predictions: string;
    readonly runtime: Readonly<Record<string, string>>;
  }[];
}

describe.skipIf(!existsSync(manifest))(title, () => {
  const { dir, file } = scratch();
  let run: Finished;

  beforeAll(async () => {
    mkdirSync(join(dir, 'xdg'));
    const path = file(
      'webgpu.yaml',
      config([
        '{ name: cpu, path: demo/demo_float.onnx }',
        '{ name: gpu, path: demo/demo_float.onnx, provider: webgpu }',
      ]),
    );
    run = await program(
      ['run', path, '--out', join(dir, 'out'), '--no-cache', '--limit', '4', '--batch', '2'],
      {
        cwd: projectDir,
        env: {
          LD_LIBRARY_PATH: chromium,
          VK_ICD_FILENAMES: manifest,
          XDG_RUNTIME_DIR: join(dir, 'xdg'),
        },
      },
    );
  });

  it('gives the scores of the CPU to 1e-4, and the report names device and driver', () => {
    expect(run.code).toBe(0);
    const { models } = JSON.parse(readFileSync(join(dir, 'out/summary.json'), 'utf8')) as Summary;
    const [cpu, gpu] = models;
    expect(gpu!.runtime).toMatchObject({
      provider: 'webgpu',
      device: 'Vulkan device of vk_swiftshader_icd.json (all nodes on it)',
    });
    expect(gpu!.runtime.driver).toContain('libvk_swiftshader.so');
    const rows = (model: typeof cpu): Record<string, string>[] =>
      parse(readFileSync(join(dir, 'out', model!.predictions)), { columns: true });
    const others = rows(gpu);
    expect(others).toHaveLength(4);
    rows(cpu).forEach((row, at) => {
      for (const k of [1, 2, 3, 4, 5])
        expect(Math.abs(Number(row[`s${k}`]) - Number(others[at]![`s${k}`]))).toBeLessThan(1e-4);
    });
  });
});

describe('a provider that can not be had', () => {
  const { dir, file } = scratch();

  it('is an error that says how to get it, never the CPU in its place', async () => {
    const path = file('cuda.yaml', config(['{ name: gpu, path: demo/demo_float.onnx, provider: cuda }']));
    const { code, stderr } = await program(['run', path, '--out', join(dir, 'out'), '--no-cache']);
    expect(code).toBe(2);
    expect(stderr).toContain('[provider-missing]');
    expect(stderr).toContain('onnxruntime-gpu');
  });

  it('is refused for a runtime that has no such thing', async () => {
    const path = file('no.yaml', config(['{ name: lite, path: x.tflite, provider: webgpu }']));
    const { code, stderr } = await program(['run', path, '--out', join(dir, 'out'), '--no-cache']);
    expect(code).toBe(2);
    expect(stderr).toContain('[provider-not-for-runtime]');
  });
});

it('nodes that a provider leaves to the CPU are counted, with their operators', () => {
  const line = (text: string): string =>
    `2026-11-26 12:29:54 [V:onnxruntime:, session_state.cc:1383 VerifyEachNodeIsAssignedToAnEp] ${text}`;
  const log = [
    line(' Node(s) placed on [WebGpuExecutionProvider]. Number of nodes: 2'),
    line('  Conv (a)'),
    line('  Relu (b)'),
    line(' Node(s) placed on [CPUExecutionProvider]. Number of nodes: 3'),
    line('  QuantizeLinear (c)'),
    line('  QuantizeLinear (d)'),
    line('  Shape (e)'),
  ].join('\n');
  expect(readPlacement(log)).toEqual({ taken: 2, left: 3, leftOperators: ['QuantizeLinear', 'Shape'] });
  expect(readPlacement(line(' All nodes placed on [WebGpuExecutionProvider]. Number of nodes: 7'))).toEqual({
    taken: 7,
    left: 0,
    leftOperators: [],
  });
  expect(readPlacement('nothing of the kind')).toBeNull();
});
