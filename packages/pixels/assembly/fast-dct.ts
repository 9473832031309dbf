/**
 * A JPEG decoder's inner loops: entropy decoding of Huffman-coded scans (sequential and progressive, 8 bits),
 * libjpeg's fast integer inverse DCT (Arai, Agui and Nakajima), its "fancy" upsampling and its colour
 * conversion. The host (src/decode/fast-dct.ts) reads the markers and lays out the memory.
 *
 * The inverse DCT wraps at 16 bits where libjpeg-turbo's vector code does.
 */

export { heapBase } from './shared/memory';

// ---- Bits -----------------------------------------------------------------------------------------------

/** Next bits, the first of them topmost, and how many there are. */
let bits: u64 = 0;
let bitCount: i32 = 0;
/** Next byte of the segment that has no stuffed zeros any more, and its end. */
let next: usize = 0;
let segmentEnd: usize = 0;
/** Bits asked for beyond the segment's end. */
let overrun: bool = false;
/** A code that no Huffman table holds. */
let broken: bool = false;
/** Next byte of the file. */
let filePosition: usize = 0;
let fileEnd: usize = 0;
/** Where segments are written to. */
let segment: usize = 0;

/**
 * Copies the entropy-coded bytes from `filePosition` up to the next marker to `segment`, without stuffed
 * zeros and with zeros behind them, and leaves `filePosition` at that marker (or at the file's end).
 */
function takeSegment(): void {
  let from = filePosition;
  let to = segment;
  const marks = i8x16.splat(-1);
  while (from < fileEnd) {
    if (from + 16 <= fileEnd) {
      const some = v128.load(from);
      if (!v128.any_true(i8x16.eq(some, marks))) {
        v128.store(to, some);
        from += 16;
        to += 16;
        continue;
      }
    }
    const byte = load<u8>(from);
    if (byte != 0xff) {
      store<u8>(to, byte);
      from += 1;
      to += 1;
      continue;
    }
    // Any number of 0xff may fill up before a marker.
    let after = from + 1;
    while (after < fileEnd && load<u8>(after) == 0xff) after += 1;
    if (after >= fileEnd || load<u8>(after) != 0) {
      from = after - 1;
      break;
    }
    store<u8>(to, 0xff);
    to += 1;
    from = after + 1;
  }
  memory.fill(to, 0, 32);
  filePosition = from;
  next = segment;
  segmentEnd = to;
  bits = 0;
  bitCount = 0;
}

/** Makes at least 33 bits ready; zeros beyond the segment's end. */
// @ts-ignore: decorator
@inline
function refill(): void {
  if (bitCount <= 32) {
    if (next <= segmentEnd + 8) {
      bits |= (<u64>bswap<u32>(load<u32>(next))) << (32 - bitCount);
      next += 4;
    } else {
      overrun = true;
    }
    bitCount += 32;
  }
}

/** Whether more bits were used than the segment has. */
function exhausted(): bool {
  return overrun || (next > segmentEnd && ((next - segmentEnd) << 3) > <usize>bitCount);
}

/** Up to 16 bits that `refill` has made ready. */
// @ts-ignore: decorator
@inline
function take(count: i32): i32 {
  const value = <i32>(bits >> (64 - count));
  bits <<= count;
  bitCount -= count;
  return value;
}

// @ts-ignore: decorator
@inline
function takeBit(): i32 {
  refill();
  return take(1);
}

/** `raw` of `count` bits as JPEG writes signed numbers: a leading 0 means that 1 - 2^count is added. */
// @ts-ignore: decorator
@inline
function signed(raw: i32, count: i32): i32 {
  return raw + (((raw >> (count - 1)) - 1) & (1 - (1 << count)));
}

/** `count` bits as a signed number, at least one. */
// @ts-ignore: decorator
@inline
function takeSigned(count: i32): i32 {
  return signed(take(count), count);
}

// ---- Huffman tables ---------------------------------------------------------------------------------------

const MAXIMA: usize = 1024;
const SHIFTS: usize = MAXIMA + 72;
const SYMBOLS: usize = SHIFTS + 72;
const SHORT: usize = SYMBOLS + 256;

