import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { diagnosisSchema } from '../../src/report/diagnosis-schema.js';
import { broken, demoFile, demoGraph, type Break } from '../jobs/diagnose/breaking.js';
import { demoConfig, model } from './demo-set.js';
import { expectNoStack, program, projectDir, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const images = join(projectDir, 'demo/images.tar');
const labels = join(projectDir, 'demo/val.txt');

const fixture = (name: string): string => join(projectDir, `test/fixtures/networks/${name}.onnx`);

function config(
  name: string,
  int8: string,
  float = demoFile('demo_float'),
  compare = ', compare_with: float',
): string {
  return file(
    `${name}.yaml`,
    demoConfig({ images, labels, models: [model('float', float), model('int8', int8, compare)] }),
  );
}

async function evaluator(...args: readonly string[]): Promise<Finished> {
  const finished = await program(args, { cwd: dir, env: { IMAGENET_EVAL_CACHE: join(dir, 'cache') } });
  expectNoStack(finished);
  return finished;
}

async function diagnosed(path: string, name: string, ...more: readonly string[]) {
  const out = join(dir, name);
  const { code, stderr } = await evaluator('diagnose', path, '--images', '16', '--out', out, ...more);
  expect(code, stderr).toBe(0);
  const diagnosis = diagnosisSchema.parse(JSON.parse(readFileSync(join(out, 'diagnosis.json'), 'utf8')));
  return { model: diagnosis.models[0]!, out };
}

function brokenDemo(name: string, breaks: readonly Break[]): { path: string; tensors: string[] } {
  const { bytes, tensors } = broken(demoGraph('demo_qdq_int8'), breaks);
  const path = join(dir, `${name}.onnx`);
  writeFileSync(path, bytes);
  return { path, tensors };
}

async function top1(path: string, name: string): Promise<number> {
  const out = join(dir, `run-${name}`);
  const { code, stderr } = await evaluator(
    'run',
    config(`run-${name}`, path),
    '--out',
    out,
    '--limit',
    '100',
    '--no-guard',
  );
  expect(code, stderr).toBe(0);
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as {
    models: { name: string; top1: { correct: number } }[];
  };
  return summary.models.find((one) => one.name === 'int8')!.top1.correct;
}

describe('imagenet-eval diagnose', () => {
  it('names the one scale that is too small, and writes a network without it that is accurate again', async () => {
    const { path, tensors } = brokenDemo('clips', [{ activation: { at: 12, scale: 0.1 } }]);
    const restored = join(dir, 'restored.onnx');
    const found = await diagnosed(config('clips', path), 'clips', '--write', restored, '--restore', '1');
    const [first] = found.model.quantizers;
    expect(first!.int8.source).toBe(tensors[0]);
    expect(first!.fault?.kind).toBe('clips');
    expect(first!.cost).toBeGreaterThan(0.5);
    expect(readFileSync(join(found.out, 'diagnosis.md'), 'utf8')).toContain('clips');
    expect(readFileSync(join(found.out, 'diagnosis.html'), 'utf8')).not.toMatch(/(?:src|href)="https?:/);
    expect(await top1(restored, 'restored')).toBeGreaterThan(await top1(path, 'broken'));
  });

  it('names a zero point that is off and weights on few levels, where two are broken at once', async () => {
    const { path, tensors } = brokenDemo('two', [
      { activation: { at: 20, levels: 110 } },
      { weight: { at: 5, step: 60 } },
    ]);
    const { model: found } = await diagnosed(config('two', path), 'two');
    const faultOf = (name: string | undefined): string | undefined =>
      found.quantizers.find(({ int8 }) => int8.source === name || int8.output === name)?.fault?.kind;
    expect(tensors.map(faultOf)).toEqual(['zero-point', 'few-levels']);
  });

  it('accuses nothing in the sound network', async () => {
    const { model: found } = await diagnosed(config('sound', demoFile('demo_qdq_int8')), 'sound');
    expect(found.quantizers.filter(({ fault }) => fault !== null)).toEqual([]);
    expect(found.findings).toEqual([]);
  });

  it('says what is missing where there is nothing to diagnose', async () => {
    const float = demoFile('demo_float');
    const int8 = demoFile('demo_qdq_int8');
    for (const [path, code] of [
      [config('no-quantizers', float), 'no-quantizers'],
      [config('reference-quantized', int8, int8), 'reference-quantized'],
      [config('no-float', int8, float, ''), 'no-float-model'],
      [config('qoperator', fixture('qoperator')), 'qoperator-model'],
      [config('dynamic', fixture('dynamic')), 'qoperator-model'],
    ] as const) {
      const refused = await evaluator('diagnose', path, '--images', '4');
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(`[${code}]`);
    }
  });
});
