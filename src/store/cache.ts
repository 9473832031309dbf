import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import type { ClassIndex, Prediction, Sha256 } from '../domain/domain.js';
import { messageOf } from '../domain/errors.js';
import { namesIn, predictionsFolder, touchNote, writeNote, type CacheNote } from './cache-folder.js';
import { temporaryPrefix, writeDurably } from './durable.js';
import type { KeyedModel, ModelKey } from './key.js';
import { decodeSegment, encodeSegment, segmentSuffix } from './segment.js';
import { PredictionTable, type RowName } from './table.js';

/**
 * Predictions of all earlier runs of one user, by model key. It never stops a run: what can't be read is warned of
 * and made again, what can't be written is warned of. Any number of runs may use one folder at once, because files
 * are written whole under names that follow from their contents, and never changed.
 */
export class PredictionCache {
  readonly #shares: ReadonlyMap<ModelKey, CacheShare>;

  private constructor(shares: ReadonlyMap<ModelKey, CacheShare>) {
    this.#shares = shares;
  }

  /** Reads what there is under the models' keys, and nothing else. */
  static async open(
    folder: string,
    models: readonly KeyedModel[],
    warn: (message: string) => void,
  ): Promise<PredictionCache> {
    const shares = new Map<ModelKey, CacheShare>();
    for (const { key, parts, name, recipe } of models) {
      if (shares.has(key)) continue;
      const share = new CacheShare(predictionsFolder(folder, key), key, { parts, model: name, recipe }, warn);
      await share.load();
      shares.set(key, share);
    }
    return new PredictionCache(shares);
  }

  get(model: ModelKey, sha256: Sha256, label: ClassIndex): Prediction | undefined {
    return this.#shares.get(model)?.get(sha256, label);
  }

  put(model: ModelKey, sha256: Sha256, label: ClassIndex, prediction: Prediction): void {
    this.#shares.get(model)?.put(sha256, label, prediction);
  }

  /** Writes what was put. */
  async close(): Promise<void> {
    for (const share of this.#shares.values()) await share.save();
  }
}

/** More segments than this are joined into one at the next write. */
const MANY = 16;
const STALE_TEMPORARY_MS = 60 * 60 * 1000;

/** The part of the cache that belongs to one model key. */
class CacheShare {
  readonly #folder: string;
  readonly #key: ModelKey;
  readonly #note: CacheNote;
  readonly #warn: (message: string) => void;
  #stored = new PredictionTable();
  #added = new PredictionTable();
  /** The segments that `#stored` was read from. */
  #segments: string[] = [];
  /** Images that were stored twice with different contents: neither is believed. */
  #contradicted = 0;

  constructor(folder: string, key: ModelKey, note: CacheNote, warn: (message: string) => void) {
    this.#folder = folder;
    this.#key = key;
    this.#note = note;
    this.#warn = warn;
  }

  get(sha256: Sha256, label: ClassIndex): Prediction | undefined {
    return this.#stored.get(sha256, label);
  }

  put(sha256: Sha256, label: ClassIndex, prediction: Prediction): void {
    if (!this.#stored.has(sha256, label)) this.#added.add(sha256, label, prediction);
  }

  async load(): Promise<void> {
    try {
      // A run that joins segments removes them under our hands; the joined one is in the folder by then.
      for (let attempt = 0; attempt < 3; attempt++) if (await this.#read()) break;
      if (this.#segments.length > 0) await touchNote(this.#folder);
    } catch (error) {
      this.#warn(`The cache can't be used: ${messageOf(error)}`);
    }
    if (this.#contradicted > 0)
      this.#warn(
        `The cache holds contradicting predictions of ${this.#note.model} for ${this.#contradicted} images, ` +
          'which must not be (a faulty machine? a network whose results vary?). They are made again.',
      );
  }

  async #read(): Promise<boolean> {
    this.#stored = new PredictionTable();
    this.#segments = [];
    const contradicting: RowName[] = [];
    for (const name of await namesIn(this.#folder)) {
      if (!name.endsWith(segmentSuffix)) continue;
      const bytes = await readFile(`${this.#folder}/${name}`).catch(() => null);
      if (bytes === null) return false;
      this.#segments.push(name);
      const rows = decodeSegment(this.#key, bytes);
      if (rows === null) this.#warn(`A damaged file of the cache is not used: ${this.#folder}/${name}`);
      else contradicting.push(...this.#stored.addRows(rows));
    }
    for (const name of contradicting) this.#stored.remove(name);
    this.#contradicted = contradicting.length;
    return true;
  }

  async save(): Promise<void> {
    if (this.#added.size === 0) return;
    try {
      await mkdir(this.#folder, { recursive: true });
      if (!(await touchNote(this.#folder))) await writeNote(this.#folder, this.#note);
      if (this.#segments.length >= MANY || this.#contradicted > 0) await this.#join();
      else {
        const { name, bytes } = encodeSegment(this.#key, this.#added);
        await writeDurably(`${this.#folder}/${name}`, bytes);
      }
    } catch (error) {
      this.#warn(`The cache was not written (the run's own files are): ${messageOf(error)}`);
    }
  }

  /** Writes one segment instead of those that were read; damaged and contradicting ones end here. */
  async #join(): Promise<void> {
    const all = new PredictionTable(this.#added.size + this.#stored.size);
    all.addRows(this.#stored.rows());
    all.addRows(this.#added.rows());
    const { name, bytes } = encodeSegment(this.#key, all);
    await writeDurably(`${this.#folder}/${name}`, bytes);
    for (const old of this.#segments) if (old !== name) await rm(`${this.#folder}/${old}`, { force: true });
    await this.#removeLeftovers();
  }

  /** Temporary files of runs that were killed while writing. */
  async #removeLeftovers(): Promise<void> {
    for (const name of await namesIn(this.#folder)) {
      if (!name.startsWith(temporaryPrefix)) continue;
      const path = `${this.#folder}/${name}`;
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      if (Date.now() - mtimeMs > STALE_TEMPORARY_MS) await rm(path, { force: true });
    }
  }
}
