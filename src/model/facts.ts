import type { Recipe, TensorSpec } from 'reference-pixels/recipe';
import { ModelError } from '../domain/errors.js';
import type { NetworkFacts } from '../record/provenance.js';
import {
  describePort,
  scoreTypes,
  type Dimension,
  type NetworkDescription,
  type Port,
} from './description.js';

/** What a network is held against: recipe, data set, and what its user says of it. */
export interface Expectation {
  readonly recipe: Recipe;
  /** Classes of the data set. */
  readonly classes: number;
  /** Given by the user: how many leading outputs are no class; null to infer it from the output's width. */
  readonly classOffset: number | null;
  /** Given by the user: the output that holds the scores; null for the only one of the classes' width. */
  readonly output: string | null;
}

/**
 * Holds a network's input and output against the recipe and the data set.
 * @throws ModelError where the model isn't a classifier of this data set or can't take the recipe; both shapes are named.
 */
export function modelFacts(network: NetworkDescription, expected: Expectation, where: string): NetworkFacts {
  const [input] = network.inputs;
  if (input === undefined || network.inputs.length !== 1) {
    throw new ModelError({
      code: 'model-inputs',
      what: `the model takes ${network.inputs.length} inputs (${network.inputs.map(describePort).join(', ')}); a classifier takes one`,
      where,
      remedy: 'Export the classifier with the image as its only input.',
    });
  }
  const output = scoresOutput(network.outputs, expected, where);
  const tensor = tensorSpec(input, expected.recipe, where);
  assertReadable(output, where);
  const outputClasses = classesOf(output, where);
  const [batch] = input.shape;
  return {
    inputName: input.name,
    outputName: output.name,
    tensor,
    fixedBatch: typeof batch === 'number' && batch > 0 ? batch : null,
    batchDimension: typeof batch === 'string' ? batch : null,
    outputClasses,
    classOffset: classOffset(outputClasses, expected, where),
    inputDtype: input.dtype,
    outputDtype: output.dtype,
    inputQuantization: input.quantization,
    outputQuantization: output.quantization,
    scheme: network.scheme,
    parameters: network.parameters,
    opset: network.opset,
    producer: network.producer,
  };
}

/** The output that `output:` names; without it the only one, or the only one as wide as the classes. */
function scoresOutput(outputs: readonly Port[], expected: Expectation, where: string): Port {
  const listed = outputs.map(describePort).join(', ');
  if (expected.output !== null) {
    const named = outputs.find(({ name }) => name === expected.output);
    if (named !== undefined) return named;
    throw new ModelError({
      code: 'model-outputs',
      what: `no output is called ${JSON.stringify(expected.output)}; there are ${listed}`,
      where,
      remedy: "Give one of these names as the model's `output:`, or leave it out.",
    });
  }
  const wide = outputs.length === 1 ? outputs : outputs.filter((port) => isClassWide(port, expected));
  const [only] = wide;
  if (only !== undefined && wide.length === 1) return only;
  throw new ModelError({
    code: 'model-outputs',
    what: `${wide.length === 0 ? 'none' : wide.length} of the model's ${outputs.length} outputs ${wide.length === 0 ? 'has' : 'have'} the width of ${expected.classes} classes: ${listed}`,
    where,
    remedy: "Name the one that holds the class scores as the model's `output:`.",
  });
}

function isClassWide(port: Port, { classes, classOffset }: Expectation): boolean {
  const width = rowWidth(port);
  return width === classes + (classOffset ?? 0) || (classOffset === null && width === classes + 1);
}

function tensorSpec(input: Port, recipe: Recipe, where: string): TensorSpec {
  const { quantization } = input;
  const dtype = /^b?float16$/.test(input.dtype) ? 'float32' : input.dtype;
  if (dtype !== 'float32' && dtype !== 'uint8' && dtype !== 'int8') {
    throw new ModelError({
      code: 'input-dtype',
      what: `the input ${describePort(input)} is ${dtype}; images are fed as float32, float16, bfloat16, uint8 or int8`,
      where,
      remedy:
        'Export the model with a float32, float16, bfloat16, uint8 or int8 input, or put a Cast from float32 before it.',
    });
  }
  const made = recipeSize(recipe);
  const [, second, third, fourth] = input.shape;
  const layout =
    input.shape.length !== 4
      ? null
      : isChannels(second) && !(fourth === 3)
        ? 'NCHW'
        : fourth === 3
          ? 'NHWC'
          : null;
  if (layout === null) throw shapeError(input, made, 'it is neither N x 3 x H x W nor N x H x W x 3', where);
  const [rows, columns] = layout === 'NCHW' ? [third, fourth] : [second, third];
  const height = fits(rows, made?.height);
  const width = fits(columns, made?.width);
  if (height === null || width === null) throw shapeError(input, made, 'the sizes differ', where);
  const normalised = recipe.normalize.length > 0;
  if (dtype !== 'float32' && normalised && quantization === null) {
    throw new ModelError({
      code: 'input-quantization',
      what: `the recipe normalises to float32 and the input ${describePort(input)} is ${dtype} without a scale and zero point to quantize by`,
      where,
      remedy: 'Use a recipe that feeds bytes as they are (normalize: none), e.g. bicubic-256-224-raw.',
    });
  }
  return {
    layout,
    dtype,
    width,
    height,
    quantization: dtype !== 'float32' && normalised ? quantization : null,
  };
}

