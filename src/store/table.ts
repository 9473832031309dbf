import { byCodeUnit, type ClassIndex, type Prediction, type Sha256 } from '../domain/domain.js';
import { PackedPredictions } from './packed-predictions.js';

/** An image by its bytes and its label. */
export interface ImageName {
  readonly sha256: Sha256;
  readonly label: ClassIndex;
}

/**
 * The images that something is known of, each with a place from 0 on. The label belongs to an image's name because a
 * prediction says where the label stands, and ImageNet has equal images with different labels.
 */
export class ImageIndex {
  readonly #places = new Map<string, number>();

  find(name: ImageName): number | undefined {
    return this.#places.get(textOf(name));
  }

  /** Its place, a new one where it had none. */
  place(name: ImageName): number {
    const text = textOf(name);
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.#places.size);
    return this.#places.size - 1;
  }

  /** All names with their places, in the order of digests: equal images give equal lists. */
  sorted(): { readonly name: ImageName; readonly place: number }[] {
    return [...this.#places]
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([text, place]) => ({
        name: { sha256: text.slice(0, DIGITS), label: Number.parseInt(text.slice(DIGITS), 16) },
        place,
      }));
  }
}

const DIGITS = 64;

function textOf({ sha256, label }: ImageName): string {
  return `${sha256}${label.toString(16).padStart(8, '0')}`;
}

/** One model's predictions in memory by an image's place, each with a mark. */
export class PredictionTable {
  readonly #rows: PackedPredictions;
  #marks: Uint8Array;

  /** @param places room for so many; more are made where they are needed, at the price of a copy */
  constructor(places: number) {
    this.#rows = new PackedPredictions(places);
    this.#marks = new Uint8Array(places);
  }

  /** The mark that a place was set with; 0 where nothing was set. */
  mark(place: number): number {
    return this.#marks[place] ?? 0;
  }

  get(place: number): Prediction | undefined {
    return this.mark(place) === 0 ? undefined : this.#rows.get(place);
  }

  /** @param mark 1 to 255 */
  set(place: number, prediction: Prediction, mark: number): void {
    this.#reserve(place + 1);
    this.#rows.set(place, prediction);
    this.#marks[place] = mark;
  }

  /** @param mark 0 to 255; 0 where nothing is to be known any more */
  setMark(place: number, mark: number): void {
    this.#marks[place] = mark;
  }

  /** Whether a prediction is, bit for bit, what stands at a place. */
  holds(place: number, prediction: Prediction): boolean {
    return this.#rows.holds(place, prediction);
  }

  #reserve(places: number): void {
    if (places <= this.#marks.length) return;
    const capacity = Math.max(places, 64, Math.ceil(this.#marks.length * 1.25));
    this.#rows.grow(capacity);
    const marks = new Uint8Array(capacity);
    marks.set(this.#marks);
    this.#marks = marks;
  }
}
