import type { Config } from '../../config/config.js';
import { openDataset, type Dataset, type Sample } from '../../dataset/dataset.js';
import type { EncodedPlace } from '../../dataset/encoded-file.js';
import type { ImageSource } from '../../dataset/image-source.js';
import type { ClassIndex, ImageId, Sha256 } from '../../domain/domain.js';
import { DatasetError } from '../../domain/errors.js';
import type { EngineSample } from '../../engine/options.js';
import { isOfOneImage } from './bad-input.js';
import type { EvaluateOptions } from './options.js';

/** Opens the data set that a config names. */
export function openDatasetOf(config: Config, limit: number | null, limitSeed: number): Promise<Dataset> {
  const { images, labels, synsets, subset, only, exclude } = config.dataset;
  return openDataset({
    images,
    labels,
    synsets: synsets ?? undefined,
    subset,
    only: only ?? undefined,
    exclude: exclude ?? undefined,
    limit: limit ?? undefined,
    limitSeed,
  });
}

/**
 * The data set that a job measures: it refuses one that has fewer images than its manifest states without saying so. Where single entries can't
 * be used the run goes on and tells of them at its end.
 */
export async function openConfiguredDataset(
  config: Config,
  limit: number | null,
  limitSeed: number,
): Promise<Dataset> {
  const dataset = await openDatasetOf(config, limit, limitSeed);
  const incomplete = dataset.faults.find((fault) => fault.code === 'fewer-images-than-manifest');
  if (incomplete === undefined || dataset.faults.some(isOfOneImage)) return dataset;
  await dataset.close();
  throw new DatasetError(incomplete);
}

/** Opens the data set of a job for as long as `use` takes; without a `limit` all of it. */
export async function withDataset<T>(
  { config, limit = null, limitSeed = 0 }: Pick<EvaluateOptions, 'config'> & Partial<EvaluateOptions>,
  use: (dataset: Dataset) => Promise<T>,
): Promise<T> {
  const dataset = await openConfiguredDataset(config, limit, limitSeed);
  try {
    return await use(dataset);
  } finally {
    await dataset.close();
  }
}

export function engineSamples({ samples, source }: Dataset): EngineSample[] {
  return samples.map((sample) => new SourceSample(sample, source));
}

/** An image of a data set as the engine takes it. A class: of 50 000 objects with functions of their own each took 200 bytes more. */
class SourceSample implements EngineSample {
  constructor(
    private readonly sample: Sample,
    private readonly source: ImageSource,
  ) {}

  get id(): ImageId {
    return this.sample.id;
  }

  get label(): ClassIndex {
    return this.sample.label;
  }

  get sha256(): Sha256 | undefined {
    return this.sample.sha256;
  }

  read(): Promise<Uint8Array> {
    return this.source.read(this.sample);
  }

  place(): EncodedPlace | undefined {
    return this.source.place?.(this.sample);
  }
}
