import type { FilterName, Recipe } from '../recipe.js';
import { opencv } from './opencv.js';
import { opencvLinearFloat } from './opencv-float.js';
import { pillow } from './pillow.js';
import type { Resampler } from './resampler.js';
import { tensorflow } from './tensorflow.js';
import { tensorflowAntialias } from './tensorflow-antialias.js';
import { tflite } from './tflite.js';
import { torchvision } from './torchvision.js';
import { needsBytes } from './window.js';

/** Every filter a recipe can name. A new one is one file and one line here. */
export const resamplers = {
  'pillow-nearest': pillow.nearest,
  'pillow-box': pillow.box,
  'pillow-bilinear': pillow.bilinear,
  'pillow-hamming': pillow.hamming,
  'pillow-bicubic': pillow.bicubic,
  'pillow-lanczos': pillow.lanczos,
  'opencv-linear': opencv.linear,
  'opencv-linear-float': opencvLinearFloat,
  'opencv-area': opencv.area,
  'opencv-cubic': opencv.cubic,
  'tensorflow-bilinear': tensorflow.bilinear,
  'tensorflow-bilinear-legacy': tensorflow.bilinearLegacy,
  'tensorflow-bilinear-antialias': tensorflowAntialias,
  // `load_img(target_size=...)` resizes with Pillow, by default NEAREST; its other interpolations are Pillow's of the same names.
  'keras-nearest': pillow.nearest,
  'tflite-bilinear': tflite.bilinear,
  'tflite-bilinear-bytes': tflite.bytes,
  'torch-bilinear-antialias': torchvision.bilinear,
  'torch-bilinear-antialias-float': torchvision.bilinearFloat,
  'torch-bicubic-antialias': torchvision.bicubic,
  'torch-bicubic-antialias-float': torchvision.bicubicFloat,
} as const satisfies Record<FilterName, Resampler>;

/** The same for recipes of range `unit`: bytes in, and float32(byte * float32(1/255)) is what is resampled. */
const unitResamplers: Readonly<Partial<Record<FilterName, Resampler>>> = {
  'tensorflow-bilinear': tensorflow.unit.bilinear,
  'tensorflow-bilinear-legacy': tensorflow.unit.bilinearLegacy,
};

/** The resampler of a recipe. Throws an ImageError (`filter-needs-bytes`) where its library takes no floats. */
export function resamplerFor(filter: FilterName, range: Recipe['range']): Resampler {
  if (range === 'bytes') return resamplers[filter];
  const found = unitResamplers[filter];
  if (found === undefined) throw needsBytes(filter);
  return found;
}
