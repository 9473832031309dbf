import { ModelError } from '../domain/errors.js';
import type { Recipe, TensorSpec } from '../image/recipe.js';
import {
  countParameters,
  describeScheme,
  inputQuantization,
  portsOf,
  type Dimension,
  type OnnxFile,
  type Port,
} from './onnx-file.js';

/** What is read from the ONNX file itself. */
export interface ModelFacts {
  readonly inputName: string;
  readonly outputName: string;
  readonly tensor: TensorSpec;
  /** null: dynamic. */
  readonly fixedBatch: number | null;
  /** Name of a dynamic batch dimension; null where it is fixed or has none. */
  readonly batchDimension: string | null;
  /** Width of the output, e.g. 1000 or 1001. */
  readonly outputClasses: number;
  /** 1 where output 0 is a background class that is taken off. */
  readonly classOffset: number;
  readonly outputDtype: string;
  /** E.g. `float32`, `QDQ int8 per-channel (activations uint8)`. */
  readonly scheme: string;
  readonly parameters: number;
  readonly opset: number;
  readonly producer: string;
}

export interface Expectation {
  readonly recipe: Recipe;
  /** Classes of the data set. */
  readonly classes: number;
  /** Given by the user: how many leading outputs are no class; null to infer it from the output's width. */
  readonly classOffset: number | null;
}

/**
 * Reads a model's input and output from its file and holds them against the recipe and the data set.
 * @throws ModelError where the model isn't a classifier of this data set or can't take the recipe; both shapes are named.
 */
export function modelFacts(file: OnnxFile, expected: Expectation, where: string): ModelFacts {
  const ports = portsOf(file);
  const [input] = ports.inputs;
  const [output] = ports.outputs;
  if (input === undefined || output === undefined || ports.inputs.length !== 1) {
    throw new ModelError({
      code: 'model-inputs',
      what: `the model takes ${ports.inputs.length} inputs (${ports.inputs.map(describe).join(', ')}); a classifier takes one`,
      where,
      remedy: 'Export the classifier with the image as its only input.',
    });
  }
  const quantization = inputQuantization(file, input.name);
  const tensor = tensorSpec(input, expected.recipe, quantization, where);
  const outputClasses = classesOf(output, where);
  const main = file.opset_import.find((o) => o.domain === '' || o.domain === 'ai.onnx');
  return {
    inputName: input.name,
    outputName: output.name,
    tensor,
    fixedBatch: typeof input.shape[0] === 'number' && input.shape[0] > 0 ? input.shape[0] : null,
    batchDimension: typeof input.shape[0] === 'string' ? input.shape[0] : null,
    outputClasses,
    classOffset: classOffset(outputClasses, expected, where),
    outputDtype: output.dtype,
    scheme: describeScheme(file),
    parameters: countParameters(file),
    opset: main?.version ?? 0,
    producer: `${file.producer_name} ${file.producer_version}`.trim(),
  };
}

/** E.g. `float32 NCHW [batch, 3, 224, 224]`. */
export function describe(port: Port): string {
  return `${port.name}: ${port.dtype} [${port.shape.join(', ')}]`;
}

function tensorSpec(
  input: Port,
  recipe: Recipe,
  quantization: { scale: number; zeroPoint: number } | null,
  where: string,
): TensorSpec {
  const dtype = input.dtype;
  if (dtype !== 'float32' && dtype !== 'uint8' && dtype !== 'int8') {
    throw new ModelError({
      code: 'input-dtype',
      what: `the input ${describe(input)} is ${dtype}; images are fed as float32, uint8 or int8`,
      where,
      remedy: 'Export the model with a float32, uint8 or int8 input.',
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
      what: `the recipe normalises to float32 and the input ${describe(input)} is ${dtype} without a scale and zero point to quantize by`,
      where,
      remedy: 'Use a recipe that feeds bytes as they are (normalize: none), e.g. timm-bicubic-256-224-raw.',
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
  return recipe.resize.kind === 'exact' ? { width: recipe.resize.width, height: recipe.resize.height } : null;
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
    what: `the recipe gives ${gives}, the model takes ${describe(input)}: ${why}`,
    where,
    remedy: 'Choose a recipe whose crop is the size that the model was trained for.',
  });
}

function classesOf(output: Port, where: string): number {
  const inner = output.shape.slice(1);
  const sizes = inner.filter((d): d is number => typeof d === 'number');
  const classes = sizes.reduce((product, size) => product * size, 1);
  if (inner.length === 0 || sizes.length !== inner.length || Math.max(...sizes) !== classes || classes < 2) {
    throw new ModelError({
      code: 'output-shape',
      what: `the output ${describe(output)} is not one row of class scores an image`,
      where,
      remedy: 'The first output must have the shape [N, classes].',
    });
  }
  return classes;
}

function classOffset(outputs: number, expected: Expectation, where: string): number {
  if (expected.classOffset !== null && outputs - expected.classOffset >= expected.classes)
    return expected.classOffset;
  if (expected.classOffset === null && outputs === expected.classes) return 0;
  if (expected.classOffset === null && outputs === expected.classes + 1) return 1;
  throw new ModelError({
    code: 'output-classes',
    what:
      `the model has ${outputs} outputs, the data set ${expected.classes} classes` +
      (expected.classOffset === null ? '' : ` and class_offset is ${expected.classOffset}`),
    where,
    remedy: `The output must have ${expected.classes} scores, or ${expected.classes + 1} with a background class first.`,
  });
}
