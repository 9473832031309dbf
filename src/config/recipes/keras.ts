import type { NormalizeStep, Recipe } from '../../image/recipe.js';
import { imagenetMean, imagenetStd, ordinary, squash, type RecipeEntry } from './entry.js';

/** What `load_img(path, target_size=(n, n))` gives: Pillow's decode and Pillow's NEAREST, aspect ratio lost. */
function kerasEntry(
  size: number,
  normalize: readonly NormalizeStep[],
  channelOrder: Recipe['channelOrder'],
  note: string,
): RecipeEntry {
  return {
    recipe: {
      ...ordinary,
      resize: squash(size),
      filter: 'keras-nearest',
      crop: null,
      channelOrder,
      normalize,
    },
    source:
      'keras/src/utils/image_utils.py, load_img (interpolation nearest); keras/src/applications/imagenet_utils.py, preprocess_input',
    note,
  };
}

/** Mode `tf`: x / 127.5 - 1. */
const tfMode: readonly NormalizeStep[] = [
  { op: 'divide', by: 127.5 },
  { op: 'subtract', by: 1 },
];

/** Keras applications as their documentation calls them: load_img, img_to_array, preprocess_input. */
export const keras = {
  'keras-caffe-224': kerasEntry(
    224,
    [{ op: 'subtract', by: [103.939, 116.779, 123.68] }],
    'bgr',
    'Mode caffe: ResNet v1, VGG. BGR minus the mean.',
  ),
  'keras-tf-224': kerasEntry(224, tfMode, 'rgb', 'Mode tf: ResNet v2, MobileNet v1 and v2, NASNet mobile.'),
  'keras-tf-299': kerasEntry(
    299,
    tfMode,
    'rgb',
    'Mode tf at 299: Inception v3, Inception-ResNet v2, Xception.',
  ),
  'keras-torch-224': kerasEntry(
    224,
    [
      { op: 'divide', by: 255 },
      { op: 'subtract', by: imagenetMean },
      { op: 'divide', by: imagenetStd },
    ],
    'rgb',
    'Mode torch: DenseNet.',
  ),
  'keras-raw-224': kerasEntry(
    224,
    [],
    'rgb',
    'EfficientNet, EfficientNet v2, MobileNet v3, ConvNeXt, RegNet: the network normalises 0..255 itself.',
  ),
} as const satisfies Record<string, RecipeEntry>;
