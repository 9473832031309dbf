import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import ort from 'onnxruntime-node';
import { expect, it } from 'vitest';

import { npyHeader, readNpyHeader } from '../../src/domain/npy.js';
import { tensorsNote } from '../../src/model/tensors-folder.js';
import { demoConfig, floatModel, model } from './demo-set.js';
import { program, projectDir } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const images = join(projectDir, 'demo/images.tar');
const labels = join(projectDir, 'demo/val.txt');
const tensors = join(dir, 'tensors');
const CLASSES = 20;

/** What a board does: reads the parts in order, runs its network, keeps a row of scores an image. */
async function scoresOfBoard(): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(floatModel);
  const { parts } = tensorsNote.parse(JSON.parse(readFileSync(join(tensors, 'tensors.json'), 'utf8')));
  const rows: number[] = [];
  for (const part of parts) {
    const bytes = readFileSync(join(tensors, part.file));
    const { shape, dtype, offset } = readNpyHeader(bytes);
    expect([shape, dtype]).toEqual([[part.rows, 3, 64, 64], 'float32']);
    const values = new Float32Array(Uint8Array.from(bytes.subarray(offset)).buffer);
    const { scores } = await session.run({ input: new ort.Tensor('float32', values, shape) });
    rows.push(...(scores!.data as Float32Array));
  }
  await session.release();
  return Float32Array.from(rows);
}

function ids(): string[] {
  const [, ...lines] = readFileSync(join(tensors, 'index.csv'), 'utf8').trim().split('\n');
  return lines.map((line) => line.split(',')[0]!);
}

it('tensors go out, scores come back as .npy or CSV, and are counted as the network itself is', async () => {
  const out = file('out.yaml', demoConfig({ images, labels }));
  const written = await program(['tensors', out, '--out', tensors, '--limit', '60']);
  expect(written, written.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('60 tensors') });
  const scores = await scoresOfBoard();
  const npy = join(tensors, 'scores.npy');
  writeFileSync(npy, Buffer.concat([npyHeader('float32', [60, CLASSES]), Buffer.from(scores.buffer)]));
  const lines = ids().map((id, row) => `${id},${scores.slice(row * CLASSES, (row + 1) * CLASSES).join()}\n`);
  const csv = file('scores.csv', lines.reverse().join(''));

  const back = file(
    'back.yaml',
    demoConfig({
      images,
      labels,
      models: [
        `  - { name: board, scores: ${npy} }`,
        model('here', floatModel, ', compare_with: board'),
        `  - { name: text, scores: ${csv}, compare_with: here }`,
      ],
    }),
  );
  const run = (config: string, to: string, ...more: string[]) =>
    program(['run', config, '--out', join(dir, to), '--limit', '60', '--no-cache', '--no-guard', ...more]);
  const ran = await run(back, 'back');
  expect(ran.code, ran.stderr).toBe(0);
  const predictions = (name: string): string =>
    readFileSync(join(dir, 'back/predictions', `${name}.csv`), 'utf8');
  expect(predictions('board')).toBe(predictions('here'));
  expect(predictions('text')).toBe(predictions('here'));
  const { models } = JSON.parse(readFileSync(join(dir, 'back/summary.json'), 'utf8')) as {
    models: Record<string, unknown>[];
  };
  expect(models[0]).toMatchObject({
    file: 'scores.npy',
    runtime: null,
    reused: 0,
    scores: { index: { file: 'index.csv' }, fed: { model: 'float' } },
  });
  expect(models[1]).toMatchObject({ scores: null, comparison: { with: 'board', images: 60 } });
  expect(readFileSync(join(dir, 'back/report.md'), 'utf8')).toContain('tensors written for float');

  // Nobody runs a network where there are scores alone, and none is asked for a recipe.
  const alone = file(
    'alone.yaml',
    demoConfig({ images, labels, models: [`  - { name: text, scores: ${csv} }`] }).replace(
      /^recipe.*\n/m,
      '',
    ),
  );
  const all = await run(alone, 'alone');
  expect(all.code, all.stderr).toBe(0);
  expect(readFileSync(join(dir, 'alone/predictions/text.csv'), 'utf8')).toBe(predictions('here'));
});
