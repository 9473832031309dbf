import { cropDown, ordinary, torchvisionNormalize, type RecipeEntry } from './entry.js';

export const onnxModelZoo = {
  'onnx-zoo-256-224': {
    recipe: {
      ...ordinary,
      resize: { kind: 'short-side', size: 256, rounding: 'nearest' },
      filter: 'pillow-bilinear',
      crop: cropDown(224),
      normalize: torchvisionNormalize,
    },
    source: 'onnx/models vision/classification/imagenet_preprocess.py, preprocess',
    note: 'Long side rounded to nearest, crop rounded down. Float32 throughout as NumPy 1 had it; NumPy 2 takes mean and std in float64 and rounds once at the end.',
  },
} as const satisfies Record<string, RecipeEntry>;
