import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planGeometry } from '../src/geometry.js';
import { prepare } from '../src/prepare.js';
import type { CropRule, ResizeRule } from '../src/recipe.js';
import { writeTensor } from '../src/tensor.js';
import { recipe } from './fixtures.js';
import { everyByte, madeImage, sha256, type Case } from './frameworks-images.js';

type Resize = readonly [width: number, height: number, size: number, outWidth: number, outHeight: number];

/** A file that make.py wrote; the caller knows its shape. */
function made(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./fixtures/frameworks/${name}.json`, import.meta.url), 'utf8'));
}

interface Geometry {
  readonly crops: readonly Case[];
  readonly resizes: readonly Resize[];
}

interface Quantized {
  readonly cases: readonly { dtype: 'uint8' | 'int8'; scale: number; zeroPoint: number; sha256: string }[];
}

const ofTorchvision = made('geometry-torchvision') as Geometry;
const ofTensorflow = made('geometry-tensorflow') as Geometry & { readonly central: readonly Case[] };

/** Normalised as torchvision does. */
const normalised = recipe({
  normalize: [
    { op: 'divide', by: 255 },
    { op: 'subtract', by: [0.485, 0.456, 0.406] },
    { op: 'divide', by: [0.229, 0.224, 0.225] },
  ],
});

const described = ([w, h, ow, oh]: readonly [number, number, number, number, ...unknown[]]) =>
  `${w}x${h} to ${ow}x${oh}`;

describe.each([
  ["torchvision's center_crop", ofTorchvision.crops, 'half-even'],
  ["TensorFlow's resize_with_crop_or_pad", ofTensorflow.crops, 'floor'],
] as const)('a crop as %s', (_, cases, offset: CropRule['offset']) => {
  it('lies where the library has it, zeros around smaller images included', () => {
    const missed = cases.filter(([w, h, width, height, seed, sha]) => {
      const cropped = recipe({ crop: { width, height, offset } });
      return sha256(prepare(madeImage(w, h, seed), cropped).data) !== sha;
    });
    expect(missed.map(described)).toEqual([]);
  });
});

it('a central fraction keeps what tf.image.central_crop keeps', () => {
  const missed = ofTensorflow.central.filter(([w, h, , , seed, sha]) => {
    const block = prepare(madeImage(w, h, seed), recipe({ centralFraction: 0.875 }));
    return sha256(block.data) !== sha;
  });
  expect(missed.map(described)).toEqual([]);
});

it.each([
  ['torchvision', ofTorchvision.resizes],
  ['tensorflow-float32', ofTensorflow.resizes],
] as const)('a short side with rounding %s gives the library’s sizes', (rounding, resizes) => {
  const missed = resizes.filter(([width, height, size, outWidth, outHeight]) => {
    const resize: ResizeRule = { kind: 'short-side', size, rounding };
    const { resized } = planGeometry({ width, height }, { centralFraction: null, resize, crop: null });
    return resized.width !== outWidth || resized.height !== outHeight;
  });
  expect(missed).toEqual([]);
});

describe('a quantized input', () => {
  const { cases } = made('quantized') as Quantized;

  it.each(cases)('holds what NumPy quantizes: $dtype, scale $scale, zero point $zeroPoint', (expected) => {
    const { dtype, scale, zeroPoint } = expected;
    const tensor = dtype === 'uint8' ? new Uint8Array(768) : new Int8Array(768);
    const spec = {
      layout: 'NHWC',
      dtype,
      width: 256,
      height: 1,
      quantization: { scale, zeroPoint },
    } as const;
    writeTensor(everyByte(), normalised, spec, tensor, 0);
    expect(sha256(tensor)).toBe(expected.sha256);
  });
});
