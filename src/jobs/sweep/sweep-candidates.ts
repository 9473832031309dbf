import type { FilterName, NormalizeStep, Recipe } from 'reference-pixels/recipe';
import {
  imagenetMean,
  imagenetStd,
  inceptionNormalize,
  ordinary,
  shortSide,
  squash,
  crop,
  timmScaleSize,
  torchvisionNormalize,
} from '../../config/recipes/entry.js';
import type { NetworkFacts } from '../../record/provenance.js';

/** How pixels become values. */
export type Scaling = Pick<Recipe, 'channelOrder' | 'normalize'>;
/** How an image becomes a crop. */
export type Shape = Pick<Recipe, 'centralFraction' | 'range' | 'resize' | 'filter' | 'crop'>;

/** Caffe's means of ImageNet on the scale 0..255, blue first. */
const caffeMean = [103.939, 116.779, 123.68] as const;

/**
 * The scalings that a model with this input can have been trained with, the commonest first: ImageNet's mean and
 * deviation, 0..1, -1..1, 0..255 and Caffe's means, each in RGB and BGR. An input of whole numbers without a scale takes
 * bytes as they are.
 */
export function sensibleScalings({ tensor }: Pick<NetworkFacts, 'tensor'>): Scaling[] {
  if (tensor.dtype !== 'float32') {
    const normalize: NormalizeStep[] = tensor.dtype === 'int8' ? [{ op: 'subtract', by: 128 }] : [];
    return [
      { channelOrder: 'rgb', normalize },
      { channelOrder: 'bgr', normalize },
    ];
  }
  const plain: readonly (readonly NormalizeStep[])[] = [[{ op: 'divide', by: 255 }], inceptionNormalize, []];
  const [red, green, blue] = imagenetMean;
  const [redStd, greenStd, blueStd] = imagenetStd;
  const [caffeBlue, caffeGreen, caffeRed] = caffeMean;
  return [
    { channelOrder: 'rgb', normalize: torchvisionNormalize },
    ...plain.map((normalize): Scaling => ({ channelOrder: 'rgb', normalize })),
    { channelOrder: 'bgr', normalize: [{ op: 'subtract', by: caffeMean }] },
    {
      channelOrder: 'bgr',
      normalize: [
        { op: 'divide', by: 255 },
        { op: 'subtract', by: [blue, green, red] },
        { op: 'divide', by: [blueStd, greenStd, redStd] },
      ],
    },
    ...plain.map((normalize): Scaling => ({ channelOrder: 'bgr', normalize })),
    { channelOrder: 'rgb', normalize: [{ op: 'subtract', by: [caffeRed, caffeGreen, caffeBlue] }] },
  ];
}

/**
 * The ways to a square crop that models of this input are commonly trained with; the first is the commonest. An input of
 * whole numbers takes those resamplers only that give bytes.
 */
export function sensibleShapes({ tensor }: Pick<NetworkFacts, 'tensor'>): Shape[] {
  return shapesOf(tensor.width).filter(
    ({ filter }) => tensor.dtype === 'float32' || filter?.startsWith('tensorflow-') !== true,
  );
}

function shapesOf(side: number): Shape[] {
  const whole = { centralFraction: null, range: 'bytes' } as const;
  const short = (fraction: number, filter: FilterName): Shape => ({
    ...whole,
    resize: shortSide(timmScaleSize(side, fraction)),
    filter,
    crop: crop(side),
  });
  const squashed = (filter: FilterName, centralFraction: number | null): Shape => ({
    ...whole,
    centralFraction,
    resize: squash(side),
    filter,
    crop: null,
  });
  return [
    short(0.875, 'pillow-bicubic'),
    short(0.875, 'pillow-bilinear'),
    short(0.875, 'opencv-linear'),
    short(0.875, 'opencv-area'),
    short(0.875, 'tensorflow-bilinear'),
    short(0.875, 'pillow-lanczos'),
    short(0.875, 'pillow-nearest'),
    short(0.9, 'pillow-bicubic'),
    short(0.95, 'pillow-bicubic'),
    short(1, 'pillow-bicubic'),
    squashed('pillow-bicubic', null),
    squashed('pillow-bilinear', null),
    squashed('pillow-nearest', null),
    squashed('tensorflow-bilinear', 0.875),
    { ...whole, resize: { kind: 'none' }, filter: null, crop: crop(side) },
  ];
}

/** The recipe that shapes and scales so. */
export function recipeOf({ channelOrder, normalize }: Scaling, shape: Shape): Recipe {
  return { name: null, ...ordinary, ...shape, channelOrder, normalize };
}
