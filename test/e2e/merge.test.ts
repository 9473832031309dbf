import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { endMark, rawEntry } from '../dataset/archive.js';
import {
  demoConfig,
  floatModel,
  model,
  drawing,
  drawingName,
  firstNames,
  folderWith,
  labelsText,
} from './demo-set.js';
import { program, projectDir, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const names = firstNames(8);
const labels = file('labels.txt', labelsText(names));

/** Runs both halves of a config and merges them into `name`. */
async function halves(name: string, config: string): Promise<{ runs: Finished[]; merged: Finished }> {
  const folders = [1, 2].map((shard) => join(dir, `${name}-${shard}`));
  const runs = await Promise.all(
    folders.map((out, at) =>
      program(['run', config, '--shard', `${at + 1}/2`, '--out', out, '--no-cache', '--no-guard']),
    ),
  );
  return { runs, merged: await program(['merge', ...folders, '--out', join(dir, name)]) };
}

describe('A merge ends as one run would', () => {
  it('with 0 where `on_bad_image: skip` forgives what is bad, and with 2 where nothing does', async () => {
    const images = folderWith(join(dir, 'images'), names.slice(1), {
      [names[0]!]: drawing(1).subarray(0, 300),
    });
    for (const [name, more, code] of [
      ['skip', 'on_bad_image: skip', 0],
      ['fail', '', 2],
    ] as const) {
      const { merged } = await halves(name, file(`${name}.yaml`, demoConfig({ images, labels, more })));
      expect(merged.code, merged.stderr).toBe(code);
    }
  });

  it('with 2 where the archive was cut short, with `skip` too', async () => {
    const entries = [1, 2, 3, 4, 5, 6].map((n) => rawEntry({ name: drawingName(n) }, drawing(n)));
    const whole = Buffer.concat([...entries, endMark]);
    const images = join(dir, 'cut.tar');
    writeFileSync(images, whole.subarray(0, whole.length - 3000));
    const config = file('cut.yaml', demoConfig({ images, labels, more: 'on_bad_image: skip' }));
    const { merged } = await halves('cut', config);
    expect(merged.code, merged.stderr).toBe(2);
    expect(merged.stdout).toContain('BAD INPUT');
  });
});

describe('A merge replaces nothing of the user', () => {
  it('refuses one of its own shards as --out, and leaves it as it was', async () => {
    const images = folderWith(join(dir, 'whole'), names);
    const { merged } = await halves('both', file('both.yaml', demoConfig({ images, labels })));
    expect(merged.code, merged.stderr).toBe(0);
    const shards = [1, 2].map((shard) => join(dir, `both-${shard}`));
    const journal = readFileSync(join(shards[0]!, 'journal.jsonl'));
    const into = await program(['merge', ...shards, '--out', `${shards[0]!}/../both-1`]);
    expect(into.code).toBe(2);
    expect(into.stderr).toMatch(/one of the shards/);
    expect(readFileSync(join(shards[0]!, 'journal.jsonl'))).toEqual(journal);

    const again = await program(['merge', ...shards, '--out', join(dir, 'both')]);
    expect(again.code, again.stderr).toBe(0);
    expect(existsSync(join(dir, 'both', 'summary.json'))).toBe(true);
  });
});

it('A merge of shards in which one model failed says so, and not that images are missing', async () => {
  const models = [
    model('float', floatModel),
    model('odd', join(projectDir, 'test/fixtures/networks/always-fails.onnx')),
  ];
  const images = folderWith(join(dir, 'failing'), names);
  const { merged } = await halves('failing', file('failing.yaml', demoConfig({ images, labels, models })));
  expect(merged.code).toBe(2);
  expect(merged.stderr).toMatch(/shard 1\/2\) has no prediction of "odd": it could not be run there/);
  expect(merged.stderr).not.toContain('lacks');
});
