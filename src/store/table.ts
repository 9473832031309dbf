import type { ClassIndex, Prediction, Sha256 } from '../domain/domain.js';
import { RANKED } from '../metrics/top-k.js';

/** An image by its bytes and its label. */
export interface ImageName {
  readonly sha256: Sha256;
  readonly label: ClassIndex;
}

/**
 * The images that something is known of, each with a place from 0 on. The label belongs to an image's name because a
 * prediction says where the label stands, and ImageNet has equal images with different labels.
 */
export class ImageIndex {
  readonly #places = new Map<string, number>();

  get size(): number {
    return this.#places.size;
  }

  find(name: ImageName): number | undefined {
    return this.#places.get(textOf(name));
  }

  /** Its place, a new one where it had none. */
  place(name: ImageName): number {
    const text = textOf(name);
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.#places.size);
    return this.#places.size - 1;
  }

  /** All names with their places, in the order of digests: equal images give equal lists. */
  sorted(): { readonly name: ImageName; readonly place: number }[] {
    return [...this.#places]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([text, place]) => ({
        name: { sha256: text.slice(0, DIGITS), label: Number.parseInt(text.slice(DIGITS), 16) },
        place,
      }));
  }
}

const DIGITS = 64;

function textOf({ sha256, label }: ImageName): string {
  return `${sha256}${label.toString(16).padStart(8, '0')}`;
}

/**
 * One model's predictions in memory by an image's place, as rows of fixed length: 50 000 take 4 MB, where objects take
 * 14 and more. What comes out is bit for bit what went in.
 */
export class PredictionTable {
  #rows: Buffer;
  #marks: Uint8Array;

  /** @param places room for so many; more are made where they are needed, at the price of a copy */
  constructor(places: number) {
    this.#rows = Buffer.alloc(places * ROW_BYTES);
    this.#marks = new Uint8Array(places);
  }

  /** The mark that a place was set with; 0 where nothing was set. */
  mark(place: number): number {
    return this.#marks[place] ?? 0;
  }

  get(place: number): Prediction | undefined {
    return this.mark(place) === 0 ? undefined : readRow(this.#rows, place * ROW_BYTES);
  }

  /** @param mark 1 to 255 */
  set(place: number, prediction: Prediction, mark: number): void {
    this.#reserve(place + 1);
    writeRow(this.#rows, place * ROW_BYTES, prediction);
    this.#marks[place] = mark;
  }

  remark(place: number, mark: number): void {
    this.#marks[place] = mark;
  }

  /** Whether a prediction is, bit for bit, what stands at a place. */
  holds(place: number, prediction: Prediction): boolean {
    const row = Buffer.alloc(ROW_BYTES);
    writeRow(row, 0, prediction);
    return row.equals(this.#rows.subarray(place * ROW_BYTES, (place + 1) * ROW_BYTES));
  }

  #reserve(places: number): void {
    if (places <= this.#marks.length) return;
    const capacity = Math.max(places, 64, Math.ceil(this.#marks.length * 1.25));
    const rows = Buffer.alloc(capacity * ROW_BYTES);
    this.#rows.copy(rows);
    const marks = new Uint8Array(capacity);
    marks.set(this.#marks);
    this.#rows = rows;
    this.#marks = marks;
  }
}

const COUNT = 0;
const ABOVE = COUNT + 4;
const TIED = ABOVE + 4;
const TIED_TOP = TIED + 4;
const CLASSES = TIED_TOP + 4;
const SCORES = CLASSES + 4 * RANKED;
const LOG_SUM = SCORES + 8 * RANKED;
const INVALID = 0x100;
export const ROW_BYTES = LOG_SUM + 8;

export function writeRow(rows: Buffer, at: number, prediction: Prediction): void {
  const { classes, scores } = prediction;
  if (classes.length > RANKED || scores.length !== classes.length)
    throw new RangeError(
      `Expected at most ${RANKED} classes, each with a score, but received ${classes.length}`,
    );
  rows.writeUInt32LE(classes.length | (prediction.invalid ? INVALID : 0), at + COUNT);
  rows.writeUInt32LE(prediction.labelAbove, at + ABOVE);
  rows.writeUInt32LE(prediction.labelTied, at + TIED);
  rows.writeUInt32LE(prediction.tiedTop, at + TIED_TOP);
  for (let rank = 0; rank < RANKED; rank++) {
    rows.writeUInt32LE(classes[rank] ?? 0, at + CLASSES + 4 * rank);
    rows.writeDoubleLE(scores[rank] ?? 0, at + SCORES + 8 * rank);
  }
  rows.writeDoubleLE(prediction.logSumExp, at + LOG_SUM);
}

export function readRow(rows: Buffer, at: number): Prediction {
  const counted = rows.readUInt32LE(at + COUNT);
  const ranks = Array.from({ length: counted & 0xff }, (_, rank) => rank);
  return {
    classes: ranks.map((rank) => rows.readUInt32LE(at + CLASSES + 4 * rank)),
    scores: ranks.map((rank) => rows.readDoubleLE(at + SCORES + 8 * rank)),
    labelAbove: rows.readUInt32LE(at + ABOVE),
    labelTied: rows.readUInt32LE(at + TIED),
    tiedTop: rows.readUInt32LE(at + TIED_TOP),
    logSumExp: rows.readDoubleLE(at + LOG_SUM),
    invalid: (counted & INVALID) !== 0,
  };
}
