import type { NormalizeStep } from '../../image/recipe.js';
import { cropDown, ordinary, squash, type RecipeEntry } from './entry.js';

const tensorflowDecode = { ...ordinary, decode: 'tensorflow-fast-dct' } as const;

/** Means on the scale 0..255, RGB, without a deviation. */
const channelMeans: readonly NormalizeStep[] = [{ op: 'subtract', by: [123.68, 116.78, 103.94] }];

/** Pipelines that decode and resize inside a TensorFlow graph. XLA-compiled ones differ in the last bits. */
export const tensorflow = {
  'tf-slim-inception-224': {
    recipe: {
      ...tensorflowDecode,
      centralFraction: 0.875,
      range: 'unit',
      resize: squash(224),
      filter: 'tensorflow-bilinear-legacy',
      crop: null,
      normalize: [
        { op: 'subtract', by: 0.5 },
        { op: 'multiply', by: 2 },
      ],
    },
    source: 'tensorflow/models research/slim/preprocessing/inception_preprocessing.py, preprocess_for_eval',
    note: 'Central 87.5 %, then straight to 224x224: MobileNet v1 and v2 (also the quantized ones), Inception.',
  },
  'tf-slim-inception-299': {
    recipe: {
      ...tensorflowDecode,
      centralFraction: 0.875,
      range: 'unit',
      resize: squash(299),
      filter: 'tensorflow-bilinear-legacy',
      crop: null,
      normalize: [
        { op: 'subtract', by: 0.5 },
        { op: 'multiply', by: 2 },
      ],
    },
    source: 'tensorflow/models research/slim/preprocessing/inception_preprocessing.py, preprocess_for_eval',
    note: 'As tf-slim-inception-224 at 299: Inception v3, v4, Inception-ResNet v2.',
  },
  'tf-official-resnet-256-224': {
    recipe: {
      ...tensorflowDecode,
      resize: { kind: 'short-side', size: 256, rounding: 'tensorflow-float32' },
      filter: 'tensorflow-bilinear-legacy',
      crop: cropDown(224),
      normalize: channelMeans,
    },
    source: 'tensorflow/models official/r1/resnet/imagenet_preprocessing.py, preprocess_image',
    note: 'Sizes from float32 products: the short side of some images comes out as 255.',
  },
  'tf-squash-224-raw': {
    recipe: {
      ...tensorflowDecode,
      resize: squash(224),
      filter: 'tensorflow-bilinear',
      crop: null,
      normalize: [],
    },
    source: 'keras/src/utils/image_dataset_utils.py, image_dataset_from_directory(image_size=(224, 224))',
    note: 'tf.image.resize without antialiasing, values 0..255 in float32, for networks that normalise themselves.',
  },
  'tf-squash-224-tf': {
    recipe: {
      ...tensorflowDecode,
      resize: squash(224),
      filter: 'tensorflow-bilinear',
      crop: null,
      normalize: [
        { op: 'divide', by: 127.5 },
        { op: 'subtract', by: 1 },
      ],
    },
    source: 'image_dataset_from_directory(image_size=(224, 224)), then keras preprocess_input in mode tf',
    note: 'As tf-squash-224-raw with x / 127.5 - 1.',
  },
} as const satisfies Record<string, RecipeEntry>;
