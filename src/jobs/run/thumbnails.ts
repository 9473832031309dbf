import pLimit from 'p-limit';
import { decode } from 'reference-pixels/decode';
import { encodeCrop } from 'reference-pixels/encode';
import { prepare } from 'reference-pixels/prepare';
import type { Recipe } from 'reference-pixels/recipe';
import type { ImageId } from '../../domain/domain.js';
import type { Dataset } from '../../dataset/dataset.js';

/** Pictures made at the same time. */
const IN_FLIGHT = 4;

/** JPEG files of the exact crop that `recipe` makes of each image; images that can't be made are left out. */
export async function thumbnails(
  dataset: Dataset,
  ids: readonly ImageId[],
  recipe: Recipe,
): Promise<ReadonlyMap<ImageId, Uint8Array>> {
  const entries = new Map(dataset.samples.map((sample) => [sample.id, sample]));
  const one = async (id: ImageId): Promise<readonly [ImageId, Uint8Array] | null> => {
    const entry = entries.get(id);
    if (entry === undefined) return null;
    try {
      const image = await decode(await dataset.source.read(entry), recipe.decode);
      return [id, await encodeCrop(prepare(image, recipe), 'jpeg')];
    } catch {
      return null;
    }
  };
  const pictures = await pLimit(IN_FLIGHT).map(ids, one);
  return new Map(pictures.filter((picture) => picture !== null));
}
