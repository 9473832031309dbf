import type { Prediction } from '../domain/domain.js';
import { RANKED } from '../metrics/top-k.js';

/** Where a row has what: places in bytes. Whole numbers first, then scores, then the float64 logSumExp. */
interface Layout {
  readonly whole: 2 | 4;
  readonly score: 4 | 8;
  readonly scores: number;
  readonly bytes: number;
}

function layout(whole: 2 | 4, score: 4 | 8): Layout {
  const scores = (4 + RANKED) * whole;
  return { whole, score, scores, bytes: scores + RANKED * score + 8 };
}

/** 46 bytes, where all scores are float32 and all counts and classes below 65536. */
const narrow = layout(2, 4);
const wide = layout(4, 8);
const INVALID = 0x100;

/**
 * Predictions by place, as rows of fixed length whose memory is taken at the start: as objects they are ten times as large.
 * What comes out is bit for bit what went in: from the first one on that float32 and 16 bits can't hold, rows are wider.
 */
export class PackedPredictions {
  #layout = narrow;
  #rows: Buffer;
  #view: DataView;

  constructor(places: number) {
    this.#rows = allocated(places, narrow);
    this.#view = viewOf(this.#rows);
  }

  /** What was set at a place; meaningless where nothing was. */
  get(place: number): Prediction {
    return read(this.#view, place, this.#layout);
  }

  set(place: number, prediction: Prediction): void {
    if (this.#layout === narrow && !fits(prediction)) this.#take(this.#places, wide);
    write(this.#rows, place, prediction, this.#layout);
  }

  /** Whether a prediction is, bit for bit, what stands at a place. */
  holds(place: number, prediction: Prediction): boolean {
    if (this.#layout === narrow && !fits(prediction)) return false;
    const { bytes } = this.#layout;
    const row = Buffer.alloc(bytes);
    write(row, 0, prediction, this.#layout);
    return row.equals(this.#rows.subarray(place * bytes, (place + 1) * bytes));
  }

  /** Makes room, at the price of a copy. */
  grow(places: number): void {
    this.#take(places, this.#layout);
  }

  get #places(): number {
    return this.#rows.length / this.#layout.bytes;
  }

  #take(places: number, to: Layout): void {
    const rows = allocated(places, to);
    const from = this.#layout;
    if (from === to) this.#rows.copy(rows);
    else
      for (let place = 0; place < this.#places; place++)
        write(rows, place, read(this.#view, place, from), to);
    this.#rows = rows;
    this.#view = viewOf(rows);
    this.#layout = to;
  }
}

/** Filled, so that the system hands out its pages now and not image by image. An empty row has no class. */
function allocated(places: number, { bytes }: Layout): Buffer {
  return Buffer.alloc(places * bytes).fill(0);
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function fits({ classes, scores, labelAbove, labelTied, tiedTop }: Prediction): boolean {
  return (
    [...classes, labelAbove, labelTied, tiedTop].every((count) => count <= 0xffff) &&
    scores.every((score) => Object.is(Math.fround(score), score))
  );
}

function write(rows: Buffer, place: number, prediction: Prediction, layout: Layout): void {
  const { classes, scores } = prediction;
  if (classes.length > RANKED || scores.length !== classes.length)
    throw new RangeError(
      `Expected at most ${RANKED} classes, each with a score, but received ${classes.length}`,
    );
  const at = place * layout.bytes;
  const whole = [
    classes.length | (prediction.invalid ? INVALID : 0),
    ...[prediction.labelAbove, prediction.labelTied, prediction.tiedTop],
  ];
  for (let rank = 0; rank < RANKED; rank++) whole.push(classes[rank] ?? 0);
  whole.forEach((value, i) => rows.writeUIntLE(value, at + i * layout.whole, layout.whole));
  for (let rank = 0; rank < RANKED; rank++) {
    const to = at + layout.scores + rank * layout.score;
    if (layout === wide) rows.writeDoubleLE(scores[rank] ?? 0, to);
    else rows.writeFloatLE(scores[rank] ?? 0, to);
  }
  rows.writeDoubleLE(prediction.logSumExp, at + layout.bytes - 8);
}

// One by one, without closures or intermediate lists: reports read each row ten times and more.
function read(rows: DataView, place: number, layout: Layout): Prediction {
  const at = place * layout.bytes;
  const counted = wholeAt(rows, at, 0, layout);
  const classes: number[] = [];
  const scores: number[] = [];
  for (let rank = 0; rank < (counted & 0xff); rank++) {
    classes.push(wholeAt(rows, at, 4 + rank, layout));
    const from = at + layout.scores + rank * layout.score;
    scores.push(layout.score === 4 ? rows.getFloat32(from, true) : rows.getFloat64(from, true));
  }
  return {
    classes,
    scores,
    labelAbove: wholeAt(rows, at, 1, layout),
    labelTied: wholeAt(rows, at, 2, layout),
    tiedTop: wholeAt(rows, at, 3, layout),
    logSumExp: rows.getFloat64(at + layout.bytes - 8, true),
    invalid: (counted & INVALID) !== 0,
  };
}

function wholeAt(rows: DataView, row: number, i: number, { whole }: Layout): number {
  return whole === 2 ? rows.getUint16(row + 2 * i, true) : rows.getUint32(row + 4 * i, true);
}
