import { ByteReader, ByteWriter } from './byte-stream.js';

/** `exact`: what comes out is what went in. `compact`: two bytes a score, within `precision`. */
export type ScoreDetail = 'exact' | 'compact';

/** One score an image; null where the image has none. */
export type Scores = readonly (number | null)[];

/** Few distinct values (quantized outputs), float32 values, others, or steps between the least and the greatest. */
const Kind = { dictionary: 0, float32: 1, float64: 2, steps: 3 } as const;

const LARGEST_DICTIONARY = 4096;
const STEPS = 8_000;
/** Two-byte codes above the steps. */
const special = { none: 65_535, positive: 65_534, negative: 65_533 } as const;

export function encodeScores(scores: Scores, detail: ScoreDetail): Buffer {
  const writer = new ByteWriter();
  const present = scores.filter((score) => score !== null);
  const distinct = [...new Set(present)].sort((a, b) => a - b);
  if (distinct.length <= LARGEST_DICTIONARY) writeDictionary(writer, scores, distinct);
  else if (detail === 'compact') writeSteps(writer, scores, distinct.filter(Number.isFinite));
  else
    writeFloats(
      writer,
      scores,
      present.every((score) => Object.is(Math.fround(score), score)),
    );
  return writer.bytes;
}

/** @returns the scores, and by how much at most each differs from what it was; 0: not at all */
export function decodeScores(bytes: Buffer): { readonly scores: Scores; readonly precision: number } {
  const reader = new ByteReader(bytes);
  const kind = reader.byte();
  const count = reader.varint();
  if (kind === Kind.dictionary) {
    const values = Array.from({ length: reader.varint() }, () => reader.double());
    const codes = readColumns(reader, count, 2).map((code) => code.readUInt16LE());
    return { scores: codes.map((code) => (code === special.none ? null : values[code]!)), precision: 0 };
  }
  if (kind === Kind.steps) {
    const least = reader.double();
    const step = reader.double();
    const scores = readColumns(reader, count, 2).map((code) => fromCode(code.readUInt16LE(), least, step));
    return { scores, precision: step / 2 };
  }
  const absent = new Set(Array.from({ length: reader.varint() }, () => reader.varint()));
  const width = kind === Kind.float32 ? 4 : 8;
  const values = readColumns(reader, count, width).map((bits) =>
    width === 4 ? bits.readFloatLE() : bits.readDoubleLE(),
  );
  return { scores: values.map((value, at) => (absent.has(at) ? null : value)), precision: 0 };
}

function writeDictionary(writer: ByteWriter, scores: Scores, values: readonly number[]): void {
  writer.byte(Kind.dictionary);
  writer.varint(scores.length);
  writer.varint(values.length);
  for (const value of values) writer.double(value);
  const codes = new Map(values.map((value, code) => [value, code]));
  writeColumns(writer, scores, 2, (bits, score) =>
    bits.writeUInt16LE(score === null ? special.none : codes.get(score)!),
  );
}

function writeSteps(writer: ByteWriter, scores: Scores, finite: readonly number[]): void {
  const least = finite[0] ?? 0;
  const step = ((finite.at(-1) ?? 0) - least) / STEPS;
  writer.byte(Kind.steps);
  writer.varint(scores.length);
  writer.double(least);
  writer.double(step);
  writeColumns(writer, scores, 2, (bits, score) => bits.writeUInt16LE(toCode(score, least, step)));
}

function writeFloats(writer: ByteWriter, scores: Scores, single: boolean): void {
  writer.byte(single ? Kind.float32 : Kind.float64);
  writer.varint(scores.length);
  const absent = scores.flatMap((score, at) => (score === null ? [at] : []));
  writer.varint(absent.length);
  for (const at of absent) writer.varint(at);
  writeColumns(writer, scores, single ? 4 : 8, (bits, score) =>
    single ? bits.writeFloatLE(score ?? 0) : bits.writeDoubleLE(score ?? 0),
  );
}

function toCode(score: number | null, least: number, step: number): number {
  if (score === null) return special.none;
  if (!Number.isFinite(score)) return score > 0 ? special.positive : special.negative;
  return Math.round((score - least) / step);
}

function fromCode(code: number, least: number, step: number): number | null {
  if (code === special.none) return null;
  if (code === special.positive) return Infinity;
  if (code === special.negative) return -Infinity;
  return least + code * step;
}

/** All first bytes, then all second bytes, and so on: high bytes vary little and compress well by themselves. */
function writeColumns(
  writer: ByteWriter,
  scores: Scores,
  width: number,
  write: (bits: Buffer, score: number | null) => void,
): void {
  const columns = Buffer.allocUnsafe(scores.length * width);
  const bits = Buffer.alloc(width);
  scores.forEach((score, at) => {
    write(bits, score);
    for (let byte = 0; byte < width; byte++) columns[byte * scores.length + at] = bits[byte]!;
  });
  writer.block(columns);
}

function readColumns(reader: ByteReader, count: number, width: number): Buffer[] {
  const columns = reader.block(count * width);
  return Array.from({ length: count }, (_, at) =>
    Buffer.from(Array.from({ length: width }, (__, byte) => columns[byte * count + at]!)),
  );
}
