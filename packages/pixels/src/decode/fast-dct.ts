import { assertSize, decodeLikePillow } from './pillow.js';
import { readHeader } from '../header.js';
import { segmentsOf, type Frame, type FrameComponent, type Scan } from './jpeg-segments.js';
import { corrupt, tooLarge, truncated, unsupported } from './refusals.js';
import { Deadline } from './deadline.js';
import { Kernel } from '../kernel.js';
import type { RgbImage } from '../recipe.js';

interface FastDctKernel {
  readonly buildTable: (lengths: number, table: number) => number;
  readonly beginScan: (
    file: number,
    end: number,
    scratch: number,
    components: number,
    count: number,
    unitsAcross: number,
    restartInterval: number,
    progressive: boolean,
    spectralStart: number,
    spectralEnd: number,
    approximationHigh: number,
    approximationLow: number,
  ) => void;
  readonly decodeRows: (first: number, end: number) => number;
  readonly inverse: (
    coefficients: number,
    blockStride: number,
    across: number,
    down: number,
    multipliers: number,
    plane: number,
    stride: number,
  ) => void;
  readonly wider: (row: number, count: number, sums: number, target: number) => void;
  readonly widerAndTaller: (near: number, far: number, count: number, sums: number, target: number) => void;
  readonly taller: (near: number, far: number, count: number, bias: number, target: number) => void;
  readonly repeated: (row: number, count: number, times: number, target: number) => void;
  readonly colourRow: (y: number, cb: number, cr: number, count: number, target: number) => void;
  readonly packRow: (red: number, green: number, blue: number, count: number, target: number) => void;
}

const kernel = new Kernel<FastDctKernel>(new URL('../../wasm/fast-dct.wasm', import.meta.url));

/** Position in a block, row by row, of each coefficient in file order. */
const zigzag = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
] as const;

/**
 * The scale of the fast DCT's coefficients on one axis, cos(k pi / 16) sqrt(2), and with 14 fractional bits for
 * each pair of axes as libjpeg rounds them (jddctmgr.c).
 */
const axisScales = Array.from({ length: 8 }, (_, k) =>
  k === 0 ? 1 : Math.cos((k * Math.PI) / 16) * Math.SQRT2,
);
const blockScales = axisScales.flatMap((row) => axisScales.map((column) => Math.round(row * column * 16384)));

/** A component's quantizer times the transform's scale, 2 fractional bits, in natural order. */
function multipliersOf(values: readonly number[]): Int16Array {
  const multipliers = new Int16Array(64);
  zigzag.forEach((position, index) => {
    multipliers[position] = (values[index]! * blockScales[position]! + 2048) >> 12;
  });
  return multipliers;
}

/** A component with its sizes and where its parts lie in the kernel's memory. */
interface Plane extends FrameComponent {
  /** Samples of the image, without what fills up blocks. */
  readonly width: number;
  readonly height: number;
  /** Blocks with coefficients, those that fill up MCUs included. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** How many pixels one sample stands for. */
  readonly repeatAcross: number;
  readonly repeatDown: number;
  readonly stride: number;
  readonly coefficients: number;
  readonly samples: number;
  /** A row of it brought to the image's width. */
  readonly line: number;
}

interface Layout {
  readonly bytes: Uint8Array;
  readonly file: number;
  readonly scratch: number;
  readonly tables: number;
  readonly scanComponents: number;
  readonly multipliers: number;
  readonly sums: number;
  readonly rgb: number;
  readonly planes: readonly Plane[];
  readonly unitsAcross: number;
  readonly unitsDown: number;
}

const tableBytes = 5520;

/** The kernel's memory, or an error of the image where its header promises more than WebAssembly can address. */
function reserve(...lengths: readonly number[]): ReturnType<typeof kernel.reserve> {
  try {
    return kernel.reserve(...lengths);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw tooLarge('the header promises more pixels than there is memory for', error);
  }
}

