import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';

import { sharedDir } from '../shared.js';
import { program, type Finished } from '../e2e/program.js';
import { scratch } from '../scratch.js';

/** A Python with LiteRT and OpenVINO: `.ci/requirements.txt` puts one first on PATH. */
const python = ['python3', '/work/venv/bin/python'].find(
  (candidate) =>
    (candidate === 'python3' || existsSync(candidate)) &&
    spawnSync(candidate, ['-c', 'import ai_edge_litert, openvino']).status === 0,
);

interface Summary {
  readonly models: readonly {
    readonly name: string;
    readonly predictions: string;
    readonly top1: { readonly correct: number };
    readonly runtime: { readonly name: string; readonly adapter: string };
  }[];
}

const absent = [
  ...(sharedDir === null ? ['../shared is absent'] : []),
  ...(python === undefined ? ['no Python with ai-edge-litert and openvino (.ci/requirements.txt)'] : []),
];
const title = `adapters run real networks${absent.length === 0 ? '' : ` (skipped: ${absent.join(', ')})`}`;

describe.skipIf(absent.length > 0)(title, () => {
  const shared = sharedDir ?? '/absent/';
  const { dir, file } = scratch();
  let run: Finished;
  let summary: Summary;

  const row = (name: string, model: string, recipe: string, adapter: string | null): string => {
    const path = JSON.stringify(join(shared, 'models', model));
    const runtime =
      adapter === null
        ? ''
        : `, runtime: { command: [${JSON.stringify(python)}, adapters/${adapter}.py, "{model}"] }`;
    return `  - { name: ${name}, path: ${path}, recipe: ${recipe}${runtime} }`;
  };

  const rows = (name: string): Record<string, string>[] => {
    const { predictions } = summary.models.find((model) => model.name === name)!;
    return parse(readFileSync(join(dir, 'out', predictions)), { columns: true });
  };

  beforeAll(async () => {
    const config = file(
      'adapters.yaml',
      [
        `dataset: { images: "${shared}imagenet/images", labels: filenames }`,
        'models:',
        row('onnxruntime', 'hardnet39ds.onnx', 'timm-bicubic-256-224', null),
        row('OpenVINO', 'hardnet39ds.onnx', 'timm-bicubic-256-224', 'openvino'),
        row('LiteRT', 'mobilenet_v2_quant.tflite', 'bicubic-256-224-raw', 'litert'),
      ].join('\n'),
    );
    run = await program(['run', config, '--out', join(dir, 'out'), '--no-cache', '--limit', '12']);
    if (run.code === 0) summary = JSON.parse(readFileSync(join(dir, 'out/summary.json'), 'utf8')) as Summary;
  });

  it('and are named in the report, with the hash of the adapter', () => {
    expect(run.stderr).not.toContain('error');
    expect(run.code).toBe(0);
    const named = summary.models.map(({ runtime }) => [runtime.name, typeof runtime.adapter]);
    expect(named).toEqual([
      ['onnxruntime', 'object'],
      ['OpenVINO', 'string'],
      ['LiteRT (Python)', 'string'],
    ]);
  });

  it('LiteRT by an adapter gives the reference classes and scores', () => {
    const text = readFileSync(`${shared}expected/predictions_litert.json`, 'utf8');
    const { models } = JSON.parse(text) as {
      models: Record<string, { predictions: Record<string, [number[], number[]]> }>;
    };
    for (const r of rows('LiteRT')) {
      const [classes, scores] = models.mobilenet_v2_quant!.predictions[r.file!]!;
      expect([1, 2, 3, 4, 5].map((at) => Number(r[`c${at}`]))).toEqual(classes);
      expect([1, 2, 3, 4, 5].map((at) => Number(r[`s${at}`]))).toEqual(scores);
    }
  });

  it("OpenVINO agrees with onnxruntime on every image's five classes, and to 1e-3 on their scores", () => {
    const others = rows('OpenVINO');
    rows('onnxruntime').forEach((r, at) => {
      for (let k = 1; k <= 5; k++) {
        expect(others[at]![`c${k}`]).toBe(r[`c${k}`]);
        expect(Math.abs(Number(others[at]![`s${k}`]) - Number(r[`s${k}`]))).toBeLessThan(1e-3);
      }
    });
  });

  it('none is left when the run has ended', () => {
    const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => line.includes('adapters/litert.py'))).toEqual([]);
  });
});
