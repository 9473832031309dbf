import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { demoConfig, drawingName, floatModel, model } from './demo-set.js';
import { program, projectDir, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const images = join(projectDir, 'demo/images.tar');
const labels = join(projectDir, 'demo/val.txt');
const config = file(
  'demo.yaml',
  demoConfig({
    images,
    labels,
    models: [model('float', floatModel)],
    more: 'on_bad_image: skip\ngates: { max_ties: 50 }',
  }),
);
const few = ['--limit', '8', '--no-cache', '--no-guard'];
const mine = "the user's own";

/** A folder with files of the user's. */
function folder(name: string, ...files: readonly string[]): string {
  const path = join(dir, name);
  for (const one of files) {
    mkdirSync(join(path, one, '..'), { recursive: true });
    writeFileSync(join(path, one), mine);
  }
  return path;
}

async function expectRefused(out: string, names: readonly string[], run: Promise<Finished>): Promise<void> {
  const before = readdirSync(out, { recursive: true });
  const { code, stderr } = await run;
  expect(code).toBe(2);
  expect(stderr).toContain('[foreign-files]');
  for (const name of names) {
    expect(stderr).toContain(name);
    expect(readFileSync(join(out, name), 'utf8')).toBe(mine);
  }
  expect(readdirSync(out, { recursive: true })).toEqual(before);
}

it.each([
  ['run', ['run', config, ...few], ['report.html', 'summary.csv', 'predictions/float.csv']],
  ['check', ['check', config, ...few], ['check.md']],
  ['check --sequential', ['check', config, '--sequential', ...few], ['junit.xml']],
  ['sweep', ['sweep', config, '--limit', '8'], ['sweep.json', 'sweep.md']],
  ['diagnose', ['diagnose', config, '--images', '8'], ['diagnosis.md']],
  ['explain', ['explain', config, drawingName(1)], ['explain.html']],
] as const)('%s replaces no file of a folder that it has not written into', async (name, command, files) => {
  const out = folder(`of-${name}`, ...files, 'notes.md');
  await expectRefused(out, files, program([...command, '--out', out]));
});

it("a run without a config does not replace the user's config.yaml", async () => {
  const out = folder('quick', 'config.yaml');
  const command = ['run', floatModel, '--images', images, '--labels', labels, '--out', out, ...few];
  await expectRefused(out, ['config.yaml'], program(command));
});

it('other files of the user stay, and a folder that a command wrote into is written again', async () => {
  const out = folder('shared', 'notes.md', 'config.yaml');
  const commands = [
    ['run', config, ...few],
    ['run', config, ...few, '--batch', '2'],
    ['check', config, ...few],
    ['sweep', config, '--limit', '8', '--recipes', 'scale-0-1'],
    ['explain', config, drawingName(1)],
  ];
  for (const command of commands)
    expect((await program([...command, '--out', out])).stderr).not.toContain('foreign-files');
  for (const name of ['notes.md', 'config.yaml']) expect(readFileSync(join(out, name), 'utf8')).toBe(mine);
});

it('a run that was killed before it had a journal is known by what it says of itself', async () => {
  const out = join(dir, 'killed');
  const command = ['run', config, ...few, '--out', out];
  await program(command);
  const running = {
    ...{ pid: 1, began: null, host: 'h', boot: null, startedAt: '2026-01-01T00:00:00Z', title: null },
    ...{ shown: null, images: 8, models: [], classes: [] },
  };
  for (const name of ['journal.jsonl', 'summary.json', 'finished.json']) rmSync(join(out, name));
  writeFileSync(join(out, 'running.json'), JSON.stringify(running));
  expect((await program(command)).code).toBe(0);
});

it('report and merge replace no file of the user either, and write again where they wrote', async () => {
  const whole = join(dir, 'whole');
  const shards = [join(dir, 'shard-1'), join(dir, 'shard-2')];
  expect((await program(['run', config, '--out', whole, ...few])).code).toBe(0);
  for (const [at, out] of shards.entries())
    await program(['run', config, '--out', out, ...few, '--shard', `${at + 1}/2`]);
  for (const [name, command, written] of [
    ['report', ['report', whole], 'report.html'],
    ['history', ['report', whole, ...shards], 'history.md'],
    ['merge', ['merge', ...shards], 'report.html'],
  ] as const) {
    const out = folder(`again-${name}`, written);
    await expectRefused(out, [written], program([...command, '--out', out]));
    const own = join(dir, `own-${name}`);
    for (let round = 0; round < 2; round++)
      expect((await program([...command, '--out', own])).code, `${name}, ${round}`).toBe(0);
  }
}, 60_000);
