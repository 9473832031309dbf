import type { ImageId } from '../domain.js';
import type { Dataset } from '../dataset/dataset.js';
import { decode } from '../image/decoders.js';
import { encodeCrop } from '../image/encode.js';
import { prepare } from '../image/prepare.js';
import type { Recipe } from '../image/recipe.js';

/** JPEG files of the exact crop that `recipe` makes of each image; images that can't be made are left out. */
export async function thumbnails(
  dataset: Dataset,
  ids: readonly ImageId[],
  recipe: Recipe,
): Promise<ReadonlyMap<ImageId, Uint8Array>> {
  const entries = new Map(dataset.samples.map(({ entry }) => [entry.id, entry]));
  const made = new Map<ImageId, Uint8Array>();
  for (const id of ids) {
    const entry = entries.get(id);
    if (entry === undefined) continue;
    try {
      const image = await decode(await dataset.source.read(entry), recipe.decode);
      made.set(id, await encodeCrop(prepare(image, recipe), 'jpeg'));
    } catch {
      continue;
    }
  }
  return made;
}
