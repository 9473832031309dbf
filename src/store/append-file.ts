import { open, type FileHandle } from 'node:fs/promises';
import { sync, writeFault } from './durable.js';
import type { StoreError } from '../domain/errors.js';

/** Between two times that what was written is brought to the disk itself. */
const SYNC_MS = 1_000;

/**
 * One writer's end of a file that only grows. Texts are written in the order they came, at once (a killed process
 * loses none that reached the system), and brought to the disk itself at intervals (a power cut loses those since).
 */
export class AppendFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #timer: NodeJS.Timeout;
  #waiting: string[] = [];
  #work: Promise<void> = Promise.resolve();
  #writing = false;
  #unsynced = false;
  #end: number;
  #fault: StoreError | null = null;

  private constructor(path: string, file: FileHandle, end: number) {
    this.#path = path;
    this.#file = file;
    this.#end = end;
    this.#timer = setInterval(() => void this.#enqueue(() => this.#sync()), SYNC_MS).unref();
  }

  /**
   * @param path an existing file
   * @param end where it ends: what follows is cut off
   * @throws StoreError if the file can't be written
   */
  static async open(path: string, end: number): Promise<AppendFile> {
    try {
      const file = await open(path, 'r+');
      try {
        await file.truncate(end);
        await sync(file);
      } catch (error) {
        await file.close();
        throw error;
      }
      return new AppendFile(path, file, end);
    } catch (error) {
      throw writeFault(path, error);
    }
  }

  /** @throws StoreError if an earlier text could not be written */
  append(text: string): void {
    if (this.#fault !== null) throw this.#fault;
    this.#waiting.push(text);
    if (this.#writing) return;
    this.#writing = true;
    void this.#enqueue(() => this.#write());
  }

  /**
   * Resolves when all that was appended is on the disk.
   *
   * @throws StoreError if it can't be
   */
  async flush(): Promise<void> {
    await this.#enqueue(() => this.#sync());
    if (this.#fault !== null) throw this.#fault;
  }

  /**
   * Resolves when all that was appended is on the disk, and gives the file back to the system.
   *
   * @throws StoreError if not all that was appended is on the disk
   */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(async () => {
      if (this.#fault !== null) return;
      try {
        await step();
      } catch (error) {
        this.#fault = writeFault(this.#path, error);
        await this.#cutTornEnd();
      }
    });
    return this.#work;
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    this.#writing = false;
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#end + done);
      done += bytesWritten;
      this.#unsynced = true;
    }
    this.#end += bytes.length;
  }

  async #sync(): Promise<void> {
    if (!this.#unsynced) return;
    await sync(this.#file);
    this.#unsynced = false;
  }

  /** For tidiness only: whoever opens the file next cuts a torn end off as well. */
  async #cutTornEnd(): Promise<void> {
    try {
      await this.#file.truncate(this.#end);
    } catch {
      // Nothing more can be done on a disk that refuses this too.
    }
  }
}
