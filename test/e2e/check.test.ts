import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { XMLParser } from 'fast-xml-parser';
import { beforeAll, describe, expect, inject, it } from 'vitest';

import type { CheckRecord } from '../../src/report/check.js';
import { describeWithShared } from '../shared.js';
import { networkLine, networksConfig } from './networks.js';
import { expectNoStack, program, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const env = { IMAGENET_EVAL_CACHE: inject('knownPredictions') };

function read(out: string): CheckRecord {
  return JSON.parse(readFileSync(join(out, 'check.json'), 'utf8')) as CheckRecord;
}

let checks = 0;

async function check(
  config: string,
  ...more: readonly string[]
): Promise<Finished & { readonly out: string }> {
  const out = join(dir, `check${++checks}`);
  const path = file(`check${checks}.yaml`, config);
  const finished = await program(['check', path, '--out', out, ...more], { env, cwd: dir });
  expectNoStack(finished);
  return { ...finished, out };
}

describeWithShared('A gate of 2 points over 500 real images', (shared) => {
  const gates = ['gates: { max_top1_drop: 2 }'];
  let both: Finished & { readonly out: string };
  let found: CheckRecord;

  beforeAll(async () => {
    both = await check(networksConfig(shared, ['float', 'qdq', 'badcal'], gates));
    found = read(both.out);
  });

  it('passes the good quantization, whose drop of 5 images is exact', () => {
    const qdq = found.gates.models.find(({ model }) => model === 'qdq')!;
    expect(qdq.verdicts).toMatchObject([{ status: 'pass', basis: 'exact', measured: 1, images: 500 }]);
    expect(found.models.find(({ name }) => name === 'qdq')!.candidate.top1).toBe(429);
  });

  it('fails the bad one and says why: saturated scores, ties', () => {
    const badcal = found.gates.models.find(({ model }) => model === 'badcal')!;
    expect(badcal.verdicts).toMatchObject([{ status: 'fail', measured: 42.6 }]);
    expect(badcal.findings.map(({ code }) => code)).toEqual(['tied-scores', 'saturated-scores']);
    expect(readFileSync(join(both.out, 'check.md'), 'utf8')).toMatch(
      /33[78] of 500 images .67\.[46] %.[^]*saturated scores: 465 of 500/,
    );
  });

  it('ends with exit code 1 for both, and with 0 for the good one alone', async () => {
    expect(both.code).toBe(1);
    const good = await check(networksConfig(shared, ['float', 'qdq'], gates));
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/PASS: qdq may ship: .*the one gate passes/);
  });

  it('compares image by image: 11 lost, 6 gained, and says how little single classes tell', () => {
    const { comparison, scoreDrift } = found.models.find(({ name }) => name === 'qdq')!;
    expect(comparison!.top1.table).toEqual({ a: 423, b: 11, c: 6, d: 60 });
    expect(comparison!.classDrift.blind).toBe(true);
    expect(scoreDrift!.images).toBe(500);
    expect(readFileSync(join(both.out, 'check.md'), 'utf8')).toContain('an empty list says nothing');
  });

  it('tells JUnit which gate of which model failed', () => {
    const xml: unknown = new XMLParser({ ignoreAttributes: false }).parse(
      readFileSync(join(both.out, 'junit.xml'), 'utf8'),
    );
    const cases = (xml as { testsuites: { testsuite: { testcase: Record<string, unknown>[] } } }).testsuites
      .testsuite.testcase;
    const failed = cases.filter((one) => 'failure' in one);
    expect(failed.map((one) => one['@_classname'])).toEqual(['badcal against float']);
  });

  it('tells GitHub by an annotation and a step summary', async () => {
    const path = file('github.yaml', networksConfig(shared, ['float', 'badcal'], gates));
    const summary = file('step-summary.md', 'before\n');
    const { code, stdout } = await program(['check', path, '--out', join(dir, 'github')], {
      env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
    });
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => line.startsWith('::'))).toEqual([
      expect.stringMatching(/^::error title=badcal against float%3A max_top1_drop failed::.*saturated/),
    ]);
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n## ❌ /);
  });

  it('decides `run` by the same gates', async () => {
    const path = file('run.yaml', networksConfig(shared, ['float', 'badcal'], gates));
    const out = join(dir, 'run');
    const { code } = await program(['run', path, '--out', out], { env });
    expect(code).toBe(1);
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toMatch(/## Gates[^]*\*\*Fail\*\*/);
  });

  describe('against a baseline', () => {
    beforeAll(async () => {
      const path = file('baseline.yaml', networksConfig(shared, ['float']));
      const run = await program(['run', path, '--out', join(dir, 'kept')], { env });
      expect(run.code).toBe(0);
      const saved = await program(['baseline', 'save', 'main', '--run', join(dir, 'kept')], { cwd: dir });
      expect(saved.code).toBe(0);
    });

    it('passes the same model with nothing changed', async () => {
      const { code, out } = await check(networksConfig(shared, ['float'], gates), '--baseline', 'main');
      expect(code).toBe(0);
      expect(read(out)).toMatchObject({ baseline: { name: 'main', differences: [] } });
      expect(read(out).models[0]!.comparison!.flips).toEqual({ lost: 0, gained: 0 });
    });

    it('fails a new file under the old name, and says that it is another', async () => {
      const config = [
        `dataset: { images: "${shared}imagenet/images", labels: filenames }`,
        'models:',
        networkLine(shared, 'badcal', null, 'scale-0-1', 'float'),
        'gates: { max_top1_drop: 2 }',
      ].join('\n');
      const { code, stdout } = await check(config, '--baseline', 'main');
      expect(code).toBe(1);
      expect(stdout).toMatch(/another than in the baseline/);
      expect(stdout).toMatch(/recipe is another/);
    });

    it('tells a part by an interval: undecided is no pass, unless told so', async () => {
      const narrow = networksConfig(shared, ['float', 'qdq'], ['gates: { max_top1_drop: 0.001 }']);
      const { code, stdout } = await check(narrow, '--limit', '50');
      expect(stdout).toContain('Undecided');
      expect(code).toBe(1);
      const lenient = networksConfig(
        shared,
        ['float', 'qdq'],
        ['gates: { max_top1_drop: 0.001, on_undecided: pass }'],
      );
      expect((await check(lenient, '--limit', '50')).code).toBe(0);
    });

    it('passes the same file against its own baseline, on a part too', async () => {
      const narrow = networksConfig(shared, ['float'], ['gates: { max_top1_drop: 0, min_agreement: 100 }']);
      const { code, out } = await check(narrow, '--baseline', 'main', '--limit', '50');
      expect(code).toBe(0);
      expect(read(out).gates.models[0]!.verdicts.map(({ basis }) => basis)).toEqual([
        'same-file',
        'same-file',
      ]);
    });

    it('names the places where it looked for one that is not there', async () => {
      const { code, stderr } = await check(networksConfig(shared, ['float'], gates), '--baseline', 'none');
      expect(code).toBe(2);
      expect(stderr).toContain('baselines/none.baseline');
    });
  });

  it('asks for gates where the config has none', async () => {
    const { code, stderr } = await check(networksConfig(shared, ['float', 'qdq']));
    expect(code).toBe(2);
    expect(stderr).toContain('no-gates');
  });
});

describeWithShared('The same gate over 650 validation images', (shared) => {
  const config = (labels: string, more: string): string =>
    [
      `dataset: { images: "${shared}imagenet/val227", labels: ${labels}${more} }`,
      'models:',
      networkLine(shared, 'float', null, 'crop-224'),
      networkLine(shared, 'qdq', 'float', 'crop-224'),
      networkLine(shared, 'badcal', 'float', '{ base: crop-224-raw, normalize: [{ divide: 255 }] }'),
      'gates: { max_top1_drop: 3 }',
    ].join('\n');

  it('passes the good and fails the bad one, be they a set of their own or a part of ImageNet', async () => {
    for (const [labels, more, basis] of [
      [JSON.stringify(`${shared}imagenet/val.txt`), '', 'exact'],
      ['ilsvrc2012-val', ', subset: true', 'interval'],
    ] as const) {
      const { code, out } = await check(config(labels, more));
      expect(code).toBe(1);
      expect(read(out).gates.models.flatMap(({ verdicts }) => verdicts)).toMatchObject([
        { status: 'pass', basis },
        { status: 'fail', basis },
      ]);
    }
  });
});
