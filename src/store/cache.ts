import { readFile, rm, stat } from 'node:fs/promises';
import { messageOf } from '../domain/errors.js';
import {
  cacheFileSuffix,
  namesIn,
  predictionsFolder,
  touchNote,
  writeNote,
  type CacheNote,
} from './cache-folder.js';
import { makeFolder, temporaryPrefix, writeDurably } from './durable.js';
import type { KeyedModel, ModelKey } from './key.js';
import type { ImageIndex, PredictionTable } from './table.js';

/** Who knows a prediction in memory: the marks of the tables, sums of these. */
export const origin = {
  /** This run, which made it. */
  run: 1,
  /** The journal of an interrupted run. */
  journal: 2,
  /** The files of the cache. */
  cache: 4,
} as const;

/** What reads and writes Parquet takes long to load: no first image waits for it. */
const loadCacheFiles = () => import('./cache-file.js');

/** More files than this are joined into one at the next write. */
const MANY = 16;
const STALE_TEMPORARY_MS = 60 * 60 * 1000;

/**
 * The part of the user's cache that belongs to one model key: predictions of all earlier runs. It never stops a run:
 * what can't be read is warned of and made again, what can't be written is warned of. Any number of runs may use one
 * folder at once, because files are written whole under names that follow from their contents, and never changed.
 */
export class CacheShare {
  readonly #folder: string;
  readonly #key: ModelKey;
  readonly #note: CacheNote;
  readonly #images: ImageIndex;
  readonly #table: PredictionTable;
  readonly #warn: (message: string) => void;
  /** The files that were read. */
  #files: string[] = [];
  /** Places of images that were stored twice with different contents: neither is believed. */
  readonly #contradicted = new Set<number>();

  constructor(
    folder: string,
    { key, parts, name, recipe }: KeyedModel,
    images: ImageIndex,
    table: PredictionTable,
    warn: (message: string) => void,
  ) {
    this.#folder = predictionsFolder(folder, key);
    this.#key = key;
    this.#note = { parts, model: name, recipe };
    this.#images = images;
    this.#table = table;
    this.#warn = warn;
  }

  /** Reads the files into the table; what the journal knows stays as it was. */
  async load(): Promise<void> {
    try {
      // A run that joins files removes them under our hands; the joined one is in the folder by then.
      for (let attempt = 0; attempt < 3; attempt++) if (await this.#read()) break;
      if (this.#files.length > 0) await touchNote(this.#folder);
    } catch (error) {
      this.#warn(`The cache can't be used: ${messageOf(error)}`);
    }
    for (const place of this.#contradicted)
      this.#table.setMark(place, this.#table.mark(place) & ~origin.cache);
    if (this.#contradicted.size > 0)
      this.#warn(
        `The cache holds contradicting predictions of ${this.#note.model} for ${this.#contradicted.size} images, ` +
          'which must not be (a faulty machine? a network whose results vary?). They are made again.',
      );
  }

  async #read(): Promise<boolean> {
    this.#files = [];
    for (const name of await namesIn(this.#folder)) {
      if (!name.endsWith(cacheFileSuffix)) continue;
      const bytes = await readFile(`${this.#folder}/${name}`).catch(() => null);
      if (bytes === null) return false;
      this.#files.push(name);
      const { decodeCacheFile } = await loadCacheFiles();
      const file = await decodeCacheFile(this.#key, bytes);
      if (file === null) this.#warn(`A damaged file of the cache is not used: ${this.#folder}/${name}`);
      for (let row = 0; row < (file?.rows ?? 0); row++) {
        const place = this.#images.place(file!.name(row));
        const mark = this.#table.mark(place);
        if (mark === 0) this.#table.set(place, file!.prediction(row), origin.cache);
        else if (mark === origin.cache && !this.#table.holds(place, file!.prediction(row)))
          this.#contradicted.add(place);
        else this.#table.setMark(place, mark | origin.cache);
      }
    }
    return true;
  }

  /** Writes what this run and the journal know and the files don't. */
  async save(): Promise<void> {
    const fresh = (place: number) => {
      const mark = this.#table.mark(place);
      return mark !== 0 && (mark & origin.cache) === 0;
    };
    const sorted = this.#images.sorted();
    if (!sorted.some(({ place }) => fresh(place))) return;
    const join = this.#files.length >= MANY || this.#contradicted.size > 0;
    try {
      await makeFolder(this.#folder);
      if (!(await touchNote(this.#folder))) await writeNote(this.#folder, this.#note);
      const entries = sorted.flatMap(({ name, place }) => {
        const prediction = join || fresh(place) ? this.#table.get(place) : undefined;
        return prediction === undefined ? [] : [{ name, prediction }];
      });
      const { encodeCacheFile } = await loadCacheFiles();
      const { name, bytes } = encodeCacheFile(this.#key, entries);
      await writeDurably(`${this.#folder}/${name}`, bytes);
      if (join) await this.#removeOthers(name);
    } catch (error) {
      this.#warn(`The cache was not written (the run's own files are): ${messageOf(error)}`);
    }
  }

  /** Those that were joined, with them damaged and contradicting ones, and what killed runs left. */
  async #removeOthers(joined: string): Promise<void> {
    for (const old of this.#files) if (old !== joined) await rm(`${this.#folder}/${old}`, { force: true });
    for (const name of await namesIn(this.#folder)) {
      if (!name.startsWith(temporaryPrefix)) continue;
      const path = `${this.#folder}/${name}`;
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      if (Date.now() - mtimeMs > STALE_TEMPORARY_MS) await rm(path, { force: true });
    }
  }
}
