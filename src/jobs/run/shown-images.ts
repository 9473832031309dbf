import type { Config } from '../../config/config.js';
import type { ShownImages } from '../../store/run-state.js';

/** Where a config's images are and how its first network is shown them; null where scores came from elsewhere. */
export function shownImages({ dataset, models }: Config): ShownImages | null {
  const recipe = models.find((model) => model.recipe !== null)?.recipe ?? null;
  return recipe === null ? null : { images: dataset.images, recipe };
}
