import { describe, expect, it } from 'vitest';
import type { PixelBlock, Recipe, TensorSpec } from 'reference-pixels/recipe';
import { writeTensor } from 'reference-pixels/tensor';
import { findRecipe } from '../../src/config/recipes/index.js';
import { everyByte, fixture, sha256 } from '../../packages/pixels/test/frameworks-images.js';

const spec: TensorSpec = { layout: 'NHWC', dtype: 'float32', width: 256, height: 1, quantization: null };

/** Each byte in each channel, as the recipe's resampler would see it. */
function seen(recipe: Recipe): PixelBlock {
  const bytes = everyByte();
  if (recipe.range === 'bytes') return bytes;
  return { ...bytes, data: Float32Array.from(bytes.data, (byte) => byte * Math.fround(1 / 255)) };
}

const tensors = ['tensorflow', 'torchvision'].flatMap((name) => Object.entries(fixture(name).tensors ?? {}));

describe('the normalisation of a named recipe', () => {
  it.each(tensors)("gives the library's own float32 for every byte: %s", (name, sha) => {
    const { recipe } = findRecipe(name);
    const tensor = new Float32Array(256 * 3);
    writeTensor(seen(recipe), recipe, spec, tensor, 0);
    expect(sha256(tensor)).toBe(sha);
  });

  it('on float pixels gives the same as on bytes', () => {
    for (const [name] of tensors) {
      const { recipe } = findRecipe(name);
      if (recipe.range === 'unit') continue;
      const fromBytes = new Float32Array(256 * 3);
      const fromFloats = new Float32Array(256 * 3);
      writeTensor(everyByte(), recipe, spec, fromBytes, 0);
      writeTensor({ ...everyByte(), data: Float32Array.from(everyByte().data) }, recipe, spec, fromFloats, 0);
      expect(sha256(fromFloats), name).toBe(sha256(fromBytes));
    }
  });
});
