import {
  crop,
  cropDown,
  imagenetMean,
  imagenetStd,
  ordinary,
  squash,
  shortSide,
  torchvisionNormalize,
  type RecipeEntry,
} from './entry.js';
import { kerasDeviation } from './keras-normalization.js';

const services = 'STMicroelectronics/stm32ai-modelzoo-services image_classification';
const tensorflowDecode = { ...ordinary, decode: 'tensorflow-fast-dct' } as const;

/** The STM32 model zoo's services. What its YAML says of resizing, its PyTorch service does not follow. */
export const stmicroelectronics = {
  'st-pytorch-224': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'pillow-bicubic',
      crop: crop(224),
      normalize: torchvisionNormalize,
    },
    source: `${services}/pt/wrappers/datasets/imagenet.py, transforms_imagenet_eval(crop_pct=0.875, interpolation='bicubic') of timm`,
    note: 'PyTorch service with no_prefetcher: true, as its evaluation examples have it: HarDNet, MobileNet "_pt" and others. What timm-bicubic-256-224 does, whatever the YAML says of interpolation.',
  },
  'st-pytorch-224-prefetcher': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'pillow-bicubic',
      crop: crop(224),
      normalize: [
        { op: 'subtract', by: [0.485 * 255, 0.456 * 255, 0.406 * 255] },
        { op: 'divide', by: [0.229 * 255, 0.224 * 255, 0.225 * 255] },
      ],
    },
    source: `${services}/pt/src/datasets/dataset_utils.py, create_loader with timm's PrefetchLoader`,
    note: 'PyTorch service with its default prefetcher; what timm-bicubic-256-224-loader does. The same pixels as st-pytorch-224, last bits of the tensor differ.',
  },
  'st-tensorflow-imagenet-224': {
    recipe: {
      ...tensorflowDecode,
      resize: squash(256),
      filter: 'tensorflow-bilinear-antialias',
      crop: cropDown(224),
      normalize: [
        { op: 'multiply', by: 1 / 255 },
        { op: 'subtract', by: imagenetMean },
        { op: 'divide', by: kerasDeviation(imagenetStd) },
      ],
    },
    source: `${services}/tf/src/datasets/utils.py, _preprocess_function with aspect_ratio fit, 224x224 and 1000 classes`,
    note: 'TensorFlow service since its PyTorch support: antialiased squash to 256x256, then the central 224; scale 1/255 with mean and std.',
  },
  'st-tensorflow-fit-224': {
    recipe: {
      ...tensorflowDecode,
      resize: squash(224),
      filter: 'tensorflow-bilinear',
      crop: null,
      normalize: [
        { op: 'multiply', by: 1 / 127.5 },
        { op: 'add', by: -1 },
      ],
    },
    source: `${services}/src/preprocessing/data_loader.py (2.x and 3.x), preprocess_function with aspect_ratio fit`,
    note: 'TensorFlow service of 2.x and 3.x: straight to 224x224 without antialiasing; rescaling 1/127.5, -1.',
  },
  'st-tensorflow-crop-224': {
    recipe: {
      ...tensorflowDecode,
      resize: { kind: 'none' },
      filter: null,
      crop: cropDown(224),
      normalize: [
        { op: 'multiply', by: 1 / 127.5 },
        { op: 'add', by: -1 },
      ],
    },
    source: `${services}, aspect_ratio crop: tf.image.resize_with_crop_or_pad`,
    note: 'No resize at all: the central 224x224, zeros around smaller images.',
  },
} as const satisfies Record<string, RecipeEntry>;
