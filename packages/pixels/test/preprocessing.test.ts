import { readFileSync } from 'node:fs';
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

describeWithShared('500 real images, one pass for all recipes', (dir) => {
  test('decoded bytes, crops and tensors have the hashes that Pillow and NumPy gave', async () => {
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
});
