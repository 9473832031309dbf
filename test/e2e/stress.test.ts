import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, it } from 'vitest';

import type { Summary } from '../../src/report/summary-schema.js';
import { describeWithShared } from '../shared.js';
import { expectNoStack, program, projectDir } from './program.js';
import { scratch } from '../scratch.js';
import { networksConfig } from './networks.js';

/**
 * onnxruntime-node has aborted with more than one worker, and at exit after correct work (USER-NEEDS, C): the pinned
 * release must not, in many workers, in several runs of one process, and in many processes.
 */

const { dir, file } = scratch();

it('six runs with four workers each end with exit code 0 and the same predictions', async () => {
  const config = join(projectDir, 'configs/demo.yaml');
  const predictions = new Set<string>();
  for (let pair = 0; pair < 3; pair++) {
    const runs = [`${pair}a`, `${pair}b`].map(async (name) => {
      const out = join(dir, name);
      const args = ['run', config, '--out', out, '--no-cache', '--workers', '4', '--batch', '2'];
      const finished = await program([...args, '--limit', '40']);
      expect(finished.code, finished.stderr).toBe(0);
      expectNoStack(finished);
      predictions.add(readFileSync(join(out, 'predictions/demo-int8.csv'), 'utf8'));
    });
    await Promise.all(runs);
  }
  expect(predictions.size).toBe(1);
});

describeWithShared('real networks in one process', (shared) => {
  it('run three times over with six workers, and the process ends with exit code 0', async () => {
    const config = file('hardnets.yaml', networksConfig(shared, ['float', 'qdq']));
    const library = pathToFileURL(join(projectDir, 'dist/index.js')).href;
    const script = file(
      'three-runs.mjs',
      `
      import { evaluate } from ${JSON.stringify(library)};
      for (const run of [1, 2, 3]) {
        const out = ${JSON.stringify(dir)} + '/library' + run;
        const { summary, faults } = await evaluate({
          config: ${JSON.stringify(config)}, out, limit: 30, workers: 6, batch: 2,
        });
        console.log(JSON.stringify([faults.length, ...summary.models.map((m) => [m.images, m.top1.correct])]));
      }
      `,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    expect([code, signal], stderr).toEqual([0, null]);
    expectNoStack({ code, stdout, stderr });
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(new Set(lines).size).toBe(1);
    const summary = JSON.parse(readFileSync(join(dir, 'library3/summary.json'), 'utf8')) as Summary;
    expect(summary.models.map(({ images }) => images)).toEqual([30, 30]);
    expect(summary.run.workers).toBe(6);
  });
});
