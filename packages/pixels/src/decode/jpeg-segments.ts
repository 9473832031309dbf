import {
  END_OF_IMAGE,
  HUFFMAN,
  isFrame,
  isPassed,
  isRestart,
  isSoundTable,
  isTable,
  QUANTIZERS,
  RESTART_INTERVAL,
  START_OF_SCAN,
} from './jpeg-markers.js';
import { corrupt, truncated, unsupported } from './refusals.js';

/** One colour component of a JPEG frame. */
export interface FrameComponent {
  readonly id: number;
  /** Sampling factors, 1 to 4. */
  readonly across: number;
  readonly down: number;
  readonly quantizer: number;
}

/** What a frame header (SOF0, SOF1, SOF2) says. */
export interface Frame {
  readonly progressive: boolean;
  readonly width: number;
  readonly height: number;
  readonly components: readonly FrameComponent[];
}

/** What a scan header (SOS) says. */
export interface Scan {
  readonly components: readonly { readonly id: number; readonly dcTable: number; readonly acTable: number }[];
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly approximationHigh: number;
  readonly approximationLow: number;
}

/** A part of a JPEG file, in file order; offsets count bytes of the file. */
export type Segment =
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** `end`: where the entropy-coded bytes start. */
  | { readonly kind: 'scan'; readonly scan: Scan; readonly end: number }
  /** `table`: 0 to 3; 64 values in zigzag order. */
  | { readonly kind: 'quantizer'; readonly table: number; readonly values: readonly number[] }
  /** `at`: offset of the 16 counts, behind which the symbols stand. */
  | { readonly kind: 'huffman'; readonly use: 'dc' | 'ac'; readonly table: number; readonly at: number }
  | { readonly kind: 'restart'; readonly interval: number }
  | { readonly kind: 'jfif' }
  | { readonly kind: 'adobe'; readonly transform: number }
  | { readonly kind: 'end' };

