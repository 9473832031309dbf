import type { FilterName } from '../recipe.js';
import { keras } from './keras.js';
import { opencv } from './opencv.js';
import { pillow } from './pillow.js';
import type { Resampler } from './resampler.js';
import { tensorflow } from './tensorflow.js';
import { tensorflowAntialias } from './tensorflow-antialias.js';
import { torchvision } from './torchvision.js';

/** Every filter a recipe can name. A new one is one file and one line here. */
export const resamplers = {
  'pillow-nearest': pillow.nearest,
  'pillow-box': pillow.box,
  'pillow-bilinear': pillow.bilinear,
  'pillow-hamming': pillow.hamming,
  'pillow-bicubic': pillow.bicubic,
  'pillow-lanczos': pillow.lanczos,
  'opencv-linear': opencv.linear,
  'opencv-area': opencv.area,
  'opencv-cubic': opencv.cubic,
  'tensorflow-bilinear': tensorflow.bilinear,
  'tensorflow-bilinear-legacy': tensorflow.bilinearLegacy,
  'tensorflow-bilinear-antialias': tensorflowAntialias,
  'keras-nearest': keras.nearest,
  'torch-bilinear-antialias': torchvision.bilinear,
  'torch-bilinear-antialias-float': torchvision.bilinearFloat,
  'torch-bicubic-antialias': torchvision.bicubic,
} as const satisfies Record<FilterName, Resampler>;
