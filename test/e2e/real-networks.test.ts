import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import { beforeAll, expect, inject, it } from 'vitest';

import { processorFlags, saturates } from '../../src/runtime/onnxruntime/integer-products.js';
import type { Summary } from '../../src/report/summary-schema.js';
import { describeWithShared } from '../shared.js';
import { program, type Finished } from './program.js';
import { scratch } from '../scratch.js';
import { networksConfig } from './networks.js';

interface Reference {
  readonly top1: number;
  readonly top5: number;
  readonly predictions: Readonly<Record<string, { readonly top5: number[]; readonly values: number[] }>>;
}

const files = [
  'hardnet39ds',
  'hardnet39ds_qdq_int8',
  'hardnet39ds_badcal_int8',
  'mobilenet_v2_uint8',
  'mobilenet_v1_0.75_uint8',
] as const;

/**
 * Images that a network which rounds ties of levels may say otherwise of, on a processor whose floats are summed in another order than
 * the reference's (AVX-512 with VNNI): hardnet39ds_badcal_int8, whose scores tie on two images of three.
 */
const unlike = saturates(process.arch, processorFlags) ? 0.02 : 0;

interface ImageSet {
  readonly images: string;
  readonly labels: string;
  readonly expected: string;
  readonly count: number;
  /** Recipes by what the network was trained on. */
  readonly recipes: { readonly normalised: string; readonly unit: string; readonly raw: string };
}

const sets: readonly ImageSet[] = [
  {
    images: 'images',
    labels: 'filenames',
    expected: 'predictions',
    count: 500,
    recipes: { normalised: 'timm-bicubic-256-224', unit: 'scale-0-1', raw: 'bicubic-256-224-raw' },
  },
  {
    images: 'val227',
    labels: 'ilsvrc2012-val',
    expected: 'predictions_val227',
    count: 650,
    recipes: {
      normalised: 'crop-224',
      unit: '{ base: crop-224-raw, normalize: [{ divide: 255 }] }',
      raw: 'crop-224-raw',
    },
  },
];

/** All five networks in one run, each with its own recipe; images are decoded once. */
function config(shared: string, { images, labels, recipes }: ImageSet): string {
  const recipe = (file: string): string =>
    file.startsWith('mobilenet') ? recipes.raw : file.includes('badcal') ? recipes.unit : recipes.normalised;
  return [
    `dataset: { images: "${shared}imagenet/${images}", labels: "${labels}", subset: true }`,
    'models:',
    ...files.map(
      (file) => `  - { name: "${file}", path: "${shared}models/${file}.onnx", recipe: ${recipe(file)} }`,
    ),
  ].join('\n');
}

describeWithShared('five real networks on real JPEGs', (shared) => {
  const { dir, file } = scratch();

  for (const set of sets) {
    const reference = (): Record<string, Reference> =>
      JSON.parse(readFileSync(`${shared}expected/${set.expected}.json`, 'utf8')) as Record<string, Reference>;
    let run: Finished;
    let summary: Summary;
    const out = join(dir, set.images);

    beforeAll(async () => {
      const path = file(`${set.images}.yaml`, config(shared, set));
      const env = { IMAGENET_EVAL_CACHE: inject('knownPredictions') };
      run = await program(['run', path, '--out', out], { env });
      summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
    });

    it(`${set.images}: exits 0 and counts ${set.count} images for every model`, () => {
      expect(run.stderr).not.toContain('error');
      expect(run.code).toBe(0);
      expect(summary.models.map((model) => model.images)).toEqual(files.map(() => set.count));
    });

    for (const name of files) {
      it(`${set.images}: ${name} has the Top-1 and Top-5 counts of Python onnxruntime`, () => {
        const model = summary.models.find((m) => m.name === name)!;
        const { top1, top5 } = reference()[`${name}.onnx`]!;
        expect([model.top1.correct, model.top5.correct]).toEqual([top1, top5]);
      });

      it(`${set.images}: ${name} says of every image what Python onnxruntime says`, () => {
        const model = summary.models.find((m) => m.name === name)!;
        const rows = parse<Record<string, string>>(readFileSync(join(out, model.predictions)), {
          columns: true,
        });
        const expected = reference()[`${name}.onnx`]!.predictions;
        expect(rows).toHaveLength(set.count);
        const others = rows.filter((row) => {
          const { top5, values } = expected[row.file!]!;
          const [classes, scores] = ['c', 's'].map((k) =>
            [1, 2, 3, 4, 5].map((i) => Number(row[`${k}${i}`])),
          );
          // The reference ranks the 1001-class network's background as class -1; here it is taken off.
          const ranked = top5.flatMap((c, i) => (c < 0 ? [] : [{ c, score: values[i]! }]));
          return ranked.some(
            ({ c, score }, i) => classes![i] !== c || !(Math.abs(scores![i]! - score) < 5e-5),
          );
        });
        expect(others.length, others[0]?.file).toBeLessThanOrEqual(
          name === 'hardnet39ds_badcal_int8' ? unlike * set.count : 0,
        );
      });
    }
  }
});

describeWithShared('the number of workers and the batch size', (shared) => {
  const { dir, file } = scratch();

  it('change no byte of the prediction files', async () => {
    const path = file('pair.yaml', networksConfig(shared, ['float', 'qdq']));
    const predictions = async (workers: number, batch: number): Promise<string[]> => {
      const out = join(dir, `w${workers}b${batch}`);
      const run = await program([
        'run',
        path,
        '--out',
        out,
        '--no-cache',
        '--limit',
        '37',
        '--workers',
        String(workers),
        '--batch',
        String(batch),
      ]);
      expect(run.code, run.stderr).toBe(0);
      const { models } = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
      return models.map((model) => readFileSync(join(out, model.predictions), 'utf8'));
    };
    const one = await predictions(1, 1);
    expect(one[0]!.split('\n').length).toBeGreaterThan(37);
    expect(await predictions(2, 4)).toEqual(one);
    expect(await predictions(3, 16)).toEqual(one);
  });
});
