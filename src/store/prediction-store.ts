import type { ClassIndex, Prediction, Sha256 } from '../domain/domain.js';
import { CacheShare, origin } from './cache.js';
import { Journal } from './journal.js';
import type { JournalBadImage, JournalEntry, JournalImage } from './journal-entry.js';
import type { JournalHeader } from './journal-header.js';
import type { ModelKey } from './key.js';
import { ImageIndex, PredictionTable } from './table.js';

/** Where a run's predictions are kept, and what the run is. */
export interface PredictionStoreOptions {
  /** The run's --out folder. */
  readonly folder: string;
  readonly header: JournalHeader;
  /** Begin the folder's journal anew. The cache is used all the same. */
  readonly fresh: boolean;
  /** The cache's folder, see `cacheFolder`; null to do without. */
  readonly cache: string | null;
  /** Told of what a user should know and the run can go on with: a damaged file, a cache on a full disk. */
  readonly warn: (message: string) => void;
}

/** @throws StoreError as `Journal.open` does */
export async function openPredictionStore(options: PredictionStoreOptions): Promise<PredictionStore> {
  const { cache, header, warn } = options;
  const found = new Found(header);
  const journal = await Journal.open({
    ...options,
    onEntry: (entry) => {
      found.take(entry);
    },
  });
  const shares: CacheShare[] = [];
  try {
    for (const [key, { number, table }] of cache === null ? [] : found.models) {
      const share = new CacheShare(cache!, { ...header.models[number]!, key }, found.images, table, warn);
      await share.load();
      shares.push(share);
    }
  } catch (error) {
    await journal.close();
    throw error;
  }
  return new PredictionStore(journal, found, shares);
}

/** What is known of a run's images before it goes on: a prediction is in memory once, whoever knew it. */
class Found {
  readonly images = new ImageIndex();
  /** The journal's number of a model, and what is known of it. Of two models with the same key only the first counts. */
  readonly models: ReadonlyMap<ModelKey, { readonly number: number; readonly table: PredictionTable }>;
  readonly bad = new Map<number, JournalBadImage>();
  readonly #keys: readonly ModelKey[];
  /** By image of the list, then by model: the place in `images`, plus one, that the journal's last word is about. */
  readonly #journaled: Uint32Array;

  constructor({ models, list }: JournalHeader) {
    this.#keys = models.map(({ key }) => key);
    this.models = new Map(
      models
        .map(({ key }, index) => [key, { number: index, table: new PredictionTable(list.images) }] as const)
        .reverse(),
    );
    this.#journaled = new Uint32Array(list.images * models.length);
  }

  take(entry: JournalEntry): void {
    if (entry.kind === 'bad') {
      this.takeBad(entry.image);
      return;
    }
    for (const { model, prediction } of entry.predictions) {
      const known = this.models.get(this.#keys[model]!);
      if (known === undefined) continue;
      const place = this.images.place(entry.image);
      known.table.set(place, prediction, origin.journal);
      this.journaled(entry.image, known.number);
    }
    this.bad.delete(entry.image.index);
  }

  /** Whether the journal had a model's prediction of this image already; from now on it has. */
  journaled(image: JournalImage, number: number): boolean {
    const slot = image.index * this.#keys.length + number;
    const place = this.images.place(image) + 1;
    const had = this.#journaled[slot] === place;
    this.#journaled[slot] = place;
    return had;
  }

  /** Whatever the journal said of this image before no longer counts. */
  takeBad(image: JournalBadImage): void {
    this.bad.set(image.index, image);
    const from = image.index * this.#keys.length;
    this.#journaled.fill(0, from, from + this.#keys.length);
  }
}

/** What is known of a run's images: by its own folder's journal, and by the user's cache. */
export class PredictionStore {
  readonly #journal: Journal;
  readonly #found: Found;
  readonly #shares: readonly CacheShare[];

  constructor(journal: Journal, found: Found, shares: readonly CacheShare[]) {
    this.#journal = journal;
    this.#found = found;
    this.#shares = shares;
  }

  /** What an interrupted run in this folder or any earlier run says of an image; undefined if none did. */
  get(model: ModelKey, sha256: Sha256, label: ClassIndex): Prediction | undefined {
    const place = this.#found.images.find({ sha256, label });
    const table = this.#found.models.get(model)?.table;
    if (place === undefined || table === undefined || table.mark(place) === origin.run) return undefined;
    return table.get(place);
  }

  /**
   * Keeps what models say of an image. To be called once for each image with all of its predictions, those that `get`
   * gave included: only what the journal or the cache lacks is written.
   *
   * @throws StoreError if an earlier one could not be written: the run must end
   */
  put(image: JournalImage, predictions: ReadonlyMap<ModelKey, Prediction>): void {
    const missing: { model: number; prediction: Prediction }[] = [];
    for (const [key, prediction] of predictions) {
      const model = this.#found.models.get(key);
      if (model === undefined)
        throw new RangeError(`Expected one of the run's model keys but received ${key}`);
      const { number, table } = model;
      if (this.#shares.length > 0) {
        const place = this.#found.images.place(image);
        if (table.mark(place) === 0) table.set(place, prediction, origin.run);
      }
      if (!this.#found.journaled(image, number)) missing.push({ model: number, prediction });
    }
    this.#found.bad.delete(image.index);
    if (missing.length > 0) this.#journal.append({ kind: 'predictions', image, predictions: missing });
  }

  /** Why an image of the interrupted run had no prediction; undefined if it had, or these are other bytes. */
  bad(index: number, sha256: Sha256 | null): JournalBadImage | undefined {
    const known = this.#found.bad.get(index);
    return known?.sha256 === sha256 ? known : undefined;
  }

  /** @throws StoreError as `put` does */
  putBad(image: JournalBadImage): void {
    const known = this.bad(image.index, image.sha256);
    if (known?.code === image.code && known.message === image.message) return;
    this.#found.takeBad(image);
    this.#journal.append({ kind: 'bad', image });
  }

  /**
   * Resolves when all that was put is on the disk.
   *
   * @throws StoreError if it can't be
   */
  flush(): Promise<void> {
    return this.#journal.flush();
  }

  /**
   * Brings all that was put to the disk, adds what is new to the cache, and gives the folder free.
   *
   * @throws StoreError if not all of the journal is on the disk. A cache that can't be written is only warned of.
   */
  async close(): Promise<void> {
    try {
      await this.#journal.close();
    } finally {
      for (const share of this.#shares) await share.save();
    }
  }
}
