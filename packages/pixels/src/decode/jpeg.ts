import type { OutputInfo, Sharp } from 'sharp';
import { ImageError, messageOf } from '../errors.js';
import { loadSharp } from '../sharp.js';
import { assertEndsWell } from './jpeg-end.js';
import { outlineOf } from './jpeg-outline.js';
import { corrupt, truncated } from './refusals.js';
import type { RgbImage } from '../recipe.js';

const sharp = loadSharp();
// One image in flight a worker thread: more threads inside libvips only get in each other's way, and
// its cache would only grow.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Full-size decode, no rotation, no colour profile; what a damaged file lacks is an error, not grey. `unlimited`:
 * libvips gives a JPEG up at its hundredth warning, Pillow at none.
 */
function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { ignoreIcc: true, failOn: 'truncated', unlimited: true, limitInputPixels: false });
}

interface Raw {
  readonly data: Uint8Array;
  readonly info: OutputInfo;
}

/** A colour of CMYK to one of RGB. Both numbers are as Adobe stores them: 255 where there is no ink, and no black. */
export type InkRule = (ink: number, light: number) => number;

/** Pillow's `cmyk2rgb`: no profile, (255 - k) - c * (255 - k) / 255 with its rounding division. */
const pillowInks: InkRule = (ink, light) => {
  const product = (255 - ink) * light + 128;
  return light - (((product >> 8) + product) >> 8);
};

function cmykToRgb({ data, info }: Raw, inks: InkRule): Uint8Array {
  const pixels = info.width * info.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const light = 255 - data[i * 4 + 3]!;
    // libvips gives the amount of each ink.
    rgb[i * 3] = inks(255 - data[i * 4]!, light);
    rgb[i * 3 + 1] = inks(255 - data[i * 4 + 1]!, light);
    rgb[i * 3 + 2] = inks(255 - data[i * 4 + 2]!, light);
  }
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

function toRaw(image: Sharp): Promise<Raw> {
  return image.raw().toBuffer({ resolveWithObject: true });
}

async function decodeComponents(bytes: Uint8Array, components: number, inks: InkRule): Promise<Raw> {
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
      return { ...raw, data: cmykToRgb(raw, inks) };
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

/** libvips says each thing several times, on lines of its own. */
function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/^Input buffer has corrupt header: /, '');
}

function undecodable(error: unknown): ImageError {
  const message = firstLine(messageOf(error));
  return /premature end|truncated/i.test(message)
    ? truncated(`the file is cut off (${message})`, error)
    : corrupt(`the file can't be decoded (${message})`, error);
}

/**
 * A JPEG file as Pillow 13 reads it: libjpeg-turbo's accurate integer DCT with fancy upsampling.
 * `assertSize` is told the size before any pixel is decoded.
 *
 * Throws an ImageError (`image-truncated`, `image-corrupt`, `image-channels`) for what Pillow refuses.
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  assertSize: (width: number, height: number) => void,
  inks: InkRule = pillowInks,
): Promise<RgbImage> {
  const outline = outlineOf(bytes);
  assertSize(outline.width, outline.height);
  assertEndsWell(bytes, outline);
  try {
    const { data, info } = await decodeComponents(bytes, outline.components, inks);
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
