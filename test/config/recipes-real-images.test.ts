import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decode } from 'reference-pixels/decode';
import { prepare } from 'reference-pixels/prepare';
import type { Recipe } from 'reference-pixels/recipe';
import { findRecipe } from '../../src/config/recipes/index.js';
import { describeWithShared } from '../shared.js';
import { sha256 } from '../../packages/pixels/test/frameworks-images.js';

interface Expected {
  readonly images: readonly (Readonly<Record<string, string>> & {
    readonly file: string;
    readonly tf_decode_jpeg_default_rgb_sha256: string;
  })[];
}

/** A named recipe's geometry and filter on the RGB that Pillow decodes, as the reference hashes were made. */
function onPillow(name: string): Recipe {
  return { ...findRecipe(name).recipe, decode: 'pillow' };
}

function withFilter(name: string, filter: NonNullable<Recipe['filter']>): Recipe {
  return { ...onPillow(name), filter };
}

/** The key of the reference hashes, and the recipe whose pixels they are of. */
const recipes: Readonly<Record<string, Recipe>> = {
  opencv_linear_256_224: withFilter('timm-bicubic-256-224', 'opencv-linear'),
  opencv_area_256_224: withFilter('timm-bicubic-256-224', 'opencv-area'),
  opencv_cubic_256_224: withFilter('timm-bicubic-256-224', 'opencv-cubic'),
  mlperf_area_875_224: onPillow('mlperf-resnet50'),
  tf_bilinear_squash_224: onPillow('tf-squash-224-raw'),
  tf_slim_inception_224: onPillow('tf-slim-inception-224'),
  tf_official_bilinear_256_224: onPillow('tf-official-resnet-256-224'),
  keras_load_img_nearest_224: onPillow('keras-raw-224'),
  torch_bilinear_antialias_256_224: onPillow('torchvision-transforms-v2-256-224'),
  torch_bicubic_antialias_256_224: onPillow('torchvision-transforms-v2-bicubic-256-224'),
  torch_bilinear_antialias_256_224_float: onPillow('torchvision-v1-tensor'),
};

/** Slim's hashes are of the normalised values, in HWC. */
const normalisedHashes: Readonly<Record<string, (value: number) => number>> = {
  tf_slim_inception_224: (value) => Math.fround(Math.fround(value - 0.5) * 2),
};

function pixels(key: string, data: Uint8Array | Float32Array): Uint8Array | Float32Array {
  const normalised = normalisedHashes[key];
  return normalised === undefined ? data : data.map(normalised);
}

describeWithShared('the pixels of OpenCV, TensorFlow, Keras and torchvision', (dir) => {
  it('are met on 500 images of 500 by each recipe, and so is the decode of TensorFlow', async () => {
    const { images } = JSON.parse(
      readFileSync(`${dir}expected/preprocessing_frameworks.json`, 'utf8'),
    ) as Expected;
    const met = Object.fromEntries(
      [...Object.keys(recipes), 'tf_decode_jpeg_default_rgb'].map((key) => [key, 0]),
    );
    const count = (key: string, hash: string, wanted: string | undefined) => {
      if (hash === wanted) met[key]! += 1;
    };
    for (const image of images) {
      const bytes = readFileSync(`${dir}imagenet/images/${image.file}`);
      const rgb = await decode(bytes, 'pillow');
      for (const [key, recipe] of Object.entries(recipes)) {
        count(key, sha256(pixels(key, prepare(rgb, recipe).data)), image[`${key}_sha256`]);
      }
      const fast = await decode(bytes, 'tensorflow-fast-dct');
      count('tf_decode_jpeg_default_rgb', sha256(fast.data), image.tf_decode_jpeg_default_rgb_sha256);
    }
    expect(images).toHaveLength(500);
    expect(met).toEqual(Object.fromEntries(Object.keys(met).map((key) => [key, 500])));
  });
});
