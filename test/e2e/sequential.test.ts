import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { CheckRecord } from '../../src/report/check.js';
import { describeWithShared } from '../shared.js';
import { networksConfig } from './networks.js';
import { expectNoStack, program, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
let checks = 0;

interface Checked extends Finished {
  readonly out: string;
  readonly found: CheckRecord;
}

async function check(config: string, ...more: readonly string[]): Promise<Checked> {
  const out = join(dir, `check${++checks}`);
  const path = file(`check${checks}.yaml`, config);
  const finished = await program(['check', path, '--sequential', '--no-cache', '--out', out, ...more]);
  expectNoStack(finished);
  return {
    ...finished,
    out,
    found: JSON.parse(readFileSync(join(out, 'check.json'), 'utf8')) as CheckRecord,
  };
}

describeWithShared('A sequential check of a bad quantization', (shared) => {
  const config = networksConfig(shared, ['float', 'badcal'], ['gates: { max_top1_drop: 2 }']);

  it('refuses it after a few dozen images, at the same one however many workers there are', async () => {
    const one = await check(config, '--workers', '1', '--batch', '1');
    const many = await check(config, '--workers', '2', '--batch', '3');
    for (const { code, found } of [one, many]) {
      expect(code).toBe(1);
      expect(found.sequential).toMatchObject({ ended: 'decided', population: 500, tests: 1 });
      // The order follows from the candidate: the same file sees the same images first.
      expect(found.sequential).toMatchObject({ seedFrom: 'candidates', otherLooks: [] });
      expect(found.sequential!.imagesSeen).toBeLessThan(60);
      expect(found.models[0]!.tests[0]!.outcome).toMatchObject({ verdict: 'fail', decidedBy: 'bound' });
    }
    expect(many.found.models).toEqual(one.found.models);
    expect(many.found.gates).toEqual(one.found.gates);
  });

  it('shows no interval or test that is for a fixed number of images', async () => {
    const { out, found, stdout } = await check(config);
    expect(found.models[0]!.comparison).toBeNull();
    const shown = readFileSync(join(out, 'check.md'), 'utf8') + stdout;
    expect(shown).not.toMatch(/tango|wilson|mcnemar|95 %/i);
    expect(shown).toContain('confidence sequence');
  });

  it('still says why: saturated scores, ties', async () => {
    const { stdout } = await check(config, '--seed', '5');
    expect(stdout).toMatch(/tied top scores on \d+ of \d+ images/);
    expect(stdout).toMatch(/saturated scores/);
  });

  it('ends undecided at an early limit, which is no pass', async () => {
    const good = networksConfig(shared, ['float', 'qdq'], ['gates: { max_top1_drop: 2 }']);
    const { code, found } = await check(good, '--limit', '20');
    expect(code).toBe(1);
    expect(found.sequential).toMatchObject({ ended: 'limit', imagesSeen: 20 });
    expect(found.gates.models.at(-1)!.verdicts).toMatchObject([{ status: 'undecided', basis: 'sequential' }]);
  });

  it('leaves single classes untested, and says so', async () => {
    const gates = 'gates: { max_top1_drop: 2, max_class_drop: 50 }';
    const { found } = await check(networksConfig(shared, ['float', 'badcal'], [gates]));
    expect(found.gates.models.at(-1)!.verdicts).toMatchObject([
      { gate: 'max_top1_drop', status: 'fail' },
      {
        gate: 'max_class_drop',
        status: 'undecided',
        rule: expect.stringContaining('not tested sequentially'),
      },
    ]);
  });
});

describeWithShared('A sequential check of a good quantization beside a bad one', (shared) => {
  it('passes the one and refuses the other, which share the error rate', async () => {
    const config = networksConfig(shared, ['float', 'qdq', 'badcal'], ['gates: { max_top1_drop: 2 }']);
    const { code, found } = await check(config);
    expect(code).toBe(1);
    expect(found.sequential!.tests).toBe(2);
    const [qdq, badcal] = found.models;
    expect(qdq!.tests[0]).toMatchObject({ errorRate: 0.005, maxImages: 10, outcome: { verdict: 'pass' } });
    expect(badcal!.tests[0]).toMatchObject({ errorRate: 0.005, outcome: { verdict: 'fail' } });
    expect(badcal!.images).toBe(badcal!.tests[0]!.outcome.imagesSeen);
    expect(badcal!.images).toBeLessThan(60);
  });
});
