import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import sharp from 'sharp';
import { expect, it } from 'vitest';

import type { Explanation } from '../../src/jobs/explain/explain.js';
import { describeWithShared } from '../shared.js';
import { networks, networksConfig, type NetworkName } from './networks.js';
import { program, projectDir } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
// Object.keys is typed as strings; the map is closed and literal.
const all = Object.keys(networks) as NetworkName[];

interface Expected {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly decoded_rgb_sha256: string;
  readonly bicubic256_crop224_sha256: string;
  readonly bicubic256_crop224_meanstd_nchw_f32_sha256: string;
  readonly mode: string;
}

interface Reference {
  readonly predictions: Record<string, { readonly top5: number[]; readonly values: number[] }>;
}

describeWithShared('One image through every step', (shared) => {
  const json = (name: string): unknown => JSON.parse(readFileSync(`${shared}expected/${name}.json`, 'utf8'));
  const config = (): string => file('all.yaml', networksConfig(shared, all));

  it("has the reference pipeline's hashes at each: a colour image and a grey one", async () => {
    const list = json('preprocessing') as Expected[];
    const grey = list.find(({ mode }) => mode === 'L')!;
    for (const expected of [list[0]!, grey]) {
      const { code, stdout } = await program([
        'explain',
        config(),
        expected.file,
        '--json',
        '--out',
        join(dir, 'hashes'),
      ]);
      expect(code).toBe(0);
      const { recipes, models } = JSON.parse(stdout) as Explanation;
      expect(recipes.map((step) => step.recipe.name)).toEqual([
        'timm-bicubic-256-224',
        'scale-0-1',
        'bicubic-256-224-raw',
      ]);
      for (const { decoded, crop } of recipes) {
        expect(decoded).toEqual({
          width: expected.width,
          height: expected.height,
          sha256: expected.decoded_rgb_sha256,
        });
        expect(crop.sha256).toBe(expected.bicubic256_crop224_sha256);
      }
      expect(models[0]!.tensor.sha256).toBe(expected.bicubic256_crop224_meanstd_nchw_f32_sha256);
    }
  });

  it("has each model's five best classes and scores as the reference has them", async () => {
    const reference = json('predictions') as Record<string, Reference>;
    const image = 'n01484850_great_white_shark.JPEG';
    const { stdout } = await program(['explain', config(), image, '--json', '--out', join(dir, 'classes')]);
    const { models } = JSON.parse(stdout) as Explanation;
    expect(models.map(({ name }) => name)).toEqual(all);
    for (const { name, prediction } of models) {
      const { file: onnx } = networks[name as NetworkName];
      const { top5, values } = reference[onnx]!.predictions[image]!;
      // -1 is the background, which the reference ranks and we take off.
      const kept = top5.filter((index) => index !== -1);
      expect([name, prediction.classes.slice(0, kept.length)]).toEqual([name, kept]);
      values
        .filter((_, at) => top5[at] !== -1)
        .forEach((value, at) => {
          expect(prediction.scores[at]).toBeCloseTo(value, 2);
        });
    }
  });

  it('writes the crop whose hash it prints', async () => {
    const out = join(dir, 'crops');
    const { stdout } = await program(['explain', config(), 'n01440764_tench', '--out', out, '--json']);
    const { recipes } = JSON.parse(stdout) as Explanation;
    for (const { crop } of recipes) {
      const pixels = await sharp(crop.file).removeAlpha().raw().toBuffer();
      expect(createHash('sha256').update(pixels).digest('hex')).toBe(crop.sha256);
    }
  });

  it('tells sizes, crop box, filter, statistics, names and the label to a person', async () => {
    const out = join(dir, 'page');
    const { stdout } = await program(['explain', config(), 'n01440764_tench.JPEG', '--out', out]);
    for (const text of [
      'JPEG, 3 components, 500 x 375',
      '500 x 375 to 341 x 256 by pillow-bicubic',
      '224 x 224 at left 58, top 16',
      'float32 [1, 3, 224, 224], min -2.1179',
      'uint8 [1, 224, 224, 3]',
      'tench (the label)',
      '3 classes share the highest score',
    ])
      expect(stdout).toContain(text);
    const page = readFileSync(join(out, 'explain.html'), 'utf8');
    expect(page.match(/<image href="data:image\/jpeg/g)).toHaveLength(9);
    expect(page).toContain('224 x 224 at left 58, top 16');
  });

  it('suggests the name of an image that is not there', async () => {
    const { code, stderr } = await program(['explain', config(), 'n01440764_tensch.JPEG']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "n01440764_tench.JPEG"?');
  });
});

it('a network that fails is told by name, as the fault of the network', async () => {
  const config = file(
    'fails.yaml',
    `dataset: { images: ${join(projectDir, 'demo/images.tar')}, labels: demo }
recipe: { base: timm-bicubic-256-224, resize: { short_side: 72 }, crop: 64 }
models: [{ name: broken, path: ${join(projectDir, 'test/fixtures/networks/always-fails.onnx')} }]
`,
  );
  const { code, stderr } = await program(['explain', config, 'demo_val_00000001.JPEG']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/\[inference-failed\] broken: .*cannot be reshaped/s);
  expect(stderr).toContain("The fault is the network's or the runtime's, not the image's.");
});
