import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { demoConfig, firstNames, floatModel, folderWith, int8Model, labelsText, model } from './demo-set.js';
import { expectNoStack, program, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const names = firstNames(60);
const images = folderWith(join(dir, 'val'), names);
const int8 = join(dir, 'new_int8.onnx');
copyFileSync(int8Model, int8);
file(
  'nightly.yaml',
  demoConfig({
    images,
    labels: file('val.txt', labelsText(names)),
    models: [model('float', floatModel), model('int8', int8, ', compare_with: float')],
    more: 'gates: { max_top1_drop: 20, on_undecided: pass }',
  }),
);
const night = join(dir, 'reports/nightly');

async function evaluator(...args: readonly string[]): Promise<Finished> {
  const finished = await program(args, { cwd: dir, env: { IMAGENET_EVAL_CACHE: join(dir, 'cache') } });
  expectNoStack(finished);
  return finished;
}

function earlier(): string[] {
  return existsSync(join(night, 'earlier')) ? readdirSync(join(night, 'earlier')).sort() : [];
}

describe('the nightly loop', () => {
  it('checks, keeps the night as a baseline, and checks against it', async () => {
    expect((await evaluator('check', 'nightly.yaml')).code).toBe(0);
    expect(readdirSync(night)).toEqual(expect.arrayContaining(['check.json', 'report.html', 'summary.json']));
    expect((await evaluator('baseline', 'save', 'v1.4', '--run', 'reports/nightly')).code).toBe(0);
    const shown = await evaluator('baseline', 'show', 'v1.4', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      images: 60,
      models: [{ name: 'float' }, { name: 'int8' }],
    });
    expect((await evaluator('check', 'nightly.yaml', '--baseline', 'v1.4')).code).toBe(0);
    expect(earlier()).toEqual([]);
  });

  it('takes a new model file on the second night and keeps the first night under its date', async () => {
    const first = readFileSync(join(night, 'predictions/int8.csv'));
    writeFileSync(join(night, 'notes.txt'), 'mine');
    copyFileSync(floatModel, int8);
    const second = await evaluator('check', 'nightly.yaml');
    expect(second.code, second.stderr).toBe(0);
    const [kept, ...others] = earlier();
    expect(others).toEqual([]);
    expect(readFileSync(join(night, 'earlier', kept!, 'predictions/int8.csv')).equals(first)).toBe(true);
    expect(existsSync(join(night, 'earlier', kept!, 'report.html'))).toBe(true);
    expect(readFileSync(join(night, 'predictions/int8.csv')).equals(first)).toBe(false);
    expect(readFileSync(join(night, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('with --sequential leaves one run in the folder, not two mixed', async () => {
    expect((await evaluator('check', 'nightly.yaml', '--sequential')).code).not.toBe(2);
    expect(earlier().length).toBe(2);
    const check = JSON.parse(readFileSync(join(night, 'check.json'), 'utf8')) as {
      sequential: object | null;
    };
    expect(check.sequential).not.toBeNull();
    expect(existsSync(join(night, 'predictions/int8.csv'))).toBe(false);
  });

  it('asks only where an unfinished run under other settings could still go on', async () => {
    const out = join(dir, 'unfinished');
    expect((await evaluator('run', 'nightly.yaml', '--out', out, '--limit', '20')).code).toBe(0);
    const changed = await evaluator('run', 'nightly.yaml', '--out', out, '--limit', '40');
    expect(changed.code, changed.stderr).toBe(0);
    // A run that was killed has no word that it has ended.
    const killed = join(dir, 'killed');
    expect((await evaluator('run', 'nightly.yaml', '--out', killed, '--limit', '20')).code).toBe(0);
    rmSync(join(killed, 'finished.json'));
    const asked = await evaluator('run', 'nightly.yaml', '--out', killed, '--limit', '40');
    expect(asked.code).toBe(2);
    expect(asked.stderr).toMatch(/settings-changed.*unfinished/);
  });
});