/** A segment's bytes, read from first to last. */
class Reader {
  #at: number;

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly end: number,
  ) {
    this.#at = start;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.end - this.#at;
  }

  byte(): number {
    if (this.#at >= this.end) throw corrupt('a segment of the JPEG is shorter than its content');
    return this.bytes[this.#at++]!;
  }

  word(): number {
    return this.byte() * 256 + this.byte();
  }

  skip(count: number): void {
    if (count > this.left) throw corrupt('a segment of the JPEG is shorter than its content');
    this.#at += count;
  }
}

function frameOf(reader: Reader, progressive: boolean): Frame {
  const precision = reader.byte();
  if (precision !== 8) throw unsupported(`a JPEG of ${precision} bits a sample`);
  const height = reader.word();
  const width = reader.word();
  if (width === 0 || height === 0) throw unsupported('a JPEG whose header leaves its size open');
  const count = reader.byte();
  if (reader.left !== count * 3) throw corrupt('the frame header of the JPEG has an impossible length');
  const components = Array.from({ length: count }, () => {
    const id = reader.byte();
    const sampling = reader.byte();
    const component = { id, across: sampling >> 4, down: sampling & 15, quantizer: reader.byte() };
    const fits = (factor: number) => factor >= 1 && factor <= 4;
    if (!fits(component.across) || !fits(component.down) || component.quantizer > 3) {
      throw corrupt('the frame header of the JPEG has impossible sampling factors or tables');
    }
    return component;
  });
  if (new Set(components.map(({ id }) => id)).size < count) {
    throw unsupported('a JPEG whose components have the same name');
  }
  return { progressive, width, height, components };
}

function scanOf(reader: Reader): Scan {
  const count = reader.byte();
  if (count < 1 || count > 4 || reader.left !== count * 2 + 3) {
    throw corrupt('a scan header of the JPEG has an impossible length');
  }
  const components = Array.from({ length: count }, () => {
    const id = reader.byte();
    const tables = reader.byte();
    return { id, dcTable: tables >> 4, acTable: tables & 15 };
  });
  if (new Set(components.map(({ id }) => id)).size < count) {
    throw corrupt('a scan of the JPEG names a component twice');
  }
  const spectralStart = reader.byte();
  const spectralEnd = reader.byte();
  const approximation = reader.byte();
  return {
    components,
    spectralStart,
    spectralEnd,
    approximationHigh: approximation >> 4,
    approximationLow: approximation & 15,
  };
}

function* quantizersOf(reader: Reader): Generator<Segment> {
  while (reader.left > 0) {
    const head = reader.byte();
    const values = Array.from({ length: 64 }, () => (head >> 4 === 0 ? reader.byte() : reader.word()));
    yield { kind: 'quantizer', table: head & 15, values };
  }
}

function* huffmanTablesOf(reader: Reader): Generator<Segment> {
  while (reader.left > 0) {
    const head = reader.byte();
    const at = reader.at;
    let symbols = 0;
    for (let length = 0; length < 16; length++) symbols += reader.byte();
    if (symbols > 256) throw corrupt('a Huffman table of the JPEG has more than 256 symbols');
    reader.skip(symbols);
    yield { kind: 'huffman', use: head >> 4 === 0 ? 'dc' : 'ac', table: head & 15, at };
  }
}

function* appOf(reader: Reader, marker: number): Generator<Segment> {
  const length = Math.min(reader.left, 12);
  const head = String.fromCharCode(...Array.from({ length }, () => reader.byte()));
  if (marker === 0xe0 && head.startsWith('JFIF\0')) yield { kind: 'jfif' };
  if (marker === 0xee && head.startsWith('Adobe') && length === 12) {
    yield { kind: 'adobe', transform: head.charCodeAt(11) };
  }
}

/** The parts of one segment with a length of its own. */
function* partsOf(bytes: Uint8Array, marker: number, start: number, end: number): Generator<Segment> {
  if (isTable(marker) && !isSoundTable(marker, bytes.subarray(start, end), end - start)) {
    throw corrupt('a table of the JPEG is broken');
  }
  const reader = new Reader(bytes, start, end);
  switch (marker) {
    case 0xc0:
    case 0xc1:
    case 0xc2:
      yield { kind: 'frame', frame: frameOf(reader, marker === 0xc2) };
      return;
    case HUFFMAN:
      yield* huffmanTablesOf(reader);
      return;
    case START_OF_SCAN:
      yield { kind: 'scan', scan: scanOf(reader), end };
      return;
    case QUANTIZERS:
      yield* quantizersOf(reader);
      return;
    case RESTART_INTERVAL:
      yield { kind: 'restart', interval: reader.word() };
      return;
    case 0xe0:
    case 0xee:
      yield* appOf(reader, marker);
      return;
    default:
      if (isFrame(marker)) throw unsupported('a JPEG that is lossless, hierarchical or arithmetic-coded');
      if (!isPassed(marker) && !isTable(marker)) {
        throw corrupt(`the JPEG has an unknown marker (0x${marker.toString(16)})`);
      }
  }
}

/**
 * Reads a JPEG file segment by segment. `next(offset)` after a scan says where its entropy-coded bytes end.
 * Ends with the end marker; throws `image-truncated` where the file lacks it.
 */
export function* segmentsOf(bytes: Uint8Array): Generator<Segment, void, number | undefined> {
  let at = 2;
  while (at + 1 < bytes.length) {
    // Bytes between segments that are no marker are passed over, as libjpeg does.
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at += 1;
      continue;
    }
    const marker = bytes[at + 1]!;
    at += 2;
    if (marker === END_OF_IMAGE) {
      yield { kind: 'end' };
      return;
    }
    if (marker === 0x01 || isRestart(marker)) continue;
    if (marker === 0xd8) throw corrupt('the JPEG begins a second time');
    if (at + 2 > bytes.length) break;
    const end = at + bytes[at]! * 256 + bytes[at + 1]!;
    if (end > bytes.length) break;
    if (end < at + 2) throw corrupt('a segment of the JPEG has an impossible length');
    const start = at + 2;
    at = end;
    for (const part of partsOf(bytes, marker, start, end)) {
      const after = yield part;
      if (after !== undefined) at = after;
    }
  }
  throw truncated('the JPEG is cut off');
}