/**
 * Builds a table of 5520 bytes at `table`: for each 9 bits the length and symbol of the code they start with
 * (length 0 where it is longer), then the largest code of each length, the distance from a code to its
 * symbol's number, and the symbols; then for each 10 bits that hold an AC code and its value whole the value
 * (16 bits), the run of zeros before it (8) and the bits of both (8), else 0. `lengths`: 16 counts; the symbols
 * follow. Returns 0, or 1 for a table that has more codes than their lengths allow.
 */
export function buildTable(lengths: usize, table: usize): i32 {
  memory.fill(table, 0, MAXIMA);
  const symbols = lengths + 16;
  let code: i32 = 0;
  let index: i32 = 0;
  for (let length = 1; length <= 16; length++) {
    const count: i32 = load<u8>(lengths + <usize>(length - 1));
    store<i32>(table + SHIFTS + (<usize>length << 2), index - code);
    for (let i = 0; i < count; i++) {
      if (code >= 1 << length || index >= 256) return 1;
      const symbol = load<u8>(symbols + <usize>index);
      store<u8>(table + SYMBOLS + <usize>index, symbol);
      if (length <= 9) {
        const first = code << (9 - length);
        for (let j = 0; j < 1 << (9 - length); j++) {
          store<u16>(table + (<usize>(first + j) << 1), <u16>((length << 8) | symbol));
        }
      }
      code += 1;
      index += 1;
    }
    store<i32>(table + MAXIMA + (<usize>length << 2), count == 0 ? -1 : code - 1);
    code <<= 1;
  }
  for (let ahead = 0; ahead < 1024; ahead++) {
    const entry: i32 = load<u16>(table + (<usize>(ahead >> 1) << 1));
    const size = entry & 15;
    const used = (entry >> 8) + size;
    let short = 0;
    if (entry >> 8 != 0 && size != 0 && used <= 10) {
      const value = signed((ahead >> (10 - used)) & ((1 << size) - 1), size);
      short = (value << 16) | (((entry >> 4) & 15) << 8) | used;
    }
    store<i32>(table + SHORT + (<usize>ahead << 2), short);
  }
  return 0;
}

/** The next symbol; at least 16 bits are ready. */
// @ts-ignore: decorator
@inline
function symbolOf(table: usize): i32 {
  const entry: i32 = load<u16>(table + (<usize>(bits >> 55) << 1));
  const length = entry >> 8;
  if (length != 0) {
    bits <<= length;
    bitCount -= length;
    return entry & 255;
  }
  return longSymbolOf(table);
}

function longSymbolOf(table: usize): i32 {
  for (let length = 10; length <= 16; length++) {
    const code = <i32>(bits >> (64 - length));
    if (code <= load<i32>(table + MAXIMA + (<usize>length << 2))) {
      bits <<= length;
      bitCount -= length;
      const index = code + load<i32>(table + SHIFTS + (<usize>length << 2));
      return load<u8>(table + SYMBOLS + <usize>(index & 255));
    }
  }
  broken = true;
  return 0;
}

// ---- Blocks -----------------------------------------------------------------------------------------------

/** Natural order of the zigzag, doubled for 16-bit coefficients; 16 more entries catch runs beyond a block. */
const ORDER = memory.data<u8>([
  0, 2, 16, 32, 18, 4, 6, 20, 34, 48, 64, 50, 36, 22, 8, 10, 24, 38, 52, 66, 80, 96, 82, 68, 54, 40, 26, 12, 14, 28,
  42, 56, 70, 84, 98, 112, 114, 100, 86, 72, 58, 44, 30, 46, 60, 74, 88, 102, 116, 118, 104, 90, 76, 62, 78, 92, 106,
  120, 122, 108, 94, 110, 124, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126, 126,
]);

/** Bands of zeros still to come in a progressive scan. */
let endRun: i32 = 0;

// @ts-ignore: decorator
@inline
function coefficient(block: usize, k: i32): usize {
  return block + <usize>load<u8>(ORDER + <usize>k);
}

