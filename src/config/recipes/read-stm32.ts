import * as z from 'zod';
import type { NormalizeStep, Recipe, Size } from 'reference-pixels/recipe';
import {
  crop,
  cropDown,
  imagenetMean,
  imagenetStd,
  normalizeBy,
  ordinary,
  shortSide,
  squash,
  timmScaleSize,
  type Triple,
} from './entry.js';
import { shaped, triple, unreadable, type ReadRecipe, type RecipeFile } from './file-reading.js';

const shape = z.array(z.int().positive()).length(3);

const yamlSchema = z.looseObject({
  general: z.looseObject({ no_prefetcher: z.boolean().optional() }).optional(),
  model: z.looseObject({ framework: z.string().optional(), input_shape: shape.optional() }).optional(),
  training: z.looseObject({ model: z.looseObject({ input_shape: shape.optional() }).nullish() }).nullish(),
  dataset: z.looseObject({ num_classes: z.int().positive().optional() }).optional(),
  preprocessing: z.looseObject({
    rescaling: z.looseObject({ scale: z.union([z.string(), z.number()]), offset: z.number() }).optional(),
    resizing: z
      .looseObject({ interpolation: z.string().optional(), aspect_ratio: z.string().optional() })
      .optional(),
    color_mode: z.string().optional(),
    mean: triple.optional(),
    std: triple.optional(),
  }),
});
type Stm32 = z.infer<typeof yamlSchema>;

/** Whether the content looks like a YAML of STMicroelectronics' model zoo services. */
export function looksLikeStm32(content: unknown): boolean {
  return yamlSchema.safeParse(content).success;
}

function inputSize(config: Stm32, input: Size | null): number {
  const said = config.model?.input_shape ?? config.training?.model?.input_shape;
  if (said !== undefined) {
    const [first, second, third] = said as [number, number, number];
    const [height, width] = first === 3 || first === 1 ? [second, third] : [first, second];
    if (height === width) return height;
  } else if (input?.width === input?.height && input !== null) {
    return input.width;
  }
  throw unreadable(
    'The YAML does not state a square input size, and none is known from the model.',
    'Give the model with the file, or spell the recipe out.',
  );
}

/** `1/127.5` or a number. */
function scaleValue(scale: string | number): number {
  if (typeof scale === 'number') return scale;
  const [numerator, denominator] = scale.split('/').map(Number);
  const value = denominator === undefined ? numerator! : numerator! / denominator;
  if (!Number.isFinite(value)) {
    throw unreadable(`The YAML's rescaling.scale "${scale}" is no number.`, 'Write it as 1/127.5.');
  }
  return value;
}

function pytorch(config: Stm32, size: number): ReadRecipe {
  const { mean = imagenetMean, std = imagenetStd, resizing, rescaling } = config.preprocessing;
  const prefetcher = config.general?.no_prefetcher !== true;
  const timesByte = ([r, g, b]: Triple) => [r * 255, g * 255, b * 255] as const;
  const normalize: readonly NormalizeStep[] = prefetcher
    ? [
        { op: 'subtract', by: timesByte(mean) },
        { op: 'divide', by: timesByte(std) },
      ]
    : normalizeBy(mean, std);
  const ignored = [
    resizing === undefined ? '' : 'resizing',
    rescaling === undefined ? '' : 'rescaling',
  ].filter(Boolean);
  return {
    recipe: {
      name: null,
      ...ordinary,
      resize: shortSide(timmScaleSize(size, 0.875)),
      filter: 'pillow-bicubic',
      crop: crop(size),
      normalize,
    },
    warnings: [
      ...(ignored.length === 0
        ? []
        : [
            `The PyTorch service does not heed ${ignored.join(' and ')} for ImageNet: it takes timm's evaluation transform, bicubic with crop_pct 0.875.`,
          ]),
      ...(config.preprocessing.mean === undefined
        ? ['The YAML does not say mean and std; ImageNet was taken.']
        : []),
    ],
  };
}

/**
 * What keras.layers.Normalization(mean, variance=std ** 2) divides by: sqrt(f32(std * std)) in float32, which can
 * differ from f32(std) in the last bit.
 */
function kerasDeviation(std: Triple): Triple {
  const [red, green, blue] = std;
  return [throughVariance(red), throughVariance(green), throughVariance(blue)];
}

function throughVariance(deviation: number): number {
  return Math.fround(Math.sqrt(Math.fround(deviation * deviation)));
}

function tensorflow(config: Stm32, size: number): ReadRecipe {
  const { resizing, rescaling, mean, std } = config.preprocessing;
  const warnings: string[] = [];
  const aspect = resizing?.aspect_ratio ?? 'fit';
  const interpolation = resizing?.interpolation ?? 'bilinear';
  if (aspect !== 'fit' && aspect !== 'crop') {
    throw unreadable(`The YAML's aspect_ratio "${aspect}" is not followed.`, 'Spell the recipe out instead.');
  }
  if (aspect === 'fit' && interpolation !== 'bilinear') {
    throw unreadable(
      `The YAML's interpolation "${interpolation}" is not followed: only bilinear is.`,
      'Spell the recipe out instead.',
    );
  }
  const withPytorch = config.model?.framework !== undefined;
  if (aspect === 'fit') {
    warnings.push(
      withPytorch
        ? 'Services with a model.framework antialias the resize; those of 2.x and 3.x did not, and the YAML does not state the version. Antialiasing was taken.'
        : 'Services of 2.x and 3.x resize without antialiasing; later ones antialias, and the YAML does not state the version. No antialiasing was taken.',
    );
  }
  const imagenet = withPytorch && size === 224 && (config.dataset?.num_classes ?? 1000) === 1000;
  if (aspect === 'fit' && imagenet) {
    warnings.push(
      'For 1000 classes at 224x224 the service resizes to 256x256 and takes the central 224, whatever the YAML says.',
    );
  }
  const normalize: NormalizeStep[] = [];
  if (rescaling !== undefined) {
    normalize.push({ op: 'multiply', by: scaleValue(rescaling.scale) });
    if (rescaling.offset !== 0) normalize.push({ op: 'add', by: rescaling.offset });
  } else {
    warnings.push('The YAML does not say rescaling; none was taken.');
  }
  if (mean !== undefined && std !== undefined) {
    normalize.push({ op: 'subtract', by: mean }, { op: 'divide', by: kerasDeviation(std) });
  }
  const recipe: Recipe = {
    name: null,
    ...ordinary,
    decode: 'tensorflow-fast-dct',
    ...(aspect === 'crop'
      ? ({ resize: { kind: 'none' }, filter: null, crop: cropDown(size) } as const)
      : imagenet
        ? ({ resize: squash(256), filter: 'tensorflow-bilinear-antialias', crop: cropDown(224) } as const)
        : ({
            resize: squash(size),
            filter: withPytorch ? 'tensorflow-bilinear-antialias' : 'tensorflow-bilinear',
            crop: null,
          } as const)),
    normalize,
  };
  return { recipe, warnings };
}

/** What STMicroelectronics' image classification services do by one of their YAML files. */
export function readStm32({ content, input }: RecipeFile): ReadRecipe {
  const config = shaped(yamlSchema, content, 'a YAML of the STM32 model zoo services');
  const colours = config.preprocessing.color_mode ?? 'rgb';
  if (colours !== 'rgb') {
    throw unreadable(`The YAML's color_mode "${colours}" is not followed.`, 'Spell the recipe out instead.');
  }
  const size = inputSize(config, input);
  return config.model?.framework === 'torch' ? pytorch(config, size) : tensorflow(config, size);
}