function layOut(file: Uint8Array, frame: Frame): Layout {
  const most = (side: (component: FrameComponent) => number) => Math.max(...frame.components.map(side));
  const mostAcross = most((component) => component.across);
  const mostDown = most((component) => component.down);
  const unitsAcross = Math.ceil(frame.width / (8 * mostAcross));
  const unitsDown = Math.ceil(frame.height / (8 * mostDown));
  const measured = frame.components.map((component) => {
    if (mostAcross % component.across !== 0 || mostDown % component.down !== 0) {
      throw unsupported('a JPEG whose components are sampled in fractions of each other');
    }
    const blocksAcross = unitsAcross * component.across;
    return {
      ...component,
      width: Math.ceil((frame.width * component.across) / mostAcross),
      height: Math.ceil((frame.height * component.down) / mostDown),
      blocksAcross,
      blocksDown: unitsDown * component.down,
      repeatAcross: mostAcross / component.across,
      repeatDown: mostDown / component.down,
      // Row kernels read and write whole vectors.
      stride: blocksAcross * 8 + 16,
    };
  });
  const lineBytes = unitsAcross * mostAcross * 8 + 64;
  const { bytes, addresses } = reserve(
    file.length + 16,
    file.length + 64,
    tableBytes * 8,
    32 * 4,
    128,
    lineBytes * 2,
    frame.width * frame.height * 3 + 64,
    ...measured.flatMap(({ blocksAcross, blocksDown, stride }) => [
      blocksAcross * blocksDown * 128,
      stride * blocksDown * 8,
      lineBytes,
    ]),
  );
  const [fileAt, scratch, tables, scanComponents, multipliers, sums, rgb, ...rest] = addresses as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    ...number[],
  ];
  bytes.set(file, fileAt);
  const planes = measured.map((component, index): Plane => {
    const [coefficients, samples, line] = rest.slice(index * 3) as [number, number, number];
    bytes.fill(0, coefficients, coefficients + component.blocksAcross * component.blocksDown * 128);
    return { ...component, coefficients, samples, line };
  });
  const places = { bytes, file: fileAt, scratch, tables, scanComponents, multipliers, sums, rgb };
  return { ...places, planes, unitsAcross, unitsDown };
}

/** What scans need beside the frame; later segments replace earlier ones. */
interface Tables {
  readonly quantizers: Map<number, readonly number[]>;
  /** By use and number: offset of the table's counts in the file. */
  readonly huffman: Map<string, number>;
  restartInterval: number;
}

/** Builds a Huffman table for the kernel and gives its address; `slot` 0 to 7. */
function builtTable(layout: Layout, tables: Tables, use: 'dc' | 'ac', table: number, slot: number): number {
  const at = tables.huffman.get(`${use} ${table}`);
  if (at === undefined)
    throw corrupt(`a scan of the JPEG uses a Huffman table (${use} ${table}) that it lacks`);
  const symbols = layout.bytes
    .subarray(layout.file + at, layout.file + at + 16)
    .reduce((sum, n) => sum + n, 0);
  const values = layout.bytes.subarray(layout.file + at + 16, layout.file + at + 16 + symbols);
  if (use === 'dc' && values.some((size) => size > 15)) {
    throw corrupt('a Huffman table of the JPEG has differences of more than 15 bits');
  }
  const address = layout.tables + slot * tableBytes;
  if (kernel.call.buildTable(layout.file + at, address) !== 0) {
    throw corrupt('a Huffman table of the JPEG has more codes than their lengths allow');
  }
  return address;
}

/** Blocks or MCUs between two looks at the clock: some milliseconds. */
const unitsAtOnce = 65_536;

/** From 0 to `count` in stretches of `length`: where each starts and ends. */
function* stretches(count: number, length: number): Generator<readonly [number, number]> {
  for (let first = 0; first < count; first += length) yield [first, Math.min(count, first + length)];
}

