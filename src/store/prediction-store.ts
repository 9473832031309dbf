import type { ClassIndex, Prediction, Sha256 } from '../domain/domain.js';
import { PredictionCache } from './cache.js';
import { Journal } from './journal.js';
import type { JournalBadImage, JournalImage } from './journal-entry.js';
import type { JournalHeader } from './journal-header.js';
import type { ModelKey } from './key.js';
import type { LockTimes } from './lock.js';
import { PredictionTable } from './table.js';

/** What is known of a run's images: by its own folder's journal, and by the user's cache. */
export interface PredictionStore {
  /** What an interrupted run in this folder or any earlier run says of an image; undefined if none did. */
  get(model: ModelKey, sha256: Sha256, label: ClassIndex): Prediction | undefined;
  /** How many images of this run `get` found in the journal and in the cache. */
  reused(model: ModelKey): { readonly journal: number; readonly cache: number };
  /**
   * Keeps what models say of an image. To be called once for each image with all of its predictions, those that `get`
   * gave included: only what the journal or the cache lacks is written.
   *
   * @throws StoreError if an earlier one could not be written: the run must end
   */
  put(image: JournalImage, predictions: ReadonlyMap<ModelKey, Prediction>): void;
  /** Why an image of the interrupted run had no prediction; undefined if it had, or these are other bytes. */
  bad(index: number, sha256: Sha256 | null): JournalBadImage | undefined;
  /** @throws StoreError as `put` does */
  putBad(image: JournalBadImage): void;
  /**
   * Resolves when all that was put has reached the system: a kill loses none of it, a power cut the last second.
   *
   * @throws StoreError if it can't be written
   */
  drained(): Promise<void>;
  /**
   * Resolves when all that was put is on the disk.
   *
   * @throws StoreError if it can't be
   */
  flush(): Promise<void>;
  /**
   * The same, adds what is new to the cache, and gives the folder free.
   *
   * @throws StoreError if not all of the journal is on the disk. A cache that can't be written is only warned of.
   */
  close(): Promise<void>;
}

export interface PredictionStoreOptions {
  /** The run's --out folder. */
  readonly folder: string;
  readonly header: JournalHeader;
  /** Begin the folder's journal anew. The cache is used all the same. */
  readonly fresh: boolean;
  /** The cache's folder, see `cacheFolder`; null to do without. */
  readonly cache: string | null;
  /** Told of what a user should know and the run can go on with: a damaged segment, a cache on a full disk. */
  readonly warn: (message: string) => void;
  readonly lock?: LockTimes;
}

/** @throws StoreError as `Journal.open` does */
export async function openPredictionStore(options: PredictionStoreOptions): Promise<PredictionStore> {
  const { cache: folder, header, warn } = options;
  const journal = await Journal.open(options);
  try {
    const cache = folder === null ? null : await PredictionCache.open(folder, header.models, warn);
    return new JournalAndCache(journal, header, cache);
  } catch (error) {
    await journal.close();
    throw error;
  }
}

class JournalAndCache implements PredictionStore {
  readonly #journal: Journal;
  readonly #cache: PredictionCache | null;
  /** The journal's number of a model, and what an interrupted run had of it. */
  readonly #models: ReadonlyMap<ModelKey, { readonly number: number; readonly found: PredictionTable }>;
  readonly #width: number;
  readonly #bad = new Map<number, JournalBadImage>();
  /** Of each image and model in the journal, the bytes it was said of; see `#slot`. */
  readonly #journaled = new Map<number, Sha256>();
  readonly #reused = new Map<ModelKey, { journal: number; cache: number }>();

  constructor(journal: Journal, header: JournalHeader, cache: PredictionCache | null) {
    this.#journal = journal;
    this.#cache = cache;
    const tables = header.models.map(() => new PredictionTable());
    // Of two models with the same key only the first is in the journal; a Map keeps the last, so it is filled backwards.
    this.#models = new Map(
      header.models.map(({ key }, number) => [key, { number, found: tables[number]! }] as const).reverse(),
    );
    this.#width = header.models.length;
    for (const entry of journal.found) {
      if (entry.kind === 'bad') {
        this.#keepBad(entry.image);
        continue;
      }
      const { index, sha256, label } = entry.image;
      for (const { model, prediction } of entry.predictions) {
        tables[model]?.add(sha256, label, prediction);
        this.#journaled.set(this.#slot(index, model), sha256);
      }
      this.#bad.delete(index);
    }
  }

  get(model: ModelKey, sha256: Sha256, label: ClassIndex): Prediction | undefined {
    const counts = this.reused(model);
    const own = this.#models.get(model)?.found.get(sha256, label);
    if (own !== undefined) {
      this.#reused.set(model, { ...counts, journal: counts.journal + 1 });
      return own;
    }
    const cached = this.#cache?.get(model, sha256, label);
    if (cached !== undefined) this.#reused.set(model, { ...counts, cache: counts.cache + 1 });
    return cached;
  }

  reused(model: ModelKey): { readonly journal: number; readonly cache: number } {
    return this.#reused.get(model) ?? { journal: 0, cache: 0 };
  }

  put(image: JournalImage, predictions: ReadonlyMap<ModelKey, Prediction>): void {
    const missing: { model: number; prediction: Prediction }[] = [];
    for (const [key, prediction] of predictions) {
      const model = this.#models.get(key);
      if (model === undefined)
        throw new RangeError(`Expected one of the run's model keys but received ${key}`);
      this.#cache?.put(key, image.sha256, image.label, prediction);
      const slot = this.#slot(image.index, model.number);
      if (this.#journaled.get(slot) === image.sha256) continue;
      this.#journaled.set(slot, image.sha256);
      missing.push({ model: model.number, prediction });
    }
    this.#bad.delete(image.index);
    if (missing.length > 0) this.#journal.append({ kind: 'predictions', image, predictions: missing });
  }

  bad(index: number, sha256: Sha256 | null): JournalBadImage | undefined {
    const known = this.#bad.get(index);
    return known?.sha256 === sha256 ? known : undefined;
  }

  putBad(image: JournalBadImage): void {
    const known = this.bad(image.index, image.sha256);
    if (known?.code === image.code && known.message === image.message) return;
    this.#keepBad(image);
    this.#journal.append({ kind: 'bad', image });
  }

  /** Whatever the journal says of this image before this entry no longer counts. */
  #keepBad(image: JournalBadImage): void {
    this.#bad.set(image.index, image);
    for (let number = 0; number < this.#width; number++)
      this.#journaled.delete(this.#slot(image.index, number));
  }

  drained(): Promise<void> {
    return this.#journal.drained();
  }

  flush(): Promise<void> {
    return this.#journal.flush();
  }

  async close(): Promise<void> {
    try {
      await this.#journal.close();
    } finally {
      await this.#cache?.close();
    }
  }

  #slot(index: number, number: number): number {
    return index * this.#width + number;
  }
}
