import type { FilterName, NormalizeStep, Recipe } from '../../image/recipe.js';
import { crop, ordinary, shortSide, torchvisionNormalize, type RecipeEntry } from './entry.js';

function torchvisionEntry(
  resizeSize: number,
  cropSize: number,
  filter: FilterName,
  note: string,
  normalize: readonly NormalizeStep[] = torchvisionNormalize,
): RecipeEntry {
  const recipe: Omit<Recipe, 'name'> = {
    ...ordinary,
    resize: shortSide(resizeSize),
    filter,
    crop: crop(cropSize),
    normalize,
  };
  return {
    recipe,
    source: `torchvision/transforms/_presets.py, ImageClassification(crop_size=${cropSize}, resize_size=${resizeSize})`,
    note,
  };
}

const tensor = 'torch-bilinear-antialias';

export const torchvision = {
  'torchvision-v1-pil': torchvisionEntry(
    256,
    224,
    'pillow-bilinear',
    'IMAGENET1K_V1 weights on PIL images, as references/classification evaluates them by default.',
  ),
  'torchvision-v2-pil': torchvisionEntry(
    232,
    224,
    'pillow-bilinear',
    'IMAGENET1K_V2 weights of most networks, on PIL images.',
  ),
  'torchvision-bicubic-256-224-pil': torchvisionEntry(
    256,
    224,
    'pillow-bicubic',
    'EfficientNet-B0 and others with InterpolationMode.BICUBIC; the same pixels as timm-bicubic-256-224.',
  ),
  'torchvision-inception-v3-pil': torchvisionEntry(
    342,
    299,
    'pillow-bilinear',
    'Inception v3; the network itself re-scales its input where transform_input is set.',
  ),
  'torchvision-v1-tensor': torchvisionEntry(
    256,
    224,
    tensor,
    'IMAGENET1K_V1 weights on uint8 tensors (--backend tensor), on a processor with AVX2 or later.',
  ),
  'torchvision-v2-tensor': torchvisionEntry(
    232,
    224,
    tensor,
    'IMAGENET1K_V2 weights on uint8 tensors, on a processor with AVX2 or later.',
  ),
  'torchvision-v1-tensor-float': torchvisionEntry(
    256,
    224,
    'torch-bilinear-antialias-float',
    'As torchvision-v1-tensor where torch has no native uint8 kernel (no AVX2): pixels differ by at most 1.',
  ),
  'torchvision-bicubic-256-224-tensor': torchvisionEntry(
    256,
    224,
    'torch-bicubic-antialias',
    'Bicubic on uint8 tensors: near, but not the same as Pillow.',
  ),
  'torchvision-v1-tensor-todtype': torchvisionEntry(
    256,
    224,
    tensor,
    'As torchvision-v1-tensor with transforms.v2.ToDtype(scale=True), which multiplies by 1/255: last bits of the tensor differ.',
    [{ op: 'multiply', by: 1 / 255 }, ...torchvisionNormalize.slice(1)],
  ),
} as const satisfies Record<string, RecipeEntry>;