function checkScan(frame: Frame, scan: Scan): void {
  const { spectralStart: start, spectralEnd: end, components } = scan;
  const wellFormed = frame.progressive
    ? end <= 63 && start <= end && (start === 0 ? end === 0 : components.length === 1)
    : components.length > 0;
  const refines = scan.approximationHigh !== 0;
  const inSteps = !refines || !frame.progressive || scan.approximationLow === scan.approximationHigh - 1;
  if (!wellFormed || !inSteps || scan.approximationLow > 13) {
    throw corrupt('a scan header of the JPEG contradicts its frame');
  }
}

/** Decodes the scan whose entropy-coded bytes start at offset `start`; returns the offset where they end. */
function decodeScan(
  layout: Layout,
  frame: Frame,
  scan: Scan,
  tables: Tables,
  start: number,
  length: number,
  deadline: Deadline,
): number {
  checkScan(frame, scan);
  const alone = scan.components.length === 1;
  const entries = new Int32Array(layout.bytes.buffer, layout.scanComponents, 32);
  const planes = scan.components.map(({ id, dcTable, acTable }, index) => {
    const plane = layout.planes.find((candidate) => candidate.id === id);
    if (plane === undefined) throw corrupt('a scan of the JPEG has a component that its frame lacks');
    const needsDc = scan.spectralStart === 0 && scan.approximationHigh === 0;
    const needsAc = !frame.progressive || scan.spectralStart > 0;
    entries.set(
      [
        plane.coefficients,
        plane.blocksAcross,
        alone ? 1 : plane.across,
        alone ? 1 : plane.down,
        needsDc ? builtTable(layout, tables, 'dc', dcTable, index * 2) : 0,
        needsAc ? builtTable(layout, tables, 'ac', acTable, index * 2 + 1) : 0,
        0,
        0,
      ],
      index * 8,
    );
    return plane;
  });
  const only = planes[0]!;
  const unitsAcross = alone ? Math.ceil(only.width / 8) : layout.unitsAcross;
  const unitsDown = alone ? Math.ceil(only.height / 8) : layout.unitsDown;
  kernel.call.beginScan(
    layout.file + start,
    layout.file + length,
    layout.scratch,
    layout.scanComponents,
    planes.length,
    unitsAcross,
    tables.restartInterval,
    frame.progressive,
    scan.spectralStart,
    scan.spectralEnd,
    scan.approximationHigh,
    scan.approximationLow,
  );
  let end = 0;
  for (const [first, last] of stretches(unitsDown, Math.ceil(unitsAtOnce / unitsAcross))) {
    deadline.assertAhead();
    end = kernel.call.decodeRows(first, last);
    if (end <= 2) break;
  }
  switch (end) {
    case 0:
      throw corrupt('a scan of the JPEG has a code that its Huffman table lacks');
    case 1:
      throw truncated('the JPEG is cut off');
    case 2:
      throw corrupt('a restart marker of the JPEG is missing');
    default:
      return end - layout.file;
  }
}

/** Coefficients to samples, with the quantizer that held when the component's first scan began. */
function invert(layout: Layout, plane: Plane, quantizer: readonly number[], deadline: Deadline): void {
  new Int16Array(layout.bytes.buffer, layout.multipliers, 64).set(multipliersOf(quantizer));
  const { blocksAcross, stride } = plane;
  for (const [first, last] of stretches(Math.ceil(plane.height / 8), Math.ceil(unitsAtOnce / blocksAcross))) {
    deadline.assertAhead();
    kernel.call.inverse(
      plane.coefficients + first * blocksAcross * 128,
      blocksAcross,
      Math.ceil(plane.width / 8),
      last - first,
      layout.multipliers,
      plane.samples + first * 8 * stride,
      stride,
    );
  }
}

