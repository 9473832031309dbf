import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decode } from '../src/decode.js';
import { prepare } from '../src/prepare.js';
import type { FilterName, Recipe } from '../src/recipe.js';
import { writeTensor } from '../src/tensor.js';
import { describeWithShared } from '../../../test/shared.js';
import { recipe, sha256 } from './fixtures.js';

function shortSide(size: number, filter: FilterName): Recipe {
  return recipe({
    filter,
    resize: { kind: 'short-side', size, rounding: 'torchvision' },
    crop: { width: 224, height: 224, offset: 'half-even' },
    normalize: [
      { op: 'divide', by: 255 },
      { op: 'subtract', by: [0.485, 0.456, 0.406] },
      { op: 'divide', by: [0.229, 0.224, 0.225] },
    ],
  });
}

function squash(filter: FilterName): Recipe {
  return recipe({ filter, resize: { kind: 'exact', width: 224, height: 224 } });
}

const recipes: Readonly<Record<string, Recipe>> = {
  bicubic256_crop224_sha256: shortSide(256, 'pillow-bicubic'),
  bilinear256_crop224_sha256: shortSide(256, 'pillow-bilinear'),
  bicubic248_crop224_sha256: shortSide(248, 'pillow-bicubic'),
  lanczos256_crop224_sha256: shortSide(256, 'pillow-lanczos'),
  nearest_squash224_sha256: squash('pillow-nearest'),
  bilinear_squash224_sha256: squash('pillow-bilinear'),
};
const tensorKey = 'bicubic256_crop224_meanstd_nchw_f32_sha256';

describeWithShared('real images', (dir) => {
  test('500 have the decoded bytes, crops and tensors of Pillow and NumPy, in one pass for all recipes', async () => {
    const text = readFileSync(`${dir}expected/preprocessing.json`, 'utf8');
    const expected = JSON.parse(text) as readonly Readonly<Record<string, string>>[];
    const tensor = new Float32Array(3 * 224 * 224);
    const spec = { layout: 'NCHW', dtype: 'float32', width: 224, height: 224, quantization: null } as const;
    const met: Record<string, number> = {};
    const count = (key: string, hash: string, row: Readonly<Record<string, string>>) => {
      met[key] = (met[key] ?? 0) + Number(row[key] === hash);
    };
    for (const row of expected) {
      const image = await decode(readFileSync(`${dir}imagenet/images/${row.file!}`), 'pillow');
      count('decoded_rgb_sha256', sha256(image.data), row);
      for (const [key, chosen] of Object.entries(recipes)) {
        const block = prepare(image, chosen);
        count(key, sha256(block.data), row);
        if (key !== 'bicubic256_crop224_sha256') continue;
        writeTensor(block, chosen, spec, tensor, 0);
        count(tensorKey, sha256(tensor), row);
      }
    }
    const keys = ['decoded_rgb_sha256', tensorKey, ...Object.keys(recipes)];
    expect(met).toEqual(Object.fromEntries(keys.map((key) => [key, 500])));
  });

  /** Pillow 13: `Image.open(path).convert('RGB')`, then `.resize((256, 256), BICUBIC).crop((16, 16, 240, 240))`, by name. */
  test('the 650 images of 227 by 227 are decoded and enlarged to the bytes of Pillow', async () => {
    const decoded = createHash('sha256');
    const crops = createHash('sha256');
    const names = readdirSync(`${dir}imagenet/val227`).sort();
    for (const name of names) {
      const image = await decode(readFileSync(`${dir}imagenet/val227/${name}`), 'pillow');
      decoded.update(image.data);
      crops.update(prepare(image, recipes['bicubic256_crop224_sha256']!).data as Uint8Array);
    }
    expect(names).toHaveLength(650);
    expect([decoded, crops].map((hash) => hash.digest('hex'))).toEqual([
      'dbc5a3162f7291194bca8c32f5b174a8f0a8ab823628c0299da0b1a2374a8e78',
      '571fbb19fb54cb21be25fac999bd7534a7f055fe1af0ac973727a97d0db2bf91',
    ]);
  });
});
