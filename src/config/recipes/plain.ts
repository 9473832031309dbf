import { crop, ordinary, shortSide, torchvisionNormalize, type RecipeEntry } from './entry.js';

const uncropped = { ...ordinary, resize: { kind: 'none' }, filter: null, crop: null } as const;

/** Recipes of no one framework: data already at size, and models that take bytes. */
export const plain = {
  'crop-224': {
    recipe: { ...uncropped, crop: crop(224), normalize: torchvisionNormalize },
    source: 'torchvision.transforms.CenterCrop(224), ToTensor, Normalize',
    note: 'Centre crop without resize, for images that were resized before; zero padding where an image is smaller.',
  },
  'crop-224-raw': {
    recipe: { ...uncropped, crop: crop(224), normalize: [] },
    source: 'torchvision.transforms.CenterCrop(224)',
    note: 'Centre crop without resize, values 0..255 as they are.',
  },
  'as-is-raw': {
    recipe: { ...uncropped, normalize: [] },
    source: 'none: the decoded bytes',
    note: 'No resize, no crop, values 0..255; every image must have the size of the model input.',
  },
  'bicubic-256-224-raw': {
    recipe: { ...ordinary, resize: shortSide(256), filter: 'pillow-bicubic', crop: crop(224), normalize: [] },
    source: 'torchvision.transforms.Resize(256, BICUBIC), CenterCrop(224) on a PIL image',
    note: 'The reference geometry for models with a uint8 or int8 input (quantized MobileNets): values 0..255.',
  },
  'bilinear-256-224-raw': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'pillow-bilinear',
      crop: crop(224),
      normalize: [],
    },
    source: 'torchvision.transforms.Resize(256), CenterCrop(224) on a PIL image',
    note: 'As bicubic-256-224-raw with the bilinear filter.',
  },
  'scale-0-1': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'pillow-bicubic',
      crop: crop(224),
      normalize: [{ op: 'divide', by: 255 }],
    },
    source: 'torchvision.transforms.Resize(256, BICUBIC), CenterCrop(224), ToTensor',
    note: 'Values 0..1 without mean and deviation, for models that carry their normalisation inside.',
  },
} as const satisfies Record<string, RecipeEntry>;
