import { describe, expect, test } from 'vitest';
import type { NormalizeStep, TensorSpec } from '../src/recipe.js';
import { describeTensor, writeTensor } from '../src/tensor.js';
import { recipe } from './fixtures.js';

const twoPixels = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 40, 50, 60) };

function spec(changes: Partial<TensorSpec>): TensorSpec {
  return { layout: 'NCHW', dtype: 'uint8', width: 2, height: 1, quantization: null, ...changes };
}

function write(
  data: ArrayLike<number>,
  steps: readonly NormalizeStep[],
  into: TensorSpec,
  bgr = false,
): number[] {
  const target = { float32: Float32Array, uint8: Uint8Array, int8: Int8Array }[into.dtype];
  const tensor = new target(data.length);
  const block = { width: into.width, height: into.height, data: Uint8Array.from(data) };
  writeTensor(block, recipe({ normalize: steps, channelOrder: bgr ? 'bgr' : 'rgb' }), into, tensor, 0);
  const again = new target(data.length);
  const floats = { ...block, data: Float32Array.from(data) };
  writeTensor(floats, recipe({ normalize: steps, channelOrder: bgr ? 'bgr' : 'rgb' }), into, again, 0);
  expect([...again], 'a float block of the same values gives the same tensor').toEqual([...tensor]);
  return [...tensor];
}

describe('layout and channel order', () => {
  test('NHWC keeps pixels together, NCHW planes', () => {
    expect(write(twoPixels.data, [], spec({ layout: 'NHWC' }))).toEqual([10, 20, 30, 40, 50, 60]);
    expect(write(twoPixels.data, [], spec({ layout: 'NCHW' }))).toEqual([10, 40, 20, 50, 30, 60]);
  });

  test('bgr turns the channels round, and operands count in that order', () => {
    const steps: NormalizeStep[] = [{ op: 'subtract', by: [1, 2, 3] }];
    const float = { dtype: 'float32', layout: 'NCHW' } as const;
    expect(write(twoPixels.data, [], spec({ layout: 'NHWC' }), true)).toEqual([30, 20, 10, 60, 50, 40]);
    expect(write(twoPixels.data, steps, spec(float), true)).toEqual([29, 59, 18, 48, 7, 37]);
    expect(write(twoPixels.data, steps, spec(float))).toEqual([9, 39, 18, 48, 27, 57]);
  });

  test('an image goes to its place in the batch and nowhere else', () => {
    const tensor = new Uint8Array(18).fill(99);
    writeTensor(twoPixels, recipe({}), spec({}), tensor, 6);
    expect([...tensor]).toEqual([99, 99, 99, 99, 99, 99, 10, 40, 20, 50, 30, 60, 99, 99, 99, 99, 99, 99]);
  });
});

test('every step is rounded to float32, in the order of the recipe', () => {
  const steps: NormalizeStep[] = [
    { op: 'divide', by: 255 },
    { op: 'subtract', by: [0.485, 0.456, 0.406] },
    { op: 'divide', by: [0.229, 0.224, 0.225] },
  ];
  const bytes = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  const values = write(bytes, steps, { ...spec({ dtype: 'float32', layout: 'NHWC' }), width: 256 });
  const f = Math.fround;
  const red = (byte: number) => f(f(f(byte / 255) - f(0.485)) / f(0.229));
  expect(values.filter((_, i) => i % 3 === 0)).toEqual(Array.from({ length: 256 }, (_, byte) => red(byte)));
  const inOneGo = Array.from({ length: 256 }, (_, byte) => f((byte / 255 - 0.485) / 0.229));
  expect(values.filter((_, i) => i % 3 === 0)).not.toEqual(inOneGo);
});

describe('integer inputs', () => {
  const ramp = Uint8Array.of(0, 1, 127, 128, 254, 255);

  test('uint8 takes bytes as they are', () => {
    expect(write(ramp, [], spec({ layout: 'NHWC' }))).toEqual([...ramp]);
  });

  test('int8 takes bytes less 128', () => {
    const steps: NormalizeStep[] = [{ op: 'subtract', by: 128 }];
    expect(write(ramp, steps, spec({ layout: 'NHWC', dtype: 'int8' }))).toEqual([
      -128, -127, -1, 0, 126, 127,
    ]);
  });

  test('int8 without that is an error, whatever the image holds', () => {
    expect(() => write(Uint8Array.of(0, 1, 2, 3, 4, 5), [], spec({ dtype: 'int8' }))).toThrow(
      /the value 128, but the model's int8 input holds whole numbers from -128 to 127/,
    );
  });

  test('fractions without a scale are an error', () => {
    expect(() => write(ramp, [{ op: 'divide', by: 255 }], spec({}))).toThrow(/Leave normalize empty/);
  });

  test("with a scale: ONNX's QuantizeLinear, halves to even, saturated", () => {
    const quantization = { scale: 2, zeroPoint: 3 };
    const halves = Uint8Array.of(1, 3, 5, 7, 254, 255);
    expect(write(halves, [], spec({ layout: 'NHWC', quantization }))).toEqual([3, 5, 5, 7, 130, 131]);
    const coarse = { scale: 0.5, zeroPoint: -10 };
    expect(write(halves, [], spec({ layout: 'NHWC', dtype: 'int8', quantization: coarse }))).toEqual([
      -8, -4, 0, 4, 127, 127,
    ]);
  });

  test('the levels of one input are not used for another', () => {
    const once = recipe({});
    const a = new Uint8Array(6);
    const b = new Uint8Array(6);
    writeTensor(twoPixels, once, spec({ quantization: { scale: 1, zeroPoint: 0 } }), a, 0);
    writeTensor(twoPixels, once, spec({ quantization: { scale: 10, zeroPoint: 0 } }), b, 0);
    expect([...b]).toEqual([...a].map((value) => value / 10));
  });
});

test('a block of another size is an error that names both shapes', () => {
  const target = new Float32Array(227 * 227 * 3);
  const wanted: TensorSpec = {
    layout: 'NCHW',
    dtype: 'float32',
    width: 227,
    height: 226,
    quantization: null,
  };
  expect(() => {
    writeTensor(twoPixels, recipe({}), wanted, target, 0);
  }).toThrow("the recipe gives 3x1x2, but the model's input is 3x226x227 (NCHW)");
});

test('a tensor is described by its extremes and mean', () => {
  expect(describeTensor(Float32Array.of(-1, 0, 4))).toEqual({ minimum: -1, mean: 1, maximum: 4 });
  expect(() => describeTensor(new Uint8Array(0))).toThrow(RangeError);
});
