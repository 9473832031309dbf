import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ModelKey } from './key.js';
import { PredictionTable, ROW_BYTES } from './table.js';

/** An immutable file of predictions under one model key. */
export interface Segment {
  /** Follows from the contents: two runs that write the same write the same file. */
  readonly name: string;
  readonly bytes: Buffer;
}

export const segmentSuffix = '.predictions';

const MAGIC = Buffer.from('IEPRED01', 'latin1');
const DIGEST = 32;
const HEAD = MAGIC.length + DIGEST;
/** Model key and number of rows. */
const FOREWORD = DIGEST + 4;
/** 50 000 rows: 3.0 MB, written in 0.4 s, read in 0.05 s. */
const LEVEL = 6;

/** Layout: magic, SHA-256 of what follows, model key (32 bytes), number of rows (uint32 LE), the rows, deflated. */
export function encodeSegment(key: ModelKey, table: PredictionTable): Segment {
  const foreword = Buffer.alloc(FOREWORD);
  foreword.write(key, 'hex');
  foreword.writeUInt32LE(table.size, DIGEST);
  const body = Buffer.concat([foreword, deflateRawSync(transpose(table.rows()), { level: LEVEL })]);
  const digest = createHash('sha256').update(body).digest();
  return {
    name: `${digest.toString('hex', 0, 16)}${segmentSuffix}`,
    bytes: Buffer.concat([MAGIC, digest, body]),
  };
}

/** @returns the rows of a `PredictionTable`; null if the bytes are not exactly what `encodeSegment` made for this key */
export function decodeSegment(key: ModelKey, bytes: Buffer): Buffer | null {
  if (bytes.length < HEAD + FOREWORD || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const body = bytes.subarray(HEAD);
  if (!createHash('sha256').update(body).digest().equals(bytes.subarray(MAGIC.length, HEAD))) return null;
  if (body.toString('hex', 0, DIGEST) !== key) return null;
  try {
    const columns = inflateRawSync(body.subarray(FOREWORD));
    return columns.length === body.readUInt32LE(DIGEST) * ROW_BYTES ? restore(columns) : null;
  } catch {
    return null;
  }
}

/** How many rows a segment says it has, unverified; 0 if it is none. */
export async function rowsIn(path: string): Promise<number> {
  const head = Buffer.alloc(HEAD + FOREWORD);
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return 0;
  try {
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const whole = bytesRead === head.length && head.subarray(0, MAGIC.length).equals(MAGIC);
    return whole ? head.readUInt32LE(HEAD + DIGEST) : 0;
  } finally {
    await file.close();
  }
}

/** Byte columns instead of rows: equal bytes come to lie together. */
function transpose(rows: Buffer): Buffer {
  const count = rows.length / ROW_BYTES;
  const columns = Buffer.allocUnsafe(rows.length);
  for (let row = 0; row < count; row++)
    for (let byte = 0; byte < ROW_BYTES; byte++) columns[byte * count + row] = rows[row * ROW_BYTES + byte]!;
  return columns;
}

function restore(columns: Buffer): Buffer {
  const count = columns.length / ROW_BYTES;
  const rows = Buffer.allocUnsafe(columns.length);
  for (let byte = 0; byte < ROW_BYTES; byte++)
    for (let row = 0; row < count; row++) rows[row * ROW_BYTES + byte] = columns[byte * count + row]!;
  return rows;
}
