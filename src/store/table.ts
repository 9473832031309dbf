import type { ClassIndex, Prediction, Sha256 } from '../domain/domain.js';
import { RANKED } from '../metrics/top-k.js';

/**
 * One model's predictions in memory, by image digest and label, as rows of fixed length: 50 000 take about 16 MB, and
 * what comes out is bit for bit what went in. The label belongs to the name of a row because a prediction says where
 * the label stands, and ImageNet has equal images with different labels.
 */
export class PredictionTable {
  readonly #places = new Map<string, number>();
  #rows: Buffer;
  #used = 0;

  constructor(expected = 64) {
    this.#rows = Buffer.allocUnsafe(Math.max(1, expected) * ROW_BYTES);
  }

  get size(): number {
    return this.#places.size;
  }

  get(sha256: Sha256, label: ClassIndex): Prediction | undefined {
    const place = this.#places.get(nameOf(sha256, label));
    return place === undefined ? undefined : readRow(this.#rows, place * ROW_BYTES);
  }

  has(sha256: Sha256, label: ClassIndex): boolean {
    return this.#places.has(nameOf(sha256, label));
  }

  /** @returns `contradicts` if another prediction has this name; it stays as it was */
  add(sha256: Sha256, label: ClassIndex, prediction: Prediction): 'added' | 'known' | 'contradicts' {
    const place = this.#nextPlace();
    writeRow(this.#rows, place * ROW_BYTES, sha256, label, prediction);
    return this.#settle(sha256, label, place);
  }

  /**
   * Adds the `rows()` of another table.
   *
   * @returns the names of rows that contradict what was there, which stays as it was
   */
  addRows(rows: Buffer): RowName[] {
    const contradicting: RowName[] = [];
    for (let offset = 0; offset < rows.length; offset += ROW_BYTES) {
      const place = this.#nextPlace();
      rows.copy(this.#rows, place * ROW_BYTES, offset, offset + ROW_BYTES);
      const sha256 = rows.toString('hex', offset, offset + SHA_BYTES);
      const label = rows.readUInt32LE(offset + LABEL);
      if (this.#settle(sha256, label, place) === 'contradicts') contradicting.push({ sha256, label });
    }
    return contradicting;
  }

  remove({ sha256, label }: RowName): void {
    this.#places.delete(nameOf(sha256, label));
  }

  /** All rows one after the other, ordered by digest, then label: equal tables give equal bytes. */
  rows(): Buffer {
    const names = [...this.#places.keys()].sort();
    const sorted = Buffer.allocUnsafe(names.length * ROW_BYTES);
    names.forEach((name, at) => {
      const from = this.#places.get(name)! * ROW_BYTES;
      this.#rows.copy(sorted, at * ROW_BYTES, from, from + ROW_BYTES);
    });
    return sorted;
  }

  #nextPlace(): number {
    const place = this.#used;
    if ((place + 1) * ROW_BYTES > this.#rows.length) {
      const larger = Buffer.allocUnsafe(this.#rows.length * 2);
      this.#rows.copy(larger);
      this.#rows = larger;
    }
    return place;
  }

  #settle(sha256: Sha256, label: ClassIndex, place: number): 'added' | 'known' | 'contradicts' {
    const name = nameOf(sha256, label);
    const known = this.#places.get(name);
    if (known === undefined) {
      this.#places.set(name, place);
      this.#used++;
      return 'added';
    }
    const row = (at: number) => this.#rows.subarray(at * ROW_BYTES, (at + 1) * ROW_BYTES);
    return row(known).equals(row(place)) ? 'known' : 'contradicts';
  }
}

export interface RowName {
  readonly sha256: Sha256;
  readonly label: ClassIndex;
}

const SHA_BYTES = 32;
const LABEL = SHA_BYTES;
const COUNT = LABEL + 4;
const ABOVE = COUNT + 4;
const TIED = ABOVE + 4;
const TIED_TOP = TIED + 4;
const CLASSES = TIED_TOP + 4;
const SCORES = CLASSES + 4 * RANKED;
const LOG_SUM = SCORES + 8 * RANKED;
const INVALID = 0x100;
export const ROW_BYTES = LOG_SUM + 8;

function nameOf(sha256: Sha256, label: ClassIndex): string {
  return `${sha256}${label.toString(16).padStart(8, '0')}`;
}

export function writeRow(
  rows: Buffer,
  at: number,
  sha256: Sha256,
  label: ClassIndex,
  prediction: Prediction,
): void {
  const { classes, scores } = prediction;
  if (classes.length > RANKED || scores.length !== classes.length)
    throw new RangeError(
      `Expected at most ${RANKED} classes, each with a score, but received ${classes.length}`,
    );
  if (rows.write(sha256, at, SHA_BYTES, 'hex') !== SHA_BYTES)
    throw new RangeError(`Expected a SHA-256 in hexadecimal but received ${sha256}`);
  rows.writeUInt32LE(label, at + LABEL);
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
