import { ImageError } from './errors.js';
import { roundHalfEven } from './geometry.js';
import { writePlanes } from './planes.js';
import type { NormalizeStep, PixelBlock, Recipe, TensorSpec } from './recipe.js';

/** The elements of one or several input tensors, row-major. */
export type TensorData = Float32Array | Uint8Array | Int8Array;

/** 0 red, 1 green, 2 blue. */
type Colour = 0 | 1 | 2;

/** The colours in the order of the tensor's channels. */
function coloursOf(recipe: Recipe): readonly [Colour, Colour, Colour] {
  return recipe.channelOrder === 'rgb' ? [0, 1, 2] : [2, 1, 0];
}

/**
 * Does the steps to every value of one channel, in place: float32 operand, float32 result after each.
 * (A float64 operation on float32 values, rounded once on storing, is the float32 operation.)
 */
function normalize(values: Float32Array, steps: readonly NormalizeStep[], channel: 0 | 1 | 2): void {
  for (const step of steps) {
    const by = Math.fround(typeof step.by === 'number' ? step.by : step.by[channel]);
    switch (step.op) {
      case 'divide':
        for (let i = 0; i < values.length; i++) values[i] = values[i]! / by;
        break;
      case 'multiply':
        for (let i = 0; i < values.length; i++) values[i] = values[i]! * by;
        break;
      case 'subtract':
        for (let i = 0; i < values.length; i++) values[i] = values[i]! - by;
        break;
      case 'add':
        for (let i = 0; i < values.length; i++) values[i] = values[i]! + by;
        break;
    }
  }
}

const integerRange = { uint8: [0, 255], int8: [-128, 127] } as const;

function notRepresentable(value: number, dtype: 'uint8' | 'int8'): ImageError {
  const [lowest, highest] = integerRange[dtype];
  const plain = dtype === 'int8' ? 'Let normalize subtract 128' : 'Leave normalize empty';
  return new ImageError({
    code: 'value-not-representable',
    what:
      `the recipe gives the value ${value}, but the model's ${dtype} input holds whole numbers from ` +
      `${lowest} to ${highest} and has no scale to quantize by`,
    where: null,
    remedy: `${plain}, or give the input's scale and zero point.`,
  });
}

/**
 * Normalised values as the tensor holds them. Float32 stay; integers are quantized as ONNX's
 * QuantizeLinear does (float32 quotient, rounded half to even, zero point added, saturated), or taken
 * as they are where the input has no scale.
 */
function encode(values: Float32Array, { dtype, quantization }: TensorSpec): TensorData {
  if (dtype === 'float32') return values;
  const [lowest, highest] = integerRange[dtype];
  const encoded = dtype === 'uint8' ? new Uint8Array(values.length) : new Int8Array(values.length);
  if (quantization === null) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isInteger(value) || value < lowest || value > highest) throw notRepresentable(value, dtype);
      encoded[i] = value;
    }
    return encoded;
  }
  const scale = Math.fround(quantization.scale);
  for (let i = 0; i < values.length; i++) {
    const level = roundHalfEven(Math.fround(values[i]! / scale)) + quantization.zeroPoint;
    encoded[i] = Math.min(Math.max(level, lowest), highest);
  }
  return encoded;
}

/** What each byte becomes in the tensor's first, second and third channel. */
type Levels = readonly [TensorData, TensorData, TensorData];

function tabulate(recipe: Recipe, spec: TensorSpec): Levels {
  const channel = (index: 0 | 1 | 2): TensorData => {
    const values = Float32Array.from({ length: 256 }, (_, byte) => byte);
    normalize(values, recipe.normalize, index);
    return encode(values, spec);
  };
  return [channel(0), channel(1), channel(2)];
}

const levelsOfRecipes = new WeakMap<Recipe, Map<string, Levels>>();

/** The recipe's levels for inputs like `spec`, made once. */
function levelsOf(recipe: Recipe, spec: TensorSpec): Levels {
  const known = levelsOfRecipes.get(recipe) ?? new Map<string, Levels>();
  levelsOfRecipes.set(recipe, known);
  const key = `${spec.dtype} ${spec.quantization?.scale} ${spec.quantization?.zeroPoint}`;
  const levels = known.get(key) ?? tabulate(recipe, spec);
  known.set(key, levels);
  return levels;
}