/** A whole block of a sequential scan; returns its DC value. The bits are kept in locals: this is the hot loop. */
function sequentialBlock(block: usize, dcTable: usize, acTable: usize, dc: i32): i32 {
  refill();
  const size = symbolOf(dcTable);
  if (size > 16) broken = true;
  else if (size != 0) dc += takeSigned(size);
  store<i16>(block, <i16>dc);
  let ahead = bits;
  let count = bitCount;
  let from = next;
  const limit = segmentEnd + 8;
  let k = 1;
  while (k < 64) {
    if (count <= 32) {
      if (from <= limit) {
        ahead |= (<u64>bswap<u32>(load<u32>(from))) << (32 - count);
        from += 4;
      } else {
        overrun = true;
      }
      count += 32;
    }
    const short = load<i32>(acTable + (<usize>(ahead >> 54) << 2), SHORT);
    if (short != 0) {
      ahead <<= short & 255;
      count -= short & 255;
      k += (short >> 8) & 255;
      store<i16>(coefficient(block, k), <i16>(short >> 16));
      k += 1;
      continue;
    }
    const entry: i32 = load<u16>(acTable + (<usize>(ahead >> 55) << 1));
    let used = entry >> 8;
    let symbol = entry & 255;
    if (used == 0) {
      bits = ahead;
      bitCount = count;
      symbol = longSymbolOf(acTable);
      used = count - bitCount;
    }
    const length = symbol & 15;
    ahead <<= used;
    count -= used;
    if (length == 0) {
      if (symbol != 0xf0) break;
      k += 16;
      continue;
    }
    k += symbol >> 4;
    const raw = <i32>(ahead >> (64 - length));
    ahead <<= length;
    count -= length;
    store<i16>(coefficient(block, k), <i16>signed(raw, length));
    k += 1;
  }
  bits = ahead;
  bitCount = count;
  next = from;
  return dc;
}

/** First pass over the AC band from `start` to `end`, scaled up by `low` bits. */
function progressiveFirst(block: usize, table: usize, start: i32, end: i32, low: i32): void {
  if (endRun > 0) {
    endRun -= 1;
    return;
  }
  let k = start;
  while (k <= end) {
    refill();
    const symbol = symbolOf(table);
    const length = symbol & 15;
    const run = symbol >> 4;
    if (length != 0) {
      k += run;
      store<i16>(coefficient(block, k), <i16>(takeSigned(length) << low));
      k += 1;
    } else if (run == 15) {
      k += 16;
    } else {
      endRun = (1 << run) - 1;
      if (run != 0) endRun += take(run);
      return;
    }
  }
}

/** One more bit, `bit`, for a coefficient that is already not zero. */
// @ts-ignore: decorator
@inline
function refineOne(at: usize, bit: i32): void {
  const value: i32 = load<i16>(at);
  if (takeBit() != 0 && (value & bit) == 0) store<i16>(at, <i16>(value >= 0 ? value + bit : value - bit));
}

/** Later pass over the AC band: one more bit of each coefficient. */
function progressiveRefine(block: usize, table: usize, start: i32, end: i32, low: i32): void {
  const bit = 1 << low;
  let k = start;
  if (endRun == 0) {
    while (k <= end) {
      refill();
      const symbol = symbolOf(table);
      let run = symbol >> 4;
      let value = 0;
      if ((symbol & 15) != 0) {
        value = take(1) != 0 ? bit : -bit;
      } else if (run != 15) {
        endRun = 1 << run;
        if (run != 0) endRun += take(run);
        break;
      }
      // Past `run` coefficients that are still zero; those that are not get their bit on the way.
      while (k <= end) {
        const at = coefficient(block, k);
        if (load<i16>(at) != 0) {
          refineOne(at, bit);
        } else {
          if (run == 0) break;
          run -= 1;
        }
        k += 1;
      }
      // Also past the band's end, where a damaged scan counts too far: libjpeg does so.
      if (value != 0) store<i16>(coefficient(block, k), <i16>value);
      k += 1;
    }
  }
  if (endRun > 0) {
    while (k <= end) {
      const at = coefficient(block, k);
      if (load<i16>(at) != 0) refineOne(at, bit);
      k += 1;
    }
    endRun -= 1;
  }
}