/** Address of the samples of image row `y`, brought to the image's width as libjpeg's fancy upsampling does. */
function fullRow(layout: Layout, plane: Plane, y: number): number {
  const { repeatAcross, repeatDown, width, height, samples, stride, line } = plane;
  const row = Math.floor(y / repeatDown);
  const near = samples + row * stride;
  const isUpper = y % repeatDown === 0;
  const farRow = isUpper ? Math.max(row - 1, 0) : Math.min(row + 1, height - 1);
  const far = samples + farRow * stride;
  if (repeatAcross === 1 && repeatDown === 1) return near;
  if (repeatAcross === 2 && repeatDown === 1 && width > 2) kernel.call.wider(near, width, layout.sums, line);
  else if (repeatAcross === 2 && repeatDown === 2 && width > 2) {
    kernel.call.widerAndTaller(near, far, width, layout.sums, line);
  } else if (repeatAcross === 1 && repeatDown === 2)
    kernel.call.taller(near, far, width, isUpper ? 1 : 2, line);
  else kernel.call.repeated(near, width, repeatAcross, line);
  return line;
}

/** What the samples mean: libjpeg's rule (jdapimin.c), JFIF before Adobe before the components' ids. */
type ColourSpace = 'grey' | 'ycc' | 'rgb' | 'cmyk' | 'ycck';

interface Application {
  jfif: boolean;
  /** Null without an Adobe marker. */
  adobeTransform: number | null;
}

function colourSpaceOf(frame: Frame, { jfif, adobeTransform }: Application): ColourSpace {
  switch (frame.components.length) {
    case 1:
      return 'grey';
    case 3: {
      if (jfif) return 'ycc';
      if (adobeTransform !== null) return adobeTransform === 0 ? 'rgb' : 'ycc';
      return String.fromCharCode(...frame.components.map(({ id }) => id)) === 'RGB' ? 'rgb' : 'ycc';
    }
    case 4:
      return adobeTransform === 2 ? 'ycck' : 'cmyk';
    default:
      throw unsupported(`a JPEG of ${frame.components.length} components`);
  }
}

/** TensorFlow's CMYK to RGB of one row (core/lib/jpeg/jpeg_mem.cc); Adobe's files hold inverted inks. */
function inkRow(rgb: Uint8Array, black: Uint8Array, space: 'cmyk' | 'ycck', adobe: boolean): void {
  for (let i = 0; i < rgb.length; i++) {
    const ink = space === 'ycck' ? 255 - rgb[i]! : rgb[i]!;
    const key = black[Math.floor(i / 3)]!;
    rgb[i] = Math.trunc((adobe ? key * ink : (255 - key) * (255 - ink)) / 255);
  }
}

function colour(layout: Layout, frame: Frame, application: Application, deadline: Deadline): Uint8Array {
  const space = colourSpaceOf(frame, application);
  const { width, height } = frame;
  const converted = space === 'ycc' || space === 'ycck';
  for (let y = 0; y < height; y++) {
    deadline.assertAhead();
    const rows = layout.planes.map((plane) => fullRow(layout, plane, y));
    const [first, second, third] = [rows[0]!, rows[1] ?? rows[0]!, rows[2] ?? rows[0]!];
    const target = layout.rgb + y * width * 3;
    if (converted) kernel.call.colourRow(first, second, third, width, target);
    else kernel.call.packRow(first, second, third, width, target);
    if (space === 'cmyk' || space === 'ycck') {
      const pixels = layout.bytes.subarray(target, target + width * 3);
      inkRow(
        pixels,
        layout.bytes.subarray(rows[3], rows[3]! + width),
        space,
        application.adobeTransform !== null,
      );
    }
  }
  return layout.bytes.slice(layout.rgb, layout.rgb + width * height * 3);
}

/** How far the scans of a progressive JPEG have told each coefficient: how many low bits are missing, -1 for all. */
class Progression {
  readonly #missing: ReadonlyMap<number, Int8Array>;

  constructor(frame: Frame) {
    this.#missing = new Map(frame.components.map(({ id }) => [id, new Int8Array(64).fill(-1)]));
  }

  add({ components, spectralStart, spectralEnd, approximationLow }: Scan): void {
    for (const { id } of components) {
      this.#missing.get(id)?.fill(approximationLow, spectralStart, spectralEnd + 1);
    }
  }

