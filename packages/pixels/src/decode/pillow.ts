import sharp, { type OutputInfo, type Sharp } from 'sharp';
import { ImageError, messageOf } from '../errors.js';
import { readHeader, type Header } from '../header.js';
import type { RgbImage } from '../recipe.js';

// One image in flight a worker thread: more threads inside libvips only get in each other's way, and
// its cache would only grow.
sharp.concurrency(1);
sharp.cache(false);

/** Pillow refuses more pixels than this as a decompression bomb (twice its MAX_IMAGE_PIXELS). */
export const maximumPixels = 178_956_970;

/** Full-size decode, no rotation, no colour profile; what a damaged file lacks is an error, not grey. */
function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { ignoreIcc: true, failOn: 'truncated', limitInputPixels: maximumPixels });
}

interface Raw {
  readonly data: Uint8Array;
  readonly info: OutputInfo;
}

/** The first three of every four samples. */
function dropAlpha({ data, info }: Raw): Uint8Array {
  const pixels = info.width * info.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    rgb[i * 3] = data[i * 4]!;
    rgb[i * 3 + 1] = data[i * 4 + 1]!;
    rgb[i * 3 + 2] = data[i * 4 + 2]!;
  }
  return rgb;
}

/** Pillow's `cmyk2rgb`: no profile, (255 - k) - c * (255 - k) / 255 with its rounding division. */
function cmykToRgb({ data, info }: Raw): Uint8Array {
  const pixels = info.width * info.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const light = 255 - data[i * 4 + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = data[i * 4 + channel]! * light + 128;
      rgb[i * 3 + channel] = light - (((product >> 8) + product) >> 8);
    }
  }
  return rgb;
}

/** Pillow's `convert("RGB")` of its mode I;16: levels above 255 are clipped, not scaled. */
function clipGrey16({ data, info }: Raw): Uint8Array {
  const pixels = info.width * info.height;
  const levels = new Uint16Array(data.buffer, data.byteOffset, pixels * info.channels);
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) rgb.fill(Math.min(levels[i * info.channels]!, 255), i * 3, i * 3 + 3);
  return rgb;
}

function unexpectedChannels(expected: string, { info }: Raw): ImageError {
  return new ImageError({
    code: 'image-channels',
    what: `expected ${expected} channels of the decoder but received ${info.channels}`,
    where: null,
    remedy: 'Convert the image to a JPEG or PNG of three channels, or leave it out of the data set.',
  });
}

function toRaw(image: Sharp, depth: 'uchar' | 'ushort' = 'uchar'): Promise<Raw> {
  return image.raw({ depth }).toBuffer({ resolveWithObject: true });
}

async function decodeJpeg(bytes: Uint8Array, components: number): Promise<Raw> {
  switch (components) {
    case 1:
    case 3: {
      const raw = await toRaw(open(bytes));
      if (raw.info.channels !== 3) throw unexpectedChannels('3', raw);
      return raw;
    }
    case 4: {
      const raw = await toRaw(open(bytes).pipelineColourspace('cmyk').toColourspace('cmyk'));
      if (raw.info.channels !== 4) throw unexpectedChannels('4', raw);
      return { ...raw, data: cmykToRgb(raw) };
    }
    default:
      throw new ImageError({
        code: 'image-channels',
        what: `a JPEG of ${components} components: Pillow reads those of 1, 3 and 4`,
        where: null,
        remedy: 'Convert the image, or leave it out of the data set.',
      });
  }
}

async function decodePng(bytes: Uint8Array, bitDepth: number, colourType: number): Promise<Raw> {
  if (colourType === 0 && bitDepth === 16) {
    const raw = await toRaw(open(bytes).toColourspace('grey16'), 'ushort');
    if (raw.info.channels > 2) throw unexpectedChannels('1 or 2', raw);
    return { ...raw, data: clipGrey16(raw) };
  }
  const raw = await toRaw(open(bytes));
  if (raw.info.channels === 3) return raw;
  if (raw.info.channels !== 4) throw unexpectedChannels('3 or 4', raw);
  return { ...raw, data: dropAlpha(raw) };
}

function decodeAs(bytes: Uint8Array, header: Header): Promise<Raw> {
  switch (header.format) {
    case 'jpeg':
      return decodeJpeg(bytes, header.components);
    case 'png':
      return decodePng(bytes, header.bitDepth, header.colourType);
  }
}

/** libvips says each thing several times, on lines of its own. */
function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/^Input buffer has corrupt header: /, '');
}

function undecodable(error: unknown): ImageError {
  const message = firstLine(messageOf(error));
  const truncated = /premature end|truncated/i.test(message);
  return new ImageError({
    code: truncated ? 'image-truncated' : 'image-corrupt',
    what: truncated ? `the file is cut off (${message})` : `the file can't be decoded (${message})`,
    where: null,
    remedy: 'Get the file again from its source.',
    cause: error,
  });
}

/**
 * A JPEG or PNG file as Pillow 13's `Image.open(file).convert("RGB")` gives it, bit for bit: no rotation
 * by EXIF, no colour profile, alpha dropped with the colour under it kept, CMYK by Pillow's own formula,
 * 16-bit grey clipped at 255, 16-bit colour cut to its high bytes. JPEG is libjpeg-turbo's accurate
 * integer DCT with fancy upsampling.
 *
 * Throws an ImageError: `image-truncated`, `image-corrupt`, `image-format`, `image-empty`,
 * `image-channels`, or `image-too-large` (before any pixel is allocated).
 */
export async function decodeLikePillow(bytes: Uint8Array): Promise<RgbImage> {
  const header = readHeader(bytes);
  const { width, height } = header;
  if (width * height > maximumPixels) {
    throw new ImageError({
      code: 'image-too-large',
      what: `the header promises ${width}x${height} pixels, more than the ${maximumPixels} that Pillow accepts`,
      where: null,
      remedy: 'Leave the image out of the data set: it may be a decompression bomb.',
    });
  }
  try {
    const { data, info } = await decodeAs(bytes, header);
    // A plain array: a Buffer's slice would be a view, not a copy.
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    };
  } catch (error) {
    throw error instanceof ImageError ? error : undecodable(error);
  }
}