// ---- Scans ------------------------------------------------------------------------------------------------

/** Words of a component's entry in a scan's description. */
const COEFFICIENTS: usize = 0;
const BLOCK_STRIDE: usize = 4;
const ACROSS: usize = 8;
const DOWN: usize = 12;
const DC_TABLE: usize = 16;
const AC_TABLE: usize = 20;
const PREVIOUS_DC: usize = 24;
const ENTRY: usize = 32;

let progressive: bool = false;
let bandStart: i32 = 0;
let bandEnd: i32 = 0;
let high: i32 = 0;
let low: i32 = 0;

function decodeBlock(block: usize, component: usize): void {
  if (!progressive) {
    const dc = sequentialBlock(
      block,
      load<u32>(component, DC_TABLE),
      load<u32>(component, AC_TABLE),
      load<i32>(component, PREVIOUS_DC),
    );
    store<i32>(component, dc, PREVIOUS_DC);
    return;
  }
  if (bandStart == 0) {
    if (high != 0) {
      if (takeBit() != 0) store<i16>(block, load<i16>(block) | (<i16>1 << <i16>low));
      return;
    }
    refill();
    const size = symbolOf(load<u32>(component, DC_TABLE));
    let dc = load<i32>(component, PREVIOUS_DC);
    if (size > 16) broken = true;
    else if (size != 0) dc += takeSigned(size);
    store<i32>(component, dc, PREVIOUS_DC);
    store<i16>(block, <i16>(dc << low));
    return;
  }
  const table: usize = load<u32>(component, AC_TABLE);
  if (high == 0) progressiveFirst(block, table, bandStart, bandEnd, low);
  else progressiveRefine(block, table, bandStart, bandEnd, low);
}

/** Passes the restart marker that must follow; false where it is another or none. */
function restart(components: usize, count: i32, number: i32): bool {
  if (exhausted()) return false;
  if (filePosition + 2 > fileEnd || load<u8>(filePosition) != 0xff) return false;
  if (load<u8>(filePosition, 1) != 0xd0 + (number & 7)) return false;
  filePosition += 2;
  takeSegment();
  endRun = 0;
  for (let i = 0; i < count; i++) store<i32>(components + <usize>i * ENTRY, 0, PREVIOUS_DC);
  return true;
}

let scanComponents: usize = 0;
let scanCount: i32 = 0;
let scanUnitsAcross: i32 = 0;
let scanRestartInterval: i32 = 0;
/** Units until the next restart marker, and its number. */
let unitsLeft: i32 = 0;
let restartNumber: i32 = 0;

/**
 * Makes one scan ready for `decodeRows`. `components`: `count` entries of 32 bytes: address of the coefficients, blocks from one
 * block row to the next, blocks across and down in a unit, addresses of the two tables, room for the last DC
 * value. A unit is an MCU, or for a scan of one component a block (across and down 1).
 */
export function beginScan(
  file: usize,
  end: usize,
  scratch: usize,
  components: usize,
  count: i32,
  unitsAcross: i32,
  restartInterval: i32,
  isProgressive: bool,
  spectralStart: i32,
  spectralEnd: i32,
  approximationHigh: i32,
  approximationLow: i32,
): void {
  filePosition = file;
  fileEnd = end;
  segment = scratch;
  overrun = false;
  broken = false;
  endRun = 0;
  progressive = isProgressive;
  bandStart = spectralStart;
  bandEnd = spectralEnd;
  high = approximationHigh;
  low = approximationLow;
  scanComponents = components;
  scanCount = count;
  scanUnitsAcross = unitsAcross;
  scanRestartInterval = restartInterval;
  unitsLeft = restartInterval;
  restartNumber = 0;
  takeSegment();
}

/**
 * Decodes the rows of units from `first` to before `end`; the rows above them have been decoded.
 * Returns where the scan's bytes end, or are read up to, 0 for a code that no table holds, 1 for too few bytes, 2 for
 * a restart marker that is missing.
 */
