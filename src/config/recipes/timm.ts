import type { FilterName, NormalizeStep } from '../../image/recipe.js';
import {
  crop,
  inceptionNormalize,
  ordinary,
  shortSide,
  torchvisionNormalize,
  type RecipeEntry,
} from './entry.js';

/** timm's scale size: floor(input size / crop_pct), in float64. */
export function timmScaleSize(inputSize: number, cropFraction: number): number {
  return Math.floor(inputSize / cropFraction);
}

/** timm's evaluation transform in crop mode `center`, on PIL images. */
function timmEntry(
  cropFraction: number,
  inputSize: number,
  filter: FilterName,
  normalize: readonly NormalizeStep[],
  note: string,
): RecipeEntry {
  return {
    recipe: {
      ...ordinary,
      resize: shortSide(timmScaleSize(inputSize, cropFraction)),
      filter,
      crop: crop(inputSize),
      normalize,
    },
    source:
      'timm/data/transforms_factory.py, transforms_imagenet_eval: Resize, CenterCrop, MaybeToTensor, Normalize',
    note: `crop_pct ${cropFraction}, input ${inputSize}. ${note}`,
  };
}

const bicubic = 'pillow-bicubic';
const bilinear = 'pillow-bilinear';

/** The loader with prefetcher keeps bytes and takes mean * 255 and std * 255 from them, in float32. */
const loaderNormalize: readonly NormalizeStep[] = [
  { op: 'subtract', by: [0.485 * 255, 0.456 * 255, 0.406 * 255] },
  { op: 'divide', by: [0.229 * 255, 0.224 * 255, 0.225 * 255] },
];

export const timm = {
  'timm-bicubic-256-224': timmEntry(
    0.875,
    224,
    bicubic,
    torchvisionNormalize,
    'The reference: what most timm and pytorch-hub networks of the ResNet age are evaluated with.',
  ),
  'timm-bicubic-248-224': timmEntry(
    0.9,
    224,
    bicubic,
    torchvisionNormalize,
    'Many vision transformers and MLPs with ImageNet mean.',
  ),
  'timm-bicubic-235-224': timmEntry(
    0.95,
    224,
    bicubic,
    torchvisionNormalize,
    'The "a1" to "a3" ResNets, RegNets and later weights.',
  ),
  'timm-bicubic-224-224': timmEntry(
    1,
    224,
    bicubic,
    torchvisionNormalize,
    'No margin: the crop is the whole short side.',
  ),
  'timm-bilinear-256-224': timmEntry(
    0.875,
    224,
    bilinear,
    torchvisionNormalize,
    'The ported torchvision weights ("tv_in1k").',
  ),
  'timm-bilinear-248-224': timmEntry(
    0.9,
    224,
    bilinear,
    torchvisionNormalize,
    'As timm-bicubic-248-224 with the bilinear filter.',
  ),
  'timm-bicubic-256-224-inception': timmEntry(
    0.875,
    224,
    bicubic,
    inceptionNormalize,
    'Mean and deviation 0.5 (MobileNets and EfficientNets ported from TensorFlow).',
  ),
  'timm-bicubic-248-224-inception': timmEntry(
    0.9,
    224,
    bicubic,
    inceptionNormalize,
    'Mean and deviation 0.5: the "augreg" vision transformers.',
  ),
  'timm-bicubic-341-299-inception': timmEntry(
    0.875,
    299,
    bicubic,
    inceptionNormalize,
    'Inception v3, v4 and Inception-ResNet v2.',
  ),
  'timm-bicubic-256-224-loader': timmEntry(
    0.875,
    224,
    bicubic,
    loaderNormalize,
    'As timm-bicubic-256-224 through PrefetchLoader (validate.py): mean*255 and std*255 on bytes; last bits of the tensor differ.',
  ),
} as const satisfies Record<string, RecipeEntry>;
