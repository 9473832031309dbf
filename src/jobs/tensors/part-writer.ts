import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import type { Sha256 } from '../../domain/domain.js';
import { npyHeader, npyHeaderBytes, type NpyType } from '../../domain/npy.js';

/** Bytes of values in a part at most; a row that is larger has a part of its own. */
const PART_BYTES = 256 * 2 ** 20;

export interface WrittenPart {
  readonly file: string;
  readonly rows: number;
  /** Of the whole file. */
  readonly sha256: Sha256;
}

/** Where a row lies. */
export interface RowPlace {
  readonly part: string;
  readonly row: number;
}

interface OpenPart {
  readonly file: string;
  readonly handle: FileHandle;
  rows: number;
}

/** Writes rows of one shape and dtype into `part-00000.npy` and so on, in the order in which they are added. */
export class TensorParts {
  readonly #written: WrittenPart[] = [];
  #part: OpenPart | null = null;

  /** @param shape of one row */
  constructor(
    private readonly folder: string,
    private readonly dtype: NpyType,
    private readonly shape: readonly number[],
  ) {}

  async add(row: Uint8Array): Promise<RowPlace> {
    if (this.#part !== null && (this.#part.rows + 1) * row.length > PART_BYTES) await this.#close();
    this.#part ??= await this.#begin();
    const { file, handle, rows } = this.#part;
    await handle.write(row, 0, row.length, npyHeaderBytes + rows * row.length);
    this.#part.rows++;
    return { part: file, row: rows };
  }

  /** Ends the last part. */
  async finish(): Promise<readonly WrittenPart[]> {
    await this.#close();
    return this.#written;
  }

  async #begin(): Promise<OpenPart> {
    const file = `part-${String(this.#written.length).padStart(5, '0')}.npy`;
    return { file, handle: await open(join(this.folder, file), 'w+'), rows: 0 };
  }

  async #close(): Promise<void> {
    if (this.#part === null) return;
    const { file, handle, rows } = this.#part;
    this.#part = null;
    await handle.write(npyHeader(this.dtype, [rows, ...this.shape]), 0, npyHeaderBytes, 0);
    const sum = createHash('sha256');
    // Its header is known only now: the file is read once more, from the system's memory as a rule.
    for await (const chunk of handle.createReadStream({
      start: 0,
      autoClose: false,
    }) as AsyncIterable<Buffer>)
      sum.update(chunk);
    await handle.close();
    this.#written.push({ file, rows, sha256: sum.digest('hex') });
  }
}