export function decodeRows(first: i32, end: i32): usize {
  const components = scanComponents;
  const count = scanCount;
  const unitsAcross = scanUnitsAcross;
  const restartInterval = scanRestartInterval;
  for (let y = first; y < end; y++) {
    for (let x = 0; x < unitsAcross; x++) {
      if (restartInterval != 0) {
        if (unitsLeft == 0) {
          if (!restart(components, count, restartNumber)) return 2;
          restartNumber += 1;
          unitsLeft = restartInterval;
        }
        unitsLeft -= 1;
      }
      for (let i = 0; i < count; i++) {
        const component = components + <usize>i * ENTRY;
        const across = load<i32>(component, ACROSS);
        const down = load<i32>(component, DOWN);
        const blockStride = load<i32>(component, BLOCK_STRIDE);
        const coefficients: usize = load<u32>(component, COEFFICIENTS);
        for (let v = 0; v < down; v++) {
          for (let h = 0; h < across; h++) {
            const index = (y * down + v) * blockStride + x * across + h;
            decodeBlock(coefficients + (<usize>index << 7), component);
          }
        }
      }
      if (broken) return 0;
    }
    if (exhausted()) return 1;
  }
  return filePosition;
}

// ---- Inverse DCT ------------------------------------------------------------------------------------------

/** (a << 2) * w >> 16 of eight 16-bit lanes, where w has 8 fractional bits and is shifted up by 6. */
// @ts-ignore: decorator
@inline
function times(a: v128, w: i16): v128 {
  const shifted = i16x8.shl(a, 2);
  // Products of the even lanes, then of the odd ones; of each the upper half.
  return v128.or(
    i32x4.shr_u(i32x4.dot_i16x8_s(shifted, i32x4.splat(<i32>w & 0xffff)), 16),
    v128.and(i32x4.dot_i16x8_s(shifted, i32x4.splat(<i32>w << 16)), i32x4.splat(0xffff0000)),
  );
}

const F1082: i16 = 277 << 6;
const F1414: i16 = 362 << 6;
const F1847: i16 = 473 << 6;
/** -2.613125930 is taken as -1.613125930 - 1, for it does not fit 16 bits. */
const M1613: i16 = -((669 - 256) << 6);

/** Eight vectors between the passes. */
const ROWS = memory.data(128, 16);

/** One pass over eight vectors at ROWS, in place: an inverse DCT of eight lanes at once. */
// @ts-ignore: decorator
@inline
function pass(): void {
  const in0 = v128.load(ROWS);
  const in1 = v128.load(ROWS, 16);
  const in2 = v128.load(ROWS, 32);
  const in3 = v128.load(ROWS, 48);
  const in4 = v128.load(ROWS, 64);
  const in5 = v128.load(ROWS, 80);
  const in6 = v128.load(ROWS, 96);
  const in7 = v128.load(ROWS, 112);
  // Even part.
  const e10 = i16x8.add(in0, in4);
  const e11 = i16x8.sub(in0, in4);
  const e13 = i16x8.add(in2, in6);
  const e12 = i16x8.sub(times(i16x8.sub(in2, in6), F1414), e13);
  const t0 = i16x8.add(e10, e13);
  const t3 = i16x8.sub(e10, e13);
  const t1 = i16x8.add(e11, e12);
  const t2 = i16x8.sub(e11, e12);
  // Odd part.
  const z13 = i16x8.add(in5, in3);
  const z10 = i16x8.sub(in5, in3);
  const z11 = i16x8.add(in1, in7);
  const z12 = i16x8.sub(in1, in7);
  const t7 = i16x8.add(z11, z13);
  const o11 = times(i16x8.sub(z11, z13), F1414);
  const z5 = times(i16x8.add(z10, z12), F1847);
  const o10 = i16x8.sub(times(z12, F1082), z5);
  const o12 = i16x8.add(i16x8.sub(times(z10, M1613), z10), z5);
  const t6 = i16x8.sub(o12, t7);
  const t5 = i16x8.sub(o11, t6);
  const t4 = i16x8.add(o10, t5);
  v128.store(ROWS, i16x8.add(t0, t7));
  v128.store(ROWS, i16x8.add(t1, t6), 16);
  v128.store(ROWS, i16x8.add(t2, t5), 32);
  v128.store(ROWS, i16x8.sub(t3, t4), 48);
  v128.store(ROWS, i16x8.add(t3, t4), 64);
  v128.store(ROWS, i16x8.sub(t2, t5), 80);
  v128.store(ROWS, i16x8.sub(t1, t6), 96);
  v128.store(ROWS, i16x8.sub(t0, t7), 112);
}

