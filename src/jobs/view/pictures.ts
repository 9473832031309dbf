import pLimit from 'p-limit';
import { decode } from 'reference-pixels/decode';
import { encodeCrop } from 'reference-pixels/encode';
import { prepare } from 'reference-pixels/prepare';
import type { PixelBlock, Recipe } from 'reference-pixels/recipe';

import type { ImageEntry, ImageSource } from '../../dataset/image-source.js';
import type { ImageId } from '../../domain/domain.js';
import type { Step } from '../../page/images.js';

/** Pictures made at the same time. */
const IN_FLIGHT = 4;

/** Finished pictures that are kept, about 10 kB each. */
const KEPT = 2000;

/** Makes JPEG pictures of a run's images on demand, from where the run read them. */
export class Pictures {
  readonly #entries: ReadonlyMap<ImageId, ImageEntry>;
  readonly #limit = pLimit(IN_FLIGHT);
  readonly #kept = new Map<string, Promise<Uint8Array>>();

  constructor(
    private readonly source: ImageSource,
    private readonly recipe: Recipe,
  ) {
    this.#entries = new Map(source.entries.map((entry) => [entry.id, entry]));
  }

  has(id: ImageId): boolean {
    return this.#entries.has(id);
  }

  /** @throws ImageError where the image can't be decoded, RangeError where there is none of that name. */
  jpeg(id: ImageId, step: Step): Promise<Uint8Array> {
    const key = `${step} ${id}`;
    const known = this.#kept.get(key);
    // What was asked for last is thrown away last.
    if (known !== undefined) this.#kept.delete(key);
    const picture = known ?? this.#limit(() => this.#make(id, step));
    this.#kept.set(key, picture);
    picture.catch(() => this.#kept.delete(key));
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return picture;
  }

  close(): Promise<void> {
    return this.source.close();
  }

  async #make(id: ImageId, step: Step): Promise<Uint8Array> {
    const image = await this.#decode(id);
    const block: PixelBlock =
      step === 'decoded'
        ? image
        : prepare(image, step === 'crop' ? this.recipe : { ...this.recipe, crop: null });
    return encodeCrop(block, 'jpeg');
  }

  async #decode(id: ImageId) {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new RangeError(`no image ${id}`);
    return decode(await this.source.read(entry), this.recipe.decode);
  }
}
