import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { program, projectDir } from '../e2e/program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const config = join(projectDir, 'configs/demo.yaml');
const whole = join(dir, 'whole');
const bin = join(dir, 'bin');
const deploy = join(projectDir, 'deploy');

beforeAll(async () => {
  mkdirSync(bin);
  const main = join(projectDir, 'dist/cli/main.js');
  chmodSync(file('bin/imagenet-eval', `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`), 0o755);
  const { code, stderr } = await program(['run', config, '--out', whole, '--no-cache']);
  expect(code, stderr).toBe(0);
});

/** Runs what a template says, as its engine would: in a shell, with the variables that the engine sets. */
async function shell(
  command: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  mkdirSync(cwd, { recursive: true });
  const [name, ...args] = command;
  const child = spawn(name!, args, {
    cwd,
    env: {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      HOME: cwd,
      IMAGENET_EVAL_CACHE: join(dir, 'cache'),
      ...variables,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, `${command.join(' ')}\n${told}`).toBe(0);
}

/** What rests on the predictions alone is byte for byte what one run wrote. */
function expectSameFiles(report: string): void {
  const names = readdirSync(join(whole, 'predictions'))
    .filter((name) => name.endsWith('.csv'))
    .map((name) => `predictions/${name}`);
  expect(names.length).toBe(2);
  for (const name of [...names, 'images.csv', 'classes.csv', 'flips.csv'])
    expect(readFileSync(join(report, name), 'utf8'), name).toBe(readFileSync(join(whole, name), 'utf8'));
}

it('the Slurm scripts, task by task, give what one run gives', async () => {
  const runs = join(dir, 'slurm');
  const variables = { CONFIG: config, RUNS: runs, SHARDS: '3', SLURM_CPUS_PER_TASK: '1' };
  for (const task of ['3', '1', '2'])
    await shell(['bash', join(deploy, 'slurm/shard.sbatch')], runs, {
      ...variables,
      SLURM_ARRAY_TASK_ID: task,
    });
  await shell(['bash', join(deploy, 'slurm/merge.sbatch')], runs, variables);
  expectSameFiles(join(runs, 'report'));
});

describe('the Kubernetes Jobs', () => {
  interface Container {
    readonly name: string;
    readonly command: string[];
    readonly env: { readonly name: string; readonly value?: string }[];
  }
  interface Job {
    readonly spec: {
      readonly completions?: number;
      readonly podFailurePolicy?: {
        readonly rules: { readonly onExitCodes?: { readonly containerName: string } }[];
      };
      readonly template: { readonly spec: { readonly containers: Container[] } };
    };
  }
  const job = (name: string): Job => parse(readFileSync(join(deploy, 'kubernetes', name), 'utf8')) as Job;
  const container = (of: Job): Container => of.spec.template.spec.containers[0]!;
  const [run, merge] = [job('run.yaml'), job('merge.yaml')];

  it('index by index, give what one run gives', async () => {
    const runs = join(dir, 'kubernetes');
    const variables = { CONFIG: config, RUNS: runs, SHARDS: '2', WORKERS: '1' };
    for (const index of ['0', '1'])
      await shell(container(run).command, runs, { ...variables, JOB_COMPLETION_INDEX: index });
    await shell(container(merge).command, runs, variables);
    expectSameFiles(join(runs, 'report'));
  });

  it('state as many shards as completions, in both Jobs', () => {
    const shards = (of: Job) => container(of).env.find(({ name }) => name === 'SHARDS')?.value;
    expect(shards(run)).toBe(String(run.spec.completions));
    expect(shards(merge)).toBe(String(run.spec.completions));
  });

  it('set every variable that their commands use', () => {
    for (const each of [run, merge]) {
      const used = [
        ...container(each)
          .command.join(' ')
          .matchAll(/\b[A-Z][A-Z_]+\b/g),
      ].map(([name]) => name);
      const set = container(each).env.map(({ name }) => name);
      expect(used.filter((name) => name !== 'JOB_COMPLETION_INDEX' && !set.includes(name))).toEqual([]);
    }
  });

  const validator = spawnSync('kubernetes-validate', ['--help'], { stdio: 'ignore' }).status === 0;
  it.skipIf(!validator)(
    `fit the API's schema${validator ? '' : ' (skipped: kubernetes-validate is not installed; deploy/kubernetes/check-schema.sh installs it)'}`,
    () => {
      const { status, stderr } = spawnSync(join(deploy, 'kubernetes/check-schema.sh'), { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
    },
  );
});

describe('the GitHub workflow', () => {
  interface Workflow {
    readonly env: Readonly<Record<string, string | number>>;
    readonly jobs: Readonly<
      Record<
        'shard' | 'merge',
        {
          readonly strategy?: { readonly matrix: { readonly shard: number[] } };
          readonly steps: { readonly name?: string; readonly run?: string }[];
        }
      >
    >;
  }
  const text = readFileSync(join(deploy, 'github/imagenet-eval.yml'), 'utf8');
  const workflow = parse(text) as Workflow;
  const shards = workflow.jobs.shard.strategy!.matrix.shard;
  const command = (job: 'shard' | 'merge', name: string): string =>
    workflow.jobs[job].steps.find((step) => step.name === name)!.run!;

  it('has one part for each that it says there are', () => {
    expect(shards).toEqual(Array.from({ length: Number(workflow.env['SHARDS']) }, (_, at) => at + 1));
  });

  it('gives what one run gives when its commands are run', async () => {
    const checkout = join(dir, 'github');
    mkdirSync(checkout);
    symlinkSync(join(projectDir, 'configs'), join(checkout, 'configs'));
    const variables = {
      SHARDS: String(workflow.env['SHARDS']),
      CONFIG: config,
      GITHUB_STEP_SUMMARY: join(checkout, 'summary.md'),
    };
    for (const shard of shards) {
      const run = command('shard', 'run').replaceAll('${{ matrix.shard }}', String(shard));
      await shell(['bash', '-e', '-o', 'pipefail', '-c', run], checkout, variables);
    }
    for (const name of ['merge', 'summary'])
      await shell(['bash', '-e', '-o', 'pipefail', '-c', command('merge', name)], checkout, variables);
    expectSameFiles(join(checkout, 'report'));
    expect(readFileSync(variables.GITHUB_STEP_SUMMARY, 'utf8')).toContain('Top-1');
  });
});