// @ts-ignore: decorator
@inline
function low16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
}

// @ts-ignore: decorator
@inline
function high16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
}

/** Transposes the eight vectors at ROWS. */
// @ts-ignore: decorator
@inline
function transpose(): void {
  const a0 = v128.load(ROWS);
  const a1 = v128.load(ROWS, 16);
  const a2 = v128.load(ROWS, 32);
  const a3 = v128.load(ROWS, 48);
  const a4 = v128.load(ROWS, 64);
  const a5 = v128.load(ROWS, 80);
  const a6 = v128.load(ROWS, 96);
  const a7 = v128.load(ROWS, 112);
  // Interleaving with the vector four further on, three times over, is a transposition.
  const b0 = low16(a0, a4);
  const b1 = high16(a0, a4);
  const b2 = low16(a1, a5);
  const b3 = high16(a1, a5);
  const b4 = low16(a2, a6);
  const b5 = high16(a2, a6);
  const b6 = low16(a3, a7);
  const b7 = high16(a3, a7);
  const c0 = low16(b0, b4);
  const c1 = high16(b0, b4);
  const c2 = low16(b1, b5);
  const c3 = high16(b1, b5);
  const c4 = low16(b2, b6);
  const c5 = high16(b2, b6);
  const c6 = low16(b3, b7);
  const c7 = high16(b3, b7);
  v128.store(ROWS, low16(c0, c4));
  v128.store(ROWS, high16(c0, c4), 16);
  v128.store(ROWS, low16(c1, c5), 32);
  v128.store(ROWS, high16(c1, c5), 48);
  v128.store(ROWS, low16(c2, c6), 64);
  v128.store(ROWS, high16(c2, c6), 80);
  v128.store(ROWS, low16(c3, c7), 96);
  v128.store(ROWS, high16(c3, c7), 112);
}

/** Two vectors of samples as bytes around 128, clipped. */
// @ts-ignore: decorator
@inline
function samples(a: v128, b: v128): v128 {
  return v128.xor(i8x16.narrow_i16x8_s(i16x8.shr_s(a, 5), i16x8.shr_s(b, 5)), i8x16.splat(-128));
}

/**
 * Coefficients of `across` by `down` blocks, `blockStride` blocks from row to row, to a plane of samples.
 * `multipliers`: 64 16-bit numbers in natural order, quantizer times the transform's scale, 2 fractional bits.
 */
export function inverse(
  coefficients: usize,
  blockStride: i32,
  across: i32,
  down: i32,
  multipliers: usize,
  plane: usize,
  stride: usize,
): void {
  for (let y = 0; y < down; y++) {
    let block = coefficients + (<usize>(y * blockStride) << 7);
    let target = plane + <usize>(y << 3) * stride;
    for (let x = 0; x < across; x++) {
      const first = v128.load(block);
      let rest = v128.or(v128.load(block, 16), v128.load(block, 32));
      rest = v128.or(rest, v128.or(v128.load(block, 48), v128.load(block, 64)));
      rest = v128.or(rest, v128.or(v128.load(block, 80), v128.load(block, 96)));
      rest = v128.or(rest, v128.load(block, 112));
      if (!v128.any_true(v128.or(rest, i16x8.replace_lane(first, 0, 0)))) {
        const level = i16x8.splat(load<i16>(block) * load<i16>(multipliers));
        const row = samples(level, level);
        let at = target;
        for (let i = 0; i < 8; i++) {
          v128.store64_lane(at, row, 0);
          at += stride;
        }
      } else {
        for (let i: usize = 0; i < 128; i += 16) {
          v128.store(ROWS + i, i16x8.mul(v128.load(block + i), v128.load(multipliers + i)));
        }
        pass();
        transpose();
        pass();
        transpose();
        let at = target;
        for (let i: usize = 0; i < 128; i += 32) {
          const two = samples(v128.load(ROWS + i), v128.load(ROWS + i, 16));
          v128.store64_lane(at, two, 0);
          v128.store64_lane(at + stride, two, 1);
          at += stride << 1;
        }
      }
      block += 128;
      target += 8;
    }
  }
}

