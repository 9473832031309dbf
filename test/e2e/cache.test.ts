import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { readStoredRun } from '../../src/store/stored-run.js';
import { program, projectDir, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const both = join(projectDir, 'configs/demo.yaml');
const [head = '', float = '', int8 = ''] = readFileSync(both, 'utf8').split(/^ {2}(?=- \{ name: demo)/m);
const onlyFloat = file(
  'float.yaml',
  `${head.replace('demo/images.tar', join(projectDir, 'demo/images.tar'))}  ${float}`,
);
const LIMIT = 60;

function run(config: string, out: string, cache: string, ...more: readonly string[]): Promise<Finished> {
  const args = ['run', config, '--out', join(dir, out), '--limit', String(LIMIT), ...more];
  return program(args, { env: { IMAGENET_EVAL_CACHE: join(dir, cache) } });
}

function predictions(out: string, model: string): string {
  return readFileSync(join(dir, out, 'predictions', `${model}.csv`), 'utf8');
}

it('a new int8 beside a known float model runs only the new one, and a second run runs nothing and says so', async () => {
  expect(int8).toContain('demo int8');
  expect((await run(onlyFloat, 'float', 'one')).code).toBe(0);
  const second = await run(both, 'second', 'one');
  expect(second.stdout + second.stderr).toContain(`${LIMIT} of ${LIMIT * 2} predictions came from the cache`);
  const third = await run(both, 'third', 'one');
  expect(third.stdout + third.stderr).toContain(
    `${LIMIT * 2} of ${LIMIT * 2} predictions came from the cache`,
  );
  expect(predictions('second', 'demo-float')).toBe(predictions('float', 'demo-float'));
  for (const model of ['demo-float', 'demo-int8'])
    expect(predictions('third', model)).toBe(predictions('second', model));
});

it('--no-cache neither reads nor writes it', async () => {
  const { stdout, stderr } = await run(both, 'without', 'one', '--no-cache');
  expect(stdout + stderr).not.toContain('came from the cache');
  await run(both, 'without-too', 'never', '--no-cache');
  expect(readdirSync(dir)).not.toContain('never');
});

it('two runs at once on one cache do no harm', async () => {
  const runs = await Promise.all([run(both, 'left', 'shared'), run(both, 'right', 'shared')]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  const after = await run(both, 'after', 'shared');
  expect(after.stdout + after.stderr).toContain(
    `${LIMIT * 2} of ${LIMIT * 2} predictions came from the cache`,
  );
  for (const out of ['right', 'after'])
    expect(predictions(out, 'demo-int8')).toBe(predictions('left', 'demo-int8'));
});

it('what came from the cache is in the folder as well, so that it stands alone', async () => {
  expect((await readStoredRun(join(dir, 'third'))).missing).toBe(0);
});

it('`cache ls` names what is there, and `cache rm` removes it', async () => {
  const cache = (...args: string[]): Promise<Finished> =>
    program(['cache', ...args], { env: { IMAGENET_EVAL_CACHE: join(dir, 'one') } });
  const listed = await cache('ls');
  expect(listed.stdout).toMatch(/demo int8.*60 predictions/);
  const sha256 = /demo int8.*model ([0-9a-f]{12})/.exec(listed.stdout)![1]!;
  await cache('rm', '--model', sha256);
  const left = (await cache('ls')).stdout;
  expect(left).not.toContain('demo int8');
  expect(left).toContain('demo float');
});
