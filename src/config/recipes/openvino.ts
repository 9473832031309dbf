import {
  crop,
  cropDown,
  ordinary,
  shortSide,
  squash,
  torchvisionNormalize,
  type RecipeEntry,
} from './entry.js';

const checker =
  'openvinotoolkit/open_model_zoo tools/accuracy_checker/openvino/tools/accuracy_checker/preprocessor';

/** Open Model Zoo, as the accuracy-check.yml files have it for the original (not the converted) networks. */
export const openvino = {
  'omz-pytorch-256-224': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'pillow-bilinear',
      crop: crop(224),
      normalize: torchvisionNormalize,
    },
    source: `${checker}; models/public/mobilenet-v2-pytorch/accuracy-check.yml`,
    note: 'pillow_imread, resize and crop with use_pillow, aspect_ratio_scale greater. For the original network.',
  },
  'omz-pytorch-256-224-converted': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'pillow-bilinear',
      crop: crop(224),
      channelOrder: 'bgr',
      normalize: [],
    },
    source: `${checker}; models/public/mobilenet-v2-pytorch/accuracy-check.yml, launcher dlsdk`,
    note: 'The same for the converted network: BGR, 0..255, the network normalises.',
  },
  'omz-opencv-256-224': {
    recipe: {
      ...ordinary,
      resize: shortSide(256),
      filter: 'opencv-linear',
      crop: cropDown(224),
      channelOrder: 'bgr',
      normalize: [],
    },
    source: `${checker}/resize.py and crop.py with their defaults`,
    note: "The checker's own defaults: OpenCV bilinear, aspect_ratio_scale greater, crop rounded down, BGR 0..255. Images smaller than the crop are enlarged by the checker, padded here.",
  },
  'omz-caffe-256-224': {
    recipe: {
      ...ordinary,
      resize: squash(256),
      filter: 'opencv-linear',
      crop: cropDown(224),
      channelOrder: 'bgr',
      normalize: [],
    },
    source: `${checker}/resize.py and crop.py with size: 256 and size: 224`,
    note: 'Straight to 256x256, then the central 224: networks converted from Caffe, which take the mean away themselves.',
  },
} as const satisfies Record<string, RecipeEntry>;