// ---- Upsampling -------------------------------------------------------------------------------------------

/** 3 * near + far of `count` samples as 16-bit sums at `sums` + 2, the first and the last repeated outside. */
function columnSums(near: usize, far: usize, count: i32, sums: usize): void {
  const three = i16x8.splat(3);
  for (let x = 0; x < count; x += 8) {
    const a = i16x8.mul(v128.load8x8_u(near + <usize>x), three);
    v128.store(sums + 2 + (<usize>x << 1), i16x8.add(a, v128.load8x8_u(far + <usize>x)));
  }
  repeatEnds(sums, count);
}

function plainSums(row: usize, count: i32, sums: usize): void {
  for (let x = 0; x < count; x += 8) v128.store(sums + 2 + (<usize>x << 1), v128.load8x8_u(row + <usize>x));
  repeatEnds(sums, count);
}

function repeatEnds(sums: usize, count: i32): void {
  store<i16>(sums, load<i16>(sums, 2));
  const last = sums + (<usize>count << 1);
  store<i16>(last, load<i16>(last), 2);
}

/** Twice as many samples: (3 * sum + previous + even) >> shift and (3 * sum + following + odd) >> shift. */
function widen(sums: usize, count: i32, even: i16, odd: i16, shift: i32, target: usize): void {
  const three = i16x8.splat(3);
  const evens = i16x8.splat(even);
  const odds = i16x8.splat(odd);
  for (let x = 0; x < count; x += 8) {
    const at = sums + (<usize>x << 1);
    const middle = i16x8.mul(v128.load(at, 2), three);
    const a = i16x8.shr_u(i16x8.add(i16x8.add(middle, v128.load(at)), evens), shift);
    const b = i16x8.shr_u(i16x8.add(i16x8.add(middle, v128.load(at, 4)), odds), shift);
    v128.store(target + (<usize>x << 1), v128.or(a, i16x8.shl(b, 8)));
  }
}

/** Two samples across for each, rows as they are: fancy h2v1. */
export function wider(row: usize, count: i32, sums: usize, target: usize): void {
  plainSums(row, count, sums);
  widen(sums, count, 1, 2, 2, target);
}

/** Two samples across for each, the nearer row three times as heavy as the farther: fancy h2v2. */
export function widerAndTaller(near: usize, far: usize, count: i32, sums: usize, target: usize): void {
  columnSums(near, far, count, sums);
  widen(sums, count, 8, 7, 4, target);
}

/** The nearer row three times as heavy as the farther: fancy h1v2; `bias` 1 for an upper row, 2 for a lower. */
export function taller(near: usize, far: usize, count: i32, bias: i16, target: usize): void {
  const three = i16x8.splat(3);
  const biases = i16x8.splat(bias);
  for (let x = 0; x < count; x += 8) {
    const sum = i16x8.add(i16x8.mul(v128.load8x8_u(near + <usize>x), three), v128.load8x8_u(far + <usize>x));
    const row = i16x8.shr_u(i16x8.add(sum, biases), 2);
    v128.store64_lane(target + <usize>x, i8x16.narrow_i16x8_u(row, row), 0);
  }
}

/** Each sample `times` over. */
export function repeated(row: usize, count: i32, times: i32, target: usize): void {
  for (let x = 0; x < count; x++) {
    const sample = load<u8>(row + <usize>x);
    for (let i = 0; i < times; i++) store<u8>(target + <usize>(x * times + i), sample);
  }
}

// ---- Colour -----------------------------------------------------------------------------------------------

