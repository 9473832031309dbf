import { ImageError } from '../../errors.js';
import type { FilterName } from '../recipe.js';
import { pillow } from './pillow.js';
import type { Resampler } from './resampler.js';

/** Stands in the map for a filter that is not built yet. */
function unavailable(name: FilterName, output: Resampler['output']): Resampler {
  return {
    output,
    resample() {
      throw new ImageError({
        code: 'filter-unavailable',
        what: `the filter ${name} is not available in this version`,
        where: null,
        remedy: 'Choose one of the pillow filters.',
      });
    },
  };
}

/** Every filter a recipe can name. A new one is one file and one line here. */
export const resamplers = {
  'pillow-nearest': pillow.nearest,
  'pillow-box': pillow.box,
  'pillow-bilinear': pillow.bilinear,
  'pillow-hamming': pillow.hamming,
  'pillow-bicubic': pillow.bicubic,
  'pillow-lanczos': pillow.lanczos,
  'opencv-linear': unavailable('opencv-linear', 'uint8'),
  'opencv-area': unavailable('opencv-area', 'uint8'),
  'opencv-cubic': unavailable('opencv-cubic', 'uint8'),
  'tensorflow-bilinear': unavailable('tensorflow-bilinear', 'float32'),
  'tensorflow-bilinear-legacy': unavailable('tensorflow-bilinear-legacy', 'float32'),
  'keras-nearest': unavailable('keras-nearest', 'uint8'),
  'torch-bilinear-antialias': unavailable('torch-bilinear-antialias', 'uint8'),
  'torch-bilinear-antialias-float': unavailable('torch-bilinear-antialias-float', 'uint8'),
  'torch-bicubic-antialias': unavailable('torch-bicubic-antialias', 'uint8'),
} as const satisfies Record<FilterName, Resampler>;
