import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';

import pLimit from 'p-limit';
import { decode } from 'reference-pixels/decode';
import { prepare as resizeAndCrop } from 'reference-pixels/prepare';
import type { Recipe } from 'reference-pixels/recipe';

import type { Config } from '../../config/config.js';
import type { Sample } from '../../dataset/dataset.js';
import type { Fault } from '../../domain/errors.js';
import { RunError } from '../../domain/errors.js';
import {
  geometryFolder,
  markPreparedFolder,
  PreparedImages,
  removeAbandoned,
} from '../../prepared/folder.js';
import { PartWriter } from '../../prepared/part.js';
import { imageFault } from '../run/bad-input.js';
import { withDataset } from '../run/open-dataset.js';
import { openNetworks } from '../run/open-models.js';

export interface PrepareOptions {
  readonly config: Config;
  /** Folder that is filled; what it holds already is not made again. */
  readonly out: string;
  readonly limit: number | null;
  readonly limitSeed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  readonly onWarning: (text: string) => void;
}

export interface Prepared {
  readonly images: number;
  /** Recipes of different geometry. */
  readonly geometries: number;
  /** Images that were made now, of any geometry; the others were there. */
  readonly made: number;
  readonly faults: readonly Fault[];
  readonly stopped: boolean;
}

/**
 * Makes what the recipes of a config make of each image, before channel order and normalisation, and keeps it in a folder.
 * @throws EvalError where it can't start, and `prepare-stopped` where the disk fills up: what was made stays usable
 */
export async function prepareImages(options: PrepareOptions): Promise<Prepared> {
  const { config, out, signal } = options;
  return withDataset(options, async (dataset) => {
    const recipes = new Map<string, Target>();
    for (const { recipe } of await openNetworks(config.models, dataset.classes.length)) {
      const folder = geometryFolder(out, recipe);
      if (recipes.has(folder)) continue;
      await markPreparedFolder(out, recipe);
      await removeAbandoned(folder);
      const known = await PreparedImages.open(folder, options.onWarning, true);
      const target: Target = { recipe, known, failure: null, writer: null! };
      target.writer = new PartWriter(folder, (why) => (target.failure = why));
      recipes.set(folder, target);
    }
    const targets = [...recipes.values()];
    const faults: Fault[] = [];
    let done = 0;
    let made = 0;
    const one = async (sample: Sample): Promise<void> => {
      if (signal.aborted || targets.some(({ failure }) => failure !== null)) return;
      try {
        const bytes = await dataset.source.read(sample);
        const sha256 = hash('sha256', bytes, 'hex');
        for (const { recipe, known, writer } of targets) {
          if (known.find(sha256) !== null) continue;
          const block = resizeAndCrop(
            await decode(bytes, recipe.decode, 1000 * config.engine.decodeTimeoutSeconds),
            recipe,
          );
          await writer.add(sample, sha256, block);
          made++;
        }
      } catch (error) {
        faults.push(imageFault(error, sample.id));
      }
      options.onProgress(++done, dataset.samples.length);
    };
    await pLimit(2 * availableParallelism()).map(dataset.samples, one);
    for (const { writer } of targets) await writer.finish();
    const failure = targets.find((target) => target.failure !== null)?.failure;
    if (failure !== undefined && failure !== null) throw cutShort(out, failure);
    return {
      images: dataset.samples.length,
      geometries: targets.length,
      made,
      faults,
      stopped: signal.aborted,
    };
  });
}

interface Target {
  readonly recipe: Recipe;
  readonly known: PreparedImages;
  writer: PartWriter;
  failure: string | null;
}

function cutShort(out: string, why: string): RunError {
  return new RunError({
    code: 'prepare-stopped',
    what: `not all images could be kept: ${why}`,
    where: out,
    remedy:
      'What was made stays usable. Free some space and give the same command again: it goes on from here.',
  });
}