/** (x * weight + half) >> 16 of eight 16-bit lanes: the even ones, then the odd ones. */
// @ts-ignore: decorator
@inline
function scaled(x: v128, weight: i16): v128 {
  const half = i32x4.splat(32768);
  const even = i32x4.add(i32x4.dot_i16x8_s(x, i32x4.splat(<i32>weight & 0xffff)), half);
  const odd = i32x4.add(i32x4.dot_i16x8_s(x, i32x4.splat(<i32>weight << 16)), half);
  return v128.or(i32x4.shr_u(even, 16), v128.and(odd, i32x4.splat(0xffff0000)));
}

/** (cb * -0.34414 + (cr * -0.71414 + cr) + half) >> 16, weights of 16 fractional bits. */
// @ts-ignore: decorator
@inline
function green(cb: v128, cr: v128): v128 {
  const half = i32x4.splat(32768);
  const weights = i16x8(-22554, 18734, -22554, 18734, -22554, 18734, -22554, 18734);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(low16(cb, cr), weights), half), 16),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(high16(cb, cr), weights), half), 16),
  );
}

/** Sixteen pixels of three planes as packed RGB. */
// @ts-ignore: decorator
@inline
function storeRgb(target: usize, r: v128, g: v128, b: v128): void {
  const rg0 = i8x16.shuffle(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
  v128.store(target, i8x16.shuffle(rg0, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
  const gb1 = i8x16.shuffle(g, b, 5, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10);
  v128.store(target, i8x16.shuffle(gb1, r, 0, 1, 22, 3, 4, 23, 6, 7, 24, 9, 10, 25, 12, 13, 26, 15), 16);
  const br2 = i8x16.shuffle(b, r, 10, 27, 0, 11, 28, 0, 12, 29, 0, 13, 30, 0, 14, 31, 0, 15);
  v128.store(target, i8x16.shuffle(br2, g, 0, 1, 27, 3, 4, 28, 6, 7, 29, 9, 10, 30, 12, 13, 31, 15), 32);
}

/** A row of `count` pixels from Y, Cb, Cr to packed RGB; writes up to 45 bytes past its end. */
export function colourRow(yRow: usize, cbRow: usize, crRow: usize, count: i32, target: usize): void {
  const middle = i16x8.splat(128);
  for (let x: usize = 0; x < <usize>count; x += 16) {
    const y0 = v128.load8x8_u(yRow + x);
    const y1 = v128.load8x8_u(yRow + x, 8);
    const cb0 = i16x8.sub(v128.load8x8_u(cbRow + x), middle);
    const cb1 = i16x8.sub(v128.load8x8_u(cbRow + x, 8), middle);
    const cr0 = i16x8.sub(v128.load8x8_u(crRow + x), middle);
    const cr1 = i16x8.sub(v128.load8x8_u(crRow + x, 8), middle);
    // 1.402 = 1 + 26345 / 65536; 1.772 = 2 - 14942 / 65536; -0.71414 = -1 + 18734 / 65536.
    const r = i8x16.narrow_i16x8_u(
      i16x8.add(i16x8.add(y0, cr0), scaled(cr0, 26345)),
      i16x8.add(i16x8.add(y1, cr1), scaled(cr1, 26345)),
    );
    const g = i8x16.narrow_i16x8_u(
      i16x8.add(i16x8.sub(y0, cr0), green(cb0, cr0)),
      i16x8.add(i16x8.sub(y1, cr1), green(cb1, cr1)),
    );
    const b = i8x16.narrow_i16x8_u(
      i16x8.add(i16x8.add(y0, i16x8.shl(cb0, 1)), scaled(cb0, -14942)),
      i16x8.add(i16x8.add(y1, i16x8.shl(cb1, 1)), scaled(cb1, -14942)),
    );
    storeRgb(target, r, g, b);
    target += 48;
  }
}

/** A row of `count` pixels from three planes to packed RGB as they are; writes up to 45 bytes past its end. */
export function packRow(red: usize, green: usize, blue: usize, count: i32, target: usize): void {
  for (let x: usize = 0; x < <usize>count; x += 16) {
    storeRgb(target, v128.load(red + x), v128.load(green + x), v128.load(blue + x));
    target += 48;
  }
}