  /** Throws where libjpeg would smooth the image: one of the first nine AC coefficients is not told to its end. */
  assertComplete(): void {
    for (const missing of this.#missing.values()) {
      if (missing.subarray(1, 10).some((bits) => bits !== 0)) {
        throw truncated('the JPEG lacks scans, and TensorFlow smooths over what they would tell');
      }
    }
  }
}

function decodeJpeg(file: Uint8Array, deadline: Deadline): RgbImage {
  const tables: Tables = { quantizers: new Map(), huffman: new Map(), restartInterval: 0 };
  const application: Application = { jfif: false, adobeTransform: null };
  const quantizerOf = new Map<number, readonly number[]>();
  let frame: Frame | null = null;
  let layout: Layout | null = null;
  let progression: Progression | null = null;
  /** The frame is sequential, and its only scan is read. */
  let finished = false;
  const segments = segmentsOf(file);
  let step = segments.next();
  while (step.done !== true) {
    const segment = step.value;
    let scanEnd: number | undefined;
    switch (segment.kind) {
      case 'frame':
        if (frame !== null) throw unsupported('a JPEG of more than one frame');
        frame = segment.frame;
        layout = layOut(file, frame);
        progression = new Progression(frame);
        break;
      case 'quantizer':
        tables.quantizers.set(segment.table, segment.values);
        break;
      case 'huffman':
        tables.huffman.set(`${segment.use} ${segment.table}`, segment.at);
        break;
      case 'restart':
        tables.restartInterval = segment.interval;
        break;
      case 'jfif':
        application.jfif = true;
        break;
      case 'adobe':
        application.adobeTransform = segment.transform;
        break;
      case 'scan': {
        if (frame === null || layout === null) throw corrupt('a scan of the JPEG comes before its frame');
        if (finished) throw corrupt('the JPEG has a second scan where it should end');
        finished = !frame.progressive && segment.scan.components.length === frame.components.length;
        for (const { id, quantizer } of frame.components) {
          const values = tables.quantizers.get(quantizer);
          const begins = segment.scan.components.some((component) => component.id === id);
          if (begins && values !== undefined && !quantizerOf.has(id)) quantizerOf.set(id, values);
        }
        scanEnd = decodeScan(layout, frame, segment.scan, tables, segment.end, file.length, deadline);
        progression?.add(segment.scan);
        break;
      }
      case 'end':
        break;
    }
    step = segments.next(scanEnd);
  }
  if (frame === null || layout === null) throw corrupt('the JPEG has no frame');
  if (frame.progressive) progression?.assertComplete();
  for (const plane of layout.planes) {
    const quantizer = quantizerOf.get(plane.id);
    if (quantizer === undefined) throw corrupt('the JPEG lacks a scan or a quantizer for a component');
    invert(layout, plane, quantizer, deadline);
  }
  return { width: frame.width, height: frame.height, data: colour(layout, frame, application, deadline) };
}

/**
 * A JPEG file as `tf.io.decode_jpeg(channels=3)` and `tf.io.decode_image` give it by default, bit for bit:
 * libjpeg-turbo's fast integer DCT with fancy upsampling, sequential and progressive, no rotation by EXIF; CMYK by
 * TensorFlow's own formula. PNG files, which TensorFlow's decoders take as well, are as Pillow's but for 16-bit grey,
 * which is refused.
 *
 * Stricter than libjpeg: a scan with too few bytes or an impossible code is an error, not a warning and grey.
 * It works in this thread and never yields: `milliseconds` bounds it. Throws an ImageError: `image-truncated`,
 * `image-corrupt`, `image-unsupported`, `image-too-large`, `decode-timeout`, or what `readHeader` throws.
 */
export async function decodeFastDct(bytes: Uint8Array, milliseconds = Infinity): Promise<RgbImage> {
  const header = readHeader(bytes);
  if (header.format === 'png') {
    if (header.bitDepth === 16 && header.colourType === 0) {
      throw unsupported("a PNG of 16-bit grey, which TensorFlow and Pillow don't read alike");
    }
    return decodeLikePillow(bytes);
  }
  assertSize(header.width, header.height);
  return decodeJpeg(bytes, new Deadline(milliseconds));
}
