import type { Prediction } from '../domain/domain.js';
import { readJournal } from './journal.js';
import type { JournalBadImage, JournalEntry, JournalImage } from './journal-entry.js';
import type { JournalHeader } from './journal-header.js';

/** An image with what every model of the run says of it, in the order of the header's models. */
interface StoredImage {
  readonly image: JournalImage;
  readonly predictions: readonly Prediction[];
}

/** What a run's folder holds, sorted by the images' place in the list. */
export interface StoredRun {
  readonly header: JournalHeader;
  readonly images: readonly StoredImage[];
  readonly bad: readonly JournalBadImage[];
  /** Images of the run's share that are neither: it did not end. */
  readonly missing: number;
  /** Names of models that said nothing of any image, though others did of some. */
  readonly unpredicted: readonly string[];
}

/** @throws StoreError as `readJournal` does */
export async function readStoredRun(folder: string): Promise<StoredRun> {
  const latest = new Map<number, State>();
  const header = await readJournal(folder, (entry) => {
    take(latest, entry);
  });
  const order = [...latest.keys()].sort((a, b) => a - b);
  const images: StoredImage[] = [];
  const bad: JournalBadImage[] = [];
  const predicted = new Set<string | undefined>();
  for (const index of order) {
    const state = latest.get(index)!;
    if (state.kind === 'bad') bad.push(state.image);
    else {
      for (const model of state.predictions.keys()) predicted.add(header.models[model]?.key);
      const predictions = aligned(header, state.predictions);
      if (predictions !== null) images.push({ image: state.image, predictions });
    }
  }
  const share = header.shard?.images ?? header.list.images;
  const unpredicted = header.models.filter(({ key }) => predicted.size > 0 && !predicted.has(key));
  return {
    header,
    images,
    bad,
    missing: share - images.length - bad.length,
    unpredicted: unpredicted.map(({ name }) => name),
  };
}

type State =
  | {
      readonly kind: 'predictions';
      readonly image: JournalImage;
      readonly predictions: Map<number, Prediction>;
    }
  | { readonly kind: 'bad'; readonly image: JournalBadImage };

/** The last word on an image counts; predictions add up as long as they are of the same bytes. */
function take(latest: Map<number, State>, entry: JournalEntry): void {
  const { index } = entry.image;
  if (entry.kind === 'bad') {
    latest.set(index, entry);
    return;
  }
  const before = latest.get(index);
  const goesOn = before?.kind === 'predictions' && before.image.sha256 === entry.image.sha256;
  const predictions = goesOn ? before.predictions : new Map<number, Prediction>();
  for (const { model, prediction } of entry.predictions) predictions.set(model, prediction);
  latest.set(index, { kind: 'predictions', image: entry.image, predictions });
}

/** One prediction a model; of models with the same key only one is in the journal. Null if any is missing. */
function aligned(
  { models }: JournalHeader,
  predictions: ReadonlyMap<number, Prediction>,
): Prediction[] | null {
  const byKey = new Map([...predictions].map(([model, prediction]) => [models[model]?.key, prediction]));
  const all = models.map(({ key }) => byKey.get(key)).filter((prediction) => prediction !== undefined);
  return all.length === models.length ? all : null;
}
