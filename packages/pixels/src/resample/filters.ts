import { ImageError } from '../errors.js';
import type { FilterName, Recipe } from '../recipe.js';
import { keras } from './keras.js';
import { opencv } from './opencv.js';
import { opencvLinearFloat } from './opencv-float.js';
import { pillow } from './pillow.js';
import type { Resampler } from './resampler.js';
import { tensorflow } from './tensorflow.js';
import { tensorflowAntialias } from './tensorflow-antialias.js';
import { tflite } from './tflite.js';
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
  'opencv-linear-float': opencvLinearFloat,
  'opencv-area': opencv.area,
  'opencv-cubic': opencv.cubic,
  'tensorflow-bilinear': tensorflow.bilinear,
  'tensorflow-bilinear-legacy': tensorflow.bilinearLegacy,
  'tensorflow-bilinear-antialias': tensorflowAntialias,
  'keras-nearest': keras.nearest,
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
  if (found !== undefined) return found;
  throw new ImageError({
    code: 'filter-needs-bytes',
    what: `the filter ${filter} works on bytes, but the recipe's range is unit (floats from 0 to 1)`,
    where: null,
    remedy: 'Set range: bytes, or take tensorflow-bilinear or tensorflow-bilinear-legacy.',
  });
}
