import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { parquetMetadata, parquetRead } from 'hyparquet';
import { ByteWriter, ParquetWriter, schemaFromColumnData, type ColumnSource } from 'hyparquet-writer';

/** One column of a table: as many values as the others have, of one type; null where `nullable`. */
export interface Column {
  readonly name: string;
  readonly type: 'STRING' | 'INT32' | 'FLOAT' | 'DOUBLE' | 'BOOLEAN';
  readonly values: readonly (string | number | boolean | null)[];
  readonly nullable?: boolean;
}

/** A table as it was read: columns by name, and the JSON that stands beside them. */
export interface Table {
  readonly head: unknown;
  readonly rows: number;
  /** Values of a column; undefined where there is none of this name. */
  column(name: string): ArrayLike<unknown> | undefined;
}

const HEAD = 'onnx-imagenet-eval';
const DIGEST = 'onnx-imagenet-eval.sha256';
const zeros = '0'.repeat(64);
/** What this program writes of ImageNet lies in one group. */
const GROUP = 1 << 20;

/** Names share their beginnings, scores their high bytes. Scores have no dictionary, which would take -0 for 0. */
const encodings = {
  STRING: { encoding: 'DELTA_BYTE_ARRAY' },
  INT32: {},
  FLOAT: { encoding: 'BYTE_STREAM_SPLIT' },
  DOUBLE: { encoding: 'BYTE_STREAM_SPLIT' },
  BOOLEAN: {},
} as const satisfies Record<Column['type'], Pick<ColumnSource, 'encoding'>>;

/**
 * A table as an Apache Parquet file, compressed with Brotli, which pandas, polars and DuckDB open. Equal tables give
 * equal bytes. The file's key-value metadata hold `head` as JSON, and a SHA-256 over the whole file with 64 zeros in its place.
 */
export function encodeTable(head: unknown, columns: readonly Column[]): Buffer {
  const columnData = columns.map(({ name, type, values, nullable = false }): ColumnSource => ({
    name,
    type,
    // The writer's types have no readonly arrays; it changes none.
    data: values as (string | number | boolean | null)[],
    nullable,
    ...encodings[type],
  }));
  const writer = new ByteWriter();
  const kvMetadata: { key: string; value: string }[] = [];
  const file = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData }),
    codec: 'BROTLI',
    compressors: { BROTLI: compress },
    statistics: false,
    kvMetadata,
    createdBy: HEAD,
  });
  void file.write({ columnData, rowGroupSize: GROUP, pageSize: 1 << 30 });
  const text = JSON.stringify(head);
  kvMetadata.push({ key: HEAD, value: text }, { key: DIGEST, value: zeros });
  void file.finish();
  const bytes = Buffer.from(writer.getBytes());
  bytes.write(digestOf(bytes), bytes.lastIndexOf(zeros));
  return bytes;
}

/** @throws an Error if `encodeTable` did not make exactly these bytes */
export async function decodeTable(bytes: Buffer): Promise<Table> {
  const file = bufferOf(bytes);
  const metadata = parquetMetadata(file);
  const kept = (key: string) => metadata.key_value_metadata?.find((pair) => pair.key === key)?.value;
  const text = kept(HEAD);
  if (text === undefined) throw new Error('is no table of onnx-imagenet-eval');
  const digest = kept(DIGEST) ?? '';
  const blank = Buffer.from(bytes);
  if (digest.length === zeros.length) blank.write(zeros, blank.lastIndexOf(digest));
  if (digest !== digestOf(blank)) throw new Error('is not as it was written (SHA-256)');
  const rows = Number(metadata.num_rows);
  const columns = new Map<string, ArrayLike<unknown>>();
  await parquetRead({
    file,
    metadata,
    compressors: { BROTLI: (input) => brotliDecompressSync(input) },
    onChunk({ columnName, columnData, rowStart }) {
      const before = columns.get(columnName);
      columns.set(
        columnName,
        before === undefined || rowStart === 0 ? columnData : joined(before, columnData),
      );
    },
  });
  return { head: JSON.parse(text), rows, column: (name) => columns.get(name) };
}

/** How many rows a file says that it has, unverified; 0 if it is no Parquet file. */
export function rowsOf(bytes: Buffer): number {
  try {
    return Number(parquetMetadata(bufferOf(bytes)).num_rows);
  } catch {
    return 0;
  }
}

function bufferOf(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

function joined(before: ArrayLike<unknown>, more: ArrayLike<unknown>): unknown[] {
  return [...Array.from(before), ...Array.from(more)];
}

function compress(input: Uint8Array): Uint8Array {
  return brotliCompressSync(input, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 6,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: input.length,
    },
  });
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
