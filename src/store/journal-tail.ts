import { systemCode } from '../domain/errors.js';
import { journalFile } from './journal.js';
import { decodeEntry, type JournalEntry } from './journal-entry.js';
import { readLines } from './lines.js';

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
    const entries: JournalEntry[] = [];
    const first = this.#lines;
    try {
      const take = (value: unknown, line: number): void => {
        this.#lines = first + line;
        // The first line of the file is its header.
        if (this.#lines > 1) entries.push(decodeEntry(value, this.#path, this.#lines));
      };
      this.#at += await readLines(this.#path, take, this.#at);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    return entries;
  }
}
