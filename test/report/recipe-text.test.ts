import { expect, it } from 'vitest';

import { findRecipe } from '../../src/config/recipes/index.js';
import { recipeSteps } from '../../src/report/recipe-text.js';

it.each([
  ['timm-bicubic-256-224', /^decode as Pillow does$/],
  ['omz-opencv-256-224', /cv2\.imread.*EXIF.*CMYK/],
  ['tf-slim-inception-224', /TensorFlow's fast DCT/],
])('the steps of %s name the decoder that it has', (name, decoder) => {
  expect(recipeSteps(findRecipe(name).recipe)[0]).toMatch(decoder);
});
