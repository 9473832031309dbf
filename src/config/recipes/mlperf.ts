import { crop, cropDown, ordinary, shortSide, torchvisionNormalize, type RecipeEntry } from './entry.js';

const file = 'mlcommons/inference vision/classification_and_detection/python/dataset.py';

/** MLPerf inference, classification. Its `resize_with_aspectratio` at 87.5 % gives torchvision's sizes; only the crop differs. */
export const mlperf = {
  'mlperf-resnet50': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'opencv-area',
      crop: cropDown(224),
      normalize: [{ op: 'subtract', by: [123.68, 116.78, 103.94] }],
    },
    source: `${file}, pre_process_vgg`,
    note: 'The reference of the closed division for ResNet-50: OpenCV INTER_AREA, crop offset rounded down, mean taken away.',
  },
  'mlperf-mobilenet': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'opencv-linear',
      crop: cropDown(224),
      normalize: [
        { op: 'divide', by: 255 },
        { op: 'subtract', by: 0.5 },
        { op: 'multiply', by: 2 },
      ],
    },
    source: `${file}, pre_process_mobilenet`,
    note: 'MobileNet v1: OpenCV INTER_LINEAR, -1..1.',
  },
  'mlperf-pytorch': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'pillow-bilinear',
      crop: crop(224),
      normalize: torchvisionNormalize,
    },
    source: `${file}, pre_process_imagenet_pytorch`,
    note: 'The PyTorch profile of ResNet-50; the same pixels as torchvision-v1-pil.',
  },
} as const satisfies Record<string, RecipeEntry>;
