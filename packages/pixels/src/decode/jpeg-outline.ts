import { END_OF_IMAGE, isFrame, QUANTIZERS, RESTART_INTERVAL, START_OF_SCAN } from './jpeg-markers.js';
import { corrupt, truncated } from './refusals.js';

/** A JPEG's frame and first scan, as far as they say where libjpeg's reading ends. */
export interface JpegOutline {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** There may be no other scan: the frame is sequential, and the first scan has all its components. */
  readonly singleScan: boolean;
  /** MCUs of a scan with all components. */
  readonly units: number;
  /** MCUs between two restart markers, 0 for none. */
  readonly restartInterval: number;
  readonly arithmetic: boolean;
  /** Where the first scan's entropy-coded bytes start. */
  readonly scanStart: number;
}

/** Markers whose length Pillow's Python doesn't read: JPG, RST0 to RST7, SOI, EOI, JPG0 to JPG13. */
const isBare = (marker: number): boolean =>
  marker === 0xc8 || (marker >= 0xd0 && marker <= END_OF_IMAGE) || (marker >= 0xf0 && marker <= 0xfd);

const startsWith = (content: Uint8Array, text: string): boolean =>
  String.fromCharCode(...content.subarray(0, text.length)) === text;

/** Photoshop's resource blocks: Pillow fails where the segment ends before a name's length. */
function assertResources(content: Uint8Array): void {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const even = (offset: number) => offset + (offset & 1);
  let at = 14;
  while (startsWith(content.subarray(at), '8BIM') && at + 6 <= content.length) {
    const name = at + 6;
    if (name >= content.length) throw corrupt("the JPEG's Photoshop segment ends within a resource");
    const size = even(name + 1 + content[name]!);
    if (size + 4 > content.length) return;
    at = even(size + 4 + view.getUint32(size));
  }
}

/** Throws where Pillow's reading of an application segment runs past its end. */
function assertApplication(marker: number, content: Uint8Array): void {
  const named = (marker === 0xe0 && 'JFIF') || (marker === 0xee && 'Adobe') || null;
  if (named !== null && startsWith(content, named) && content.length < 7) {
    throw corrupt(`the JPEG's ${named} segment is shorter than its content`);
  }
  if (marker === 0xed && startsWith(content, 'Photoshop 3.0\0')) assertResources(content);
}

/** The first fragment of a colour profile must be long enough to say how many there are. */
function assertProfile(fragments: readonly Uint8Array[]): void {
  const [first] = [...fragments].sort((a, b) => Buffer.compare(a, b));
  if (first !== undefined && first.length < 14) throw corrupt("the JPEG's colour profile is cut off");
}

function assertQuantizers(content: Uint8Array): void {
  for (let at = 0; at < content.length;) {
    const length = content[at]! >> 4 === 0 ? 65 : 129;
    if (content.length - at < length) throw corrupt('a quantization table of the JPEG is too short');
    at += length;
  }
}

interface Frame {
  readonly marker: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly units: number;
}

function frameOf(marker: number, content: Uint8Array): Frame {
  if (content.length < 6) throw corrupt("the JPEG's frame header is shorter than its content");
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const bits = view.getUint8(0);
  if (bits !== 8) throw corrupt(`a JPEG of ${bits} bits a sample: Pillow reads those of 8`);
  if (content.length % 3 !== 0) throw corrupt("the JPEG's frame header ends within a component");
  const [height, width, components] = [view.getUint16(1), view.getUint16(3), view.getUint8(5)];
  const factors = Array.from({ length: content.length / 3 - 2 }, (_, i) => content[7 + i * 3]!);
  // The blocks of a lone component aren't interleaved, whatever its factors are.
  const most = (factor: (byte: number) => number) =>
    factors.length < 2 ? 1 : Math.max(1, ...factors.map(factor));
  const across = Math.ceil(width / (8 * most((byte) => byte >> 4)));
  const down = Math.ceil(height / (8 * most((byte) => byte & 15)));
  return { marker, width, height, components, units: across * down };
}

/**
 * Reads a JPEG up to its first scan as Pillow 13 does in Python (JpegImagePlugin.py).
 * Throws an ImageError (`image-corrupt`, `image-truncated`) where Pillow raises.
 */
export function outlineOf(bytes: Uint8Array): JpegOutline {
  let frame: Frame | null = null;
  let restartInterval = 0;
  let profile: Uint8Array[] = [];
  for (let at = 2; ;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) throw truncated('the JPEG ends before any scan');
    const marker = bytes[at + 1]!;
    at += marker === 0xff ? 1 : 2;
    if (marker === END_OF_IMAGE) throw corrupt('the JPEG ends before its picture, and begins again');
    if (marker === 0xff || marker === 0 || isBare(marker)) continue;
    if (marker < 0xc0) throw corrupt(`the JPEG has an unknown marker (0x${marker.toString(16)})`);
    const end = at + Math.max(2, (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0));
    if (end > bytes.length) throw truncated('the JPEG ends within a segment');
    const content = bytes.subarray(at + 2, end);
    at = end;
    if (isFrame(marker)) {
      assertProfile(profile);
      profile = [];
      frame = frameOf(marker, content);
    } else if (marker === QUANTIZERS) {
      assertQuantizers(content);
    } else if (marker === RESTART_INTERVAL) {
      restartInterval = (content[0] ?? 0) * 256 + (content[1] ?? 0);
    } else if (marker === 0xe2 && startsWith(content, 'ICC_PROFILE\0')) {
      profile.push(content);
    } else if (marker >= 0xe0 && marker <= 0xef) {
      assertApplication(marker, content);
    } else if (marker === START_OF_SCAN) {
      if (frame === null) throw corrupt("the JPEG's scan begins before any frame header");
      const sequential = frame.marker === 0xc0 || frame.marker === 0xc1 || frame.marker === 0xc9;
      return {
        ...frame,
        singleScan: sequential && content[0] === frame.components,
        restartInterval,
        arithmetic: frame.marker >= 0xc9,
        scanStart: end,
      };
    }
  }
}
