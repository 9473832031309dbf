import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { Summary } from '../../src/report/summary-schema.js';
import {
  demoConfig,
  demoRecipe,
  firstNames,
  floatModel,
  folderWith,
  int8Model,
  labelsText,
  model,
} from './demo-set.js';
import { expectNoStack, program, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const names = firstNames(60);
const images = folderWith(join(dir, 'images'), names);
const labels = file('labels.txt', labelsText(names));

/** Pixels of 0 to 255 where the network knows -2 to 2: most answers are wrong. */
const wrongRecipe = `, recipe: ${demoRecipe({ normalize: '[]' })}`;

function config(gates: string): string {
  return demoConfig({
    images,
    labels,
    models: [
      model('float', floatModel),
      model('good', int8Model, ', compare_with: float'),
      model('bad', int8Model, `, compare_with: float${wrongRecipe}`),
    ],
    more: gates,
  });
}

const withGates = file('gates.yaml', config('gates: { max_top1_drop: 10 }'));
const withoutGates = file('plain.yaml', config(''));
const shards = [1, 2].map((index) => join(dir, `shard-${index}`));

function merge(out: string, ...more: readonly string[]): Promise<Finished> {
  return program(['merge', ...shards, '--out', join(dir, out), ...more]);
}

function summaryOf(out: string): Summary {
  return JSON.parse(readFileSync(join(dir, out, 'summary.json'), 'utf8')) as Summary;
}

describe('Shards of a run whose config has gates', () => {
  beforeAll(async () => {
    for (const [at, out] of shards.entries()) {
      const run = await program([
        'run',
        withGates,
        '--shard',
        `${at + 1}/2`,
        '--out',
        out,
        '--no-cache',
        '--no-guard',
      ]);
      expect(run.code, run.stderr).toBe(0);
    }
  });

  it('are judged as one run is where merge is given the config', async () => {
    const whole = await program(['run', withGates, '--out', join(dir, 'whole'), '--no-cache', '--no-guard']);
    const merged = await merge('merged', '--gates', withGates);
    expectNoStack(merged);
    expect(summaryOf('merged').gates).toEqual(summaryOf('whole').gates);
    const status = summaryOf('merged').gates!.models.map(({ verdicts }) => verdicts.map((v) => v.status));
    expect(status).toEqual([[], ['pass'], ['fail']]);
    expect([merged.code, whole.code]).toEqual([1, 1]);
  });

  it('are judged by nothing without it', async () => {
    const merged = await merge('unjudged');
    expect(summaryOf('unjudged').gates).toBeNull();
    expect(merged.code, merged.stderr).toBe(0);
  });

  it('are not said to pass where the config has no gates', async () => {
    const merged = await merge('none', '--gates', withoutGates);
    expect(merged.code).toBe(2);
    expect(merged.stderr).toMatch(/no-gates.*no gates to decide/);
  });
});
