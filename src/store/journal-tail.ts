import { open } from 'node:fs/promises';
import { systemCode } from './durable.js';
import { journalFile } from './journal.js';
import { decodeEntry, type JournalEntry } from './journal-entry.js';
import { decodeLines } from './lines.js';

/** Reads a journal while a run writes into it, from where the last look ended. It changes nothing and takes no lock. */
export class JournalTail {
  readonly #path: string;
  #at = 0;
  #lines = 0;

  constructor(folder: string) {
    this.#path = `${folder}/${journalFile}`;
  }

  /**
   * The entries that were written since the last call; a line that is half written waits for the next one.
   *
   * @throws StoreError if the journal is damaged or of another version
   */
  async next(): Promise<JournalEntry[]> {
    const bytes = await this.#rest();
    const { values, soundBytes } = decodeLines(bytes, this.#path);
    const first = this.#lines;
    this.#at += soundBytes;
    this.#lines += values.length;
    // The first line of the file is its header.
    return values.flatMap((value, at) =>
      first + at === 0 ? [] : [decodeEntry(value, this.#path, first + at + 1)],
    );
  }

  async #rest(): Promise<Buffer> {
    try {
      const handle = await open(this.#path);
      try {
        const { size } = await handle.stat();
        const bytes = Buffer.alloc(Math.max(0, size - this.#at));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.#at);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
  }
}
