/** A size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A box in pixels; `left` and `top` may be negative where a crop is larger than its image. */
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * Decoders by name; the library in the name is the one whose bytes are met.
 * `pillow`: libjpeg-turbo's accurate integer DCT with fancy upsampling. `opencv`: `imread`, the same but turned by EXIF,
 * CMYK its own way. `tensorflow-fast-dct`: the default `dct_method`, libjpeg-turbo's fast DCT.
 */
export const decodeNames = ['pillow', 'opencv', 'tensorflow-fast-dct'] as const;
/** Name of a decoder: a word of `decodeNames`. */
export type DecodeName = (typeof decodeNames)[number];

/** Resamplers by name; the library in the name is the one whose bytes are met. */
export const filterNames = [
  'pillow-nearest',
  'pillow-box',
  'pillow-bilinear',
  'pillow-hamming',
  'pillow-bicubic',
  'pillow-lanczos',
  'opencv-linear',
  'opencv-linear-float',
  'opencv-area',
  'opencv-cubic',
  'tensorflow-bilinear',
  'tensorflow-bilinear-legacy',
  'tensorflow-bilinear-antialias',
  'keras-nearest',
  'tflite-bilinear',
  'tflite-bilinear-bytes',
  'torch-bilinear-antialias',
  'torch-bilinear-antialias-float',
  'torch-bicubic-antialias',
  'torch-bicubic-antialias-float',
] as const;
/** Name of a resampler: a word of `filterNames`. */
export type FilterName = (typeof filterNames)[number];

/** How the long side follows from the short one: see `ResizeRule`. */
export const roundings = ['torchvision', 'tensorflow-float32', 'nearest'] as const;

/** How the target size follows from the image's. */
export type ResizeRule =
  | { readonly kind: 'none' }
  /** Straight to this size, aspect ratio lost ("squash"). */
  | { readonly kind: 'exact'; readonly width: number; readonly height: number }
  /**
   * The central square of round(fraction * short side), offset round((side - square) / 2), halves away from zero (the
   * TFLite evaluation tool), straight to width x height.
   */
  | {
      readonly kind: 'central-square';
      readonly fraction: number;
      readonly width: number;
      readonly height: number;
    }
  /**
   * Aspect ratio kept. `cover`: the smallest size that covers the box; `contain`: the largest that fits into it. Both
   * sides are round(side / ratio) in float64, halves to even (timm's ResizeKeepRatio with longest 0 and 1).
   */
  | { readonly kind: 'cover' | 'contain'; readonly width: number; readonly height: number }
  /**
   * The short side becomes `size`.
   * `torchvision`: long side int(size * long / short) in float64, truncated.
   * `tensorflow-float32`: scale = f32(size / short); both sides trunc(f32(side * scale)); the short side can come out one less.
   * `nearest`: long side round(size / short * long) in float64, halves to even (ONNX model zoo).
   */
  | {
      readonly kind: 'short-side';
      readonly size: number;
      readonly rounding: (typeof roundings)[number];
    };

/** How the offset (n - crop) / 2 of a centre crop is rounded: `half-even` as Python's round, `floor` down, `ceil` up. */
export const cropOffsets = ['half-even', 'floor', 'ceil'] as const;

/** Centre crop. */
export interface CropRule {
  readonly width: number;
  readonly height: number;
  readonly offset: (typeof cropOffsets)[number];
  /** Red, green and blue, 0..255, where the crop exceeds the image; not given: 0, as nearly all pipelines have it. */
  readonly fill?: readonly [number, number, number] | undefined;
}

/** A number for all channels, or one for each in the order of `channelOrder`. */
export type Operand = number | readonly [number, number, number];

/**
 * One elementwise float32 operation: operand rounded to float32, result rounded to float32.
 * A framework's normalisation is the list of its operations in its own order.
 */
export type NormalizeStep =
  | { readonly op: 'divide'; readonly by: Operand }
  | { readonly op: 'multiply'; readonly by: Operand }
  | { readonly op: 'subtract'; readonly by: Operand }
  | { readonly op: 'add'; readonly by: Operand };

/** What the resampler sees: bytes 0..255, or float32(pixel * float32(1/255)) as slim's convert_image_dtype makes. */
export const pixelRanges = ['bytes', 'unit'] as const;

/** Order of the channels in a tensor. */
export const channelOrders = ['rgb', 'bgr'] as const;

/** Everything that decides a pixel. No optional fields: what ran is what the report prints. */
export interface Recipe {
  /** The name it was chosen by, null if spelled out. Not part of its identity. */
  readonly name: string | null;
  readonly decode: DecodeName;
  /** Central part kept before the resize (TensorFlow slim: 0.875), null for all of it. */
  readonly centralFraction: number | null;
  readonly range: (typeof pixelRanges)[number];
  readonly resize: ResizeRule;
  /** null if and only if `resize.kind` is `none`. */
  readonly filter: FilterName | null;
  readonly crop: CropRule | null;
  readonly channelOrder: (typeof channelOrders)[number];
  /** Empty: values as they come out of the crop (0..255). */
  readonly normalize: readonly NormalizeStep[];
}

/** A decoded image: RGB bytes, HWC, rows top to bottom without padding; length width * height * 3. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Resized and cropped pixels, RGB, HWC. float32 where the followed library gives float32. */
export interface PixelBlock {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Float32Array;
}

/** Order of an input tensor's dimensions: batch, channels, height, width, or batch, height, width, channels. */
export const tensorLayouts = ['NCHW', 'NHWC'] as const;

/** Element types that an input tensor may have. */
export const tensorDtypes = ['float32', 'uint8', 'int8'] as const;

/** What a model's input tensor looks like. */
export interface TensorSpec {
  readonly layout: (typeof tensorLayouts)[number];
  readonly dtype: (typeof tensorDtypes)[number];
  readonly width: number;
  readonly height: number;
  /** Set where normalised floats are to be quantized for the input: q = clip(rint(x / scale) + zeroPoint). */
  readonly quantization: { readonly scale: number; readonly zeroPoint: number } | null;
}
