import { rm, stat } from 'node:fs/promises';
import { StoreError, systemCode } from '../domain/errors.js';
import { AppendFile } from './append-file.js';
import { makeFolder, removeLeftovers, writeDurably, writeFault } from './durable.js';
import { setAside } from './run-state.js';
import { decodeEntry, encodeEntry, type JournalEntry } from './journal-entry.js';
import { decodeHeader, encodeHeader, headerChanges, type JournalHeader } from './journal-header.js';
import { encodeLine, readLines } from './lines.js';
import { FolderLock } from './lock.js';

/** Name of the journal in a report folder. */
export const journalFile = 'journal.jsonl';

/** Which journal to open, and for which run. */
export interface JournalOptions {
  /** The run's folder; made if it is missing. */
  readonly folder: string;
  readonly header: JournalHeader;
  /** Begin anew even if there is a journal, whatever its state. */
  readonly fresh: boolean;
  /** Told of what an earlier, interrupted run left, entry by entry, before `open` resolves. */
  readonly onEntry?: (entry: JournalEntry) => void;
}

/**
 * The file in which a run keeps what it knows, from the first image on. It holds the folder's lock while it is open.
 * Whatever moment the process is killed at, what it had appended before is found again.
 */
export class Journal {
  readonly #lock: FolderLock;
  readonly #file: AppendFile;

  private constructor(lock: FolderLock, file: AppendFile) {
    this.#lock = lock;
    this.#file = file;
  }

  /**
   * Begins a journal or goes on with the one that is there. A finished run under other settings is set aside first.
   *
   * @throws StoreError if another process is writing into the folder, if an unfinished journal there was begun
   *   under other settings (each is named), is damaged or of another version, or if the folder can't be written
   */
  static async open({ folder, header, fresh, onEntry = () => undefined }: JournalOptions): Promise<Journal> {
    try {
      await makeFolder(folder);
    } catch (error) {
      throw writeFault(folder, error);
    }
    const lock = await FolderLock.take(folder);
    try {
      await removeLeftovers(folder);
      const path = `${folder}/${journalFile}`;
      let changes: readonly string[] = [];
      const goesOn = (old: JournalHeader): boolean => {
        changes = headerChanges(old, header);
        return changes.length === 0;
      };
      const found = fresh ? null : await readIfThere(path, goesOn, onEntry);
      const old = changes.length === 0 ? found : null;
      // A finished run makes room, with its journal; only one that could still go on asks.
      if (old === null && !(await setAside(folder, [journalFile])) && changes.length > 0)
        throw settingsChanged(path, changes);
      const file = await AppendFile.open(path, old?.soundBytes ?? (await begin(path, header)));
      return new Journal(lock, file);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** @throws StoreError if an earlier entry could not be written */
  append(entry: JournalEntry): void {
    this.#file.append(encodeLine(encodeEntry(entry)));
  }

  /**
   * Resolves when all entries are on the disk.
   *
   * @throws StoreError if they can't be
   */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /**
   * Resolves when all entries are on the disk, and gives the folder free.
   *
   * @throws StoreError if not all entries are on the disk; the folder is free then as well
   */
  async close(): Promise<void> {
    try {
      await this.#file.close();
    } finally {
      await this.#lock.release();
    }
  }
}

/**
 * Reads a run's journal without changing anything.
 *
 * @throws StoreError if there is none, or it is damaged or of another version
 */
export async function readJournal(
  folder: string,
  onEntry: (entry: JournalEntry) => void,
): Promise<JournalHeader> {
  const found = await readIfThere(`${folder}/${journalFile}`, () => true, onEntry);
  if (found !== null) return found.header;
  throw new StoreError({
    code: 'no-journal',
    what: `holds no run: there is no ${journalFile}`,
    where: folder,
    remedy: 'Give the --out folder of a run.',
  });
}

interface ReadJournal {
  readonly header: JournalHeader;
  /** Bytes up to the end of the last sound line. */
  readonly soundBytes: number;
}

/**
 * @param wanted whether the entries of a run with this header are to be read
 * @returns null where there is no journal, or an empty one
 */
async function readIfThere(
  path: string,
  wanted: (header: JournalHeader) => boolean,
  onEntry: (entry: JournalEntry) => void,
): Promise<ReadJournal | null> {
  const headers: JournalHeader[] = [];
  let reading = false;
  const take = (value: unknown, line: number): void => {
    if (line === 1) {
      const header = decodeHeader(value, path);
      headers.push(header);
      reading = wanted(header);
    } else if (reading) onEntry(decodeEntry(value, path, line));
  };
  try {
    // A power cut can leave an empty file where the file system can't sync.
    if ((await stat(path)).size === 0) return null;
    const soundBytes = await readLines(path, take);
    return { header: headers[0] ?? decodeHeader(null, path), soundBytes };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    if (error instanceof StoreError) throw error;
    throw new StoreError({
      code: 'not-readable',
      what: "can't be read",
      where: path,
      remedy: 'Give another --out.',
      cause: error,
    });
  }
}

/** @returns the length of the new file */
async function begin(path: string, header: JournalHeader): Promise<number> {
  const line = encodeLine(encodeHeader(header));
  try {
    await rm(path, { force: true });
    await writeDurably(path, line);
  } catch (error) {
    throw writeFault(path, error);
  }
  return Buffer.byteLength(line);
}

function settingsChanged(path: string, changes: readonly string[]): StoreError {
  return new StoreError({
    code: 'settings-changed',
    what: `the unfinished run in this folder was begun with other settings:\n${changes.map((line) => `    ${line}`).join('\n')}`,
    where: path,
    remedy: 'Give another --out, or start over with --fresh; what the cache holds is used all the same.',
  });
}
