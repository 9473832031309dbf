import type { Prediction, Predictions } from './domain.js';

/** Predictions that `read` makes. */
export class PredictionList implements Predictions {
  constructor(
    readonly length: number,
    private readonly read: (image: number) => Prediction,
  ) {}

  at(image: number): Prediction | undefined {
    return image < this.length ? this.read(image) : undefined;
  }

  map<T>(of: (prediction: Prediction, image: number) => T): T[] {
    return Array.from({ length: this.length }, (_, image) => of(this.read(image), image));
  }

  *[Symbol.iterator](): Iterator<Prediction> {
    for (let image = 0; image < this.length; image++) yield this.read(image);
  }
}

/** The predictions at some places of a list, in their order. */
export function predictionsAt(predictions: Predictions, places: readonly number[]): Predictions {
  return new PredictionList(places.length, (image) => predictions.at(places[image]!)!);
}