function assertFits(block: PixelBlock, spec: TensorSpec): void {
  if (block.width === spec.width && block.height === spec.height) return;
  const shape = (height: number, width: number) =>
    spec.layout === 'NCHW' ? `3x${height}x${width}` : `${height}x${width}x3`;
  throw new ImageError({
    code: 'tensor-shape',
    what:
      `the recipe gives ${shape(block.height, block.width)}, but the model's input is ` +
      `${shape(spec.height, spec.width)} (${spec.layout})`,
    where: null,
    remedy: `Let the recipe crop or resize to ${spec.width} by ${spec.height}.`,
  });
}

function isFloat(levels: TensorData): levels is Float32Array {
  return levels instanceof Float32Array;
}

function writeBytes(
  bytes: Uint8Array,
  recipe: Recipe,
  spec: TensorSpec,
  target: TensorData,
  offset: number,
): void {
  const levels = levelsOf(recipe, spec);
  const colours = coloursOf(recipe);
  if (spec.layout === 'NCHW' && target instanceof Float32Array && levels.every(isFloat)) {
    writePlanes(bytes, levels, colours, target, offset);
    return;
  }
  const [first, second, third] = levels;
  const [a, b, c] = colours;
  if (spec.layout === 'NHWC') {
    for (let i = 0, at = offset; i < bytes.length; i += 3, at += 3) {
      target[at] = first[bytes[i + a]!]!;
      target[at + 1] = second[bytes[i + b]!]!;
      target[at + 2] = third[bytes[i + c]!]!;
    }
    return;
  }
  const plane = bytes.length / 3;
  for (let i = 0, at = offset; i < bytes.length; i += 3, at++) {
    target[at] = first[bytes[i + a]!]!;
    target[at + plane] = second[bytes[i + b]!]!;
    target[at + 2 * plane] = third[bytes[i + c]!]!;
  }
}

function writeFloats(
  floats: Float32Array,
  recipe: Recipe,
  spec: TensorSpec,
  target: TensorData,
  offset: number,
): void {
  const plane = floats.length / 3;
  const values = new Float32Array(plane);
  coloursOf(recipe).forEach((colour, channel) => {
    for (let i = 0, from = colour as number; i < plane; i++, from += 3) values[i] = floats[from]!;
    normalize(values, recipe.normalize, channel as 0 | 1 | 2);
    const encoded = encode(values, spec);
    if (spec.layout === 'NCHW') {
      target.set(encoded, offset + channel * plane);
    } else {
      for (let i = 0, at = offset + channel; i < plane; i++, at += 3) target[at] = encoded[i]!;
    }
  });
}

/**
 * Writes one prepared image into a batch tensor, from element `offset` on: 3 * width * height elements
 * in the spec's layout, channels in the recipe's order, normalised step by step in float32.
 *
 * `target` is of the spec's dtype. Bytes go through a table of 3 * 256 levels made once a recipe and spec.
 * Throws an ImageError where the block is not of the spec's size (`tensor-shape`), or an integer input
 * without scale can't hold what the recipe gives (`value-not-representable`; for a byte block whenever
 * any byte would not do, whether or not the image has it).
 */
export function writeTensor(
  block: PixelBlock,
  recipe: Recipe,
  spec: TensorSpec,
  target: TensorData,
  offset: number,
): void {
  assertFits(block, spec);
  if (block.data instanceof Uint8Array) writeBytes(block.data, recipe, spec, target, offset);
  else writeFloats(block.data, recipe, spec, target, offset);
}

/** Extremes and mean of a tensor's elements, for a user to see that the values are in the right range. */
export interface TensorSummary {
  readonly minimum: number;
  readonly mean: number;
  readonly maximum: number;
}

/** Throws a RangeError on no elements. */
export function describeTensor(tensor: TensorData): TensorSummary {
  if (tensor.length === 0) throw new RangeError('a tensor without elements has no minimum');
  let minimum = Infinity;
  let maximum = -Infinity;
  let sum = 0;
  for (const value of tensor) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    sum += value;
  }
  return { minimum, mean: sum / tensor.length, maximum };
}