function isChannels(dimension: Dimension | undefined): boolean {
  return dimension === 3;
}

/** The model's own size where it is fixed, else the recipe's; null where they contradict or neither says. */
function fits(dimension: Dimension | undefined, made: number | undefined): number | null {
  if (typeof dimension === 'number' && dimension > 0)
    return made === undefined || made === dimension ? dimension : null;
  return made ?? null;
}

/** The size that the recipe makes of every image; null where it depends on the image. */
export function recipeSize(recipe: Recipe): { width: number; height: number } | null {
  if (recipe.crop !== null) return { width: recipe.crop.width, height: recipe.crop.height };
  const { resize } = recipe;
  return resize.kind === 'exact' || resize.kind === 'central-square'
    ? { width: resize.width, height: resize.height }
    : null;
}

function shapeError(
  input: Port,
  made: { width: number; height: number } | null,
  why: string,
  where: string,
): ModelError {
  const gives =
    made === null
      ? 'images of varying size'
      : `3 channels of ${made.height} x ${made.width} (height x width)`;
  return new ModelError({
    code: 'model-shape',
    what: `the recipe gives ${gives}, the model takes ${describePort(input)}: ${why}`,
    where,
    remedy: 'Choose a recipe whose crop is the size that the model was trained for.',
  });
}

/** Scores an image; null where the shape is not one row of at least two an image. */
function rowWidth({ shape }: Port): number | null {
  const inner = shape.slice(1);
  const sizes = inner.filter((d): d is number => typeof d === 'number');
  const product = sizes.reduce((width, size) => width * size, 1);
  const isRow = inner.length > 0 && sizes.length === inner.length && Math.max(...sizes) === product;
  return isRow && product >= 2 ? product : null;
}

/** @throws ModelError `output-dtype` before anything is run: of int4 outputs onnxruntime-node aborts the process */
function assertReadable(output: Port, where: string): void {
  if (scoreTypes.includes(output.dtype)) return;
  throw new ModelError({
    code: 'output-dtype',
    what: `the output ${describePort(output)} is ${output.dtype}; scores are read as ${scoreTypes.join(', ')}`,
    where,
    remedy: 'Add a Cast to float32 at the end of the graph.',
  });
}

function classesOf(output: Port, where: string): number {
  const width = rowWidth(output);
  if (width !== null) return width;
  throw new ModelError({
    code: 'output-shape',
    what: `the output ${describePort(output)} is not one row of class scores an image`,
    where,
    remedy: 'The scores must have the shape [N, classes] or [N, classes, 1, 1].',
  });
}

/** Outputs beyond the classes that a model may have: the first Inceptions have 1008, of which the last 7 mean nothing. */
const UNUSED_OUTPUTS = 8;

/**
 * How many of a row's scores stand for a background class before the classes.
 * @throws ModelError `output-classes` where the row is too short or too long for the data set
 */
export function classOffset(
  outputs: number,
  expected: Pick<Expectation, 'classes' | 'classOffset'>,
  where: string,
): number {
  const left = outputs - (expected.classOffset ?? 0) - expected.classes;
  if (expected.classOffset !== null && left >= 0 && left <= UNUSED_OUTPUTS) return expected.classOffset;
  if (expected.classOffset === null && outputs === expected.classes) return 0;
  if (expected.classOffset === null && outputs === expected.classes + 1) return 1;
  throw new ModelError({
    code: 'output-classes',
    what:
      `the model has ${outputs} outputs, the data set ${expected.classes} classes` +
      (expected.classOffset === null
        ? ''
        : ` and class_offset is ${expected.classOffset}` +
          (left > 0 ? `: the last ${left} outputs would be passed over` : '')),
    where,
    remedy: `The output must have ${expected.classes} scores, or ${expected.classes + 1} with a background class first.`,
  });
}
