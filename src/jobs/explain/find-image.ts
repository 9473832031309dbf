import { didYouMean } from '../../yaml/suggest.js';
import type { Dataset, Sample } from '../../dataset/dataset.js';
import { DatasetError } from '../../domain/errors.js';

/**
 * The sample that a user means: by its id, or by the end of it after a slash, with or without its extension.
 * @throws DatasetError `image-unknown` or `image-ambiguous`
 */
export function findImage({ samples, source }: Dataset, wanted: string): Sample {
  const ids = samples.map(({ id }) => id);
  const exact = samples.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const name = basename(wanted);
  const matching = samples.filter(({ id }) => basename(id) === name || stem(basename(id)) === name);
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return only;
  throw new DatasetError({
    code: only === undefined ? 'image-unknown' : 'image-ambiguous',
    what:
      only === undefined
        ? `no image is called "${wanted}".${didYouMean(name, ids.map(basename))}`
        : `"${wanted}" is the name of ${matching.length} images: ${matching
            .slice(0, 5)
            .map(({ id }) => id)
            .join(', ')}`,
    where: source.description,
    remedy: 'Give its name within the data set, as images.csv of a report lists it.',
  });
}

function basename(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
