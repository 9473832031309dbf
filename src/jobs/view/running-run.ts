import type { ClassIndex, Prediction } from '../../domain/domain.js';
import type { Following } from '../../page/progress.js';
import { kindOfScores } from '../../report/scores.js';
import { subjects } from '../../report/wording.js';
import { JournalTail } from '../../store/journal-tail.js';
import { isGoingOn, type RunningState } from '../../store/run-state.js';
import type { ViewedImage, ViewedRun } from './viewed-run.js';

/** A run that is going on, as its journal tells it; images stand in the order in which they were finished. */
export class RunningRun {
  readonly #tail: JournalTail;
  readonly #images: ViewedImage[] = [];
  readonly #places = new Map<number, number>();
  readonly #running: { images: number; top1: number }[];
  #bad = 0;

  constructor(
    folder: string,
    private readonly shown: string,
    private readonly state: RunningState,
  ) {
    this.#tail = new JournalTail(folder);
    this.#running = state.models.map(() => ({ images: 0, top1: 0 }));
  }

  /** @throws StoreError if the journal can't be read */
  async refresh(): Promise<void> {
    for (const entry of await this.#tail.next()) {
      if (entry.kind === 'bad') {
        this.#bad++;
        continue;
      }
      const { index, id, label } = entry.image;
      const place = this.#places.get(index) ?? this.#images.length;
      const before = this.#images[place]?.predictions ?? this.state.models.map(() => null);
      const predictions: (Prediction | null)[] = [...before];
      for (const { model, prediction } of entry.predictions) {
        this.#count(model, label, before[model] ?? null, -1);
        this.#count(model, label, prediction, 1);
        predictions[model] = prediction;
      }
      this.#places.set(index, place);
      this.#images[place] = { id, label, predictions };
    }
  }

  viewed(): ViewedRun {
    const { title, models, classes } = this.state;
    const named = models.map(({ name, comparedWith }) => ({
      name,
      against: comparedWith === null ? null : models[comparedWith]!.name,
    }));
    const compared = models.map(({ name, comparedWith }) => ({ name, comparedWith }));
    const scores = models.map(({ outputDtype }, at) =>
      kindOfScores(outputDtype, classes.length, this.#predictionsOf(at)),
    );
    return {
      title: title ?? subjects(named),
      folder: this.shown,
      models: compared,
      scores,
      classes,
      images: this.#images,
    };
  }

  *#predictionsOf(model: number): Iterable<Prediction> {
    for (const { predictions } of this.#images) {
      const prediction = predictions[model];
      if (prediction != null) yield prediction;
    }
  }

  progress(): Following | null {
    if (!isGoingOn(this.state)) return null;
    const { images: total, startedAt } = this.state;
    return {
      done: this.#images.length + this.#bad,
      total,
      seconds: (Date.now() - Date.parse(startedAt)) / 1000,
      running: this.#running,
    };
  }

  /** Adds a prediction to a model's counts, or takes one out that another has replaced. */
  #count(model: number, label: ClassIndex, prediction: Prediction | null, sign: 1 | -1): void {
    const running = this.#running[model];
    if (running === undefined || prediction === null) return;
    running.images += sign;
    if (prediction.classes[0] === label) running.top1 += sign;
  }
}
