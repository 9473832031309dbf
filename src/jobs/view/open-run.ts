import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { loadConfig } from '../../config/config.js';
import { openSource } from '../../dataset/source.js';
import { messageOf, StoreError } from '../../domain/errors.js';
import type { Following } from '../../page/progress.js';
import { readRun } from '../../report/read-run.js';
import { readRunning } from '../../store/run-state.js';
import { madeConfig } from '../quick/made-config.js';
import { RunningRun } from './running-run.js';
import { Pictures } from './pictures.js';
import { viewedRun, type ViewedRun } from './viewed-run.js';

/** A run that the server shows. */
export interface OpenRun {
  current(): ViewedRun;
  /** null once the run has ended. */
  progress(): Following | null;
  /** Reads what a running run has written since the last look. */
  refresh(): Promise<void>;
  /** null where the images are not at hand. */
  readonly pictures: Pictures | null;
  /** Why there are no pictures; null where there are. */
  readonly noPictures: string | null;
  close(): Promise<void>;
}

/**
 * Opens a report folder: a finished run's, or one that a run is writing into.
 *
 * @param config path of the config that names the images, where it is not the one that the run states
 * @throws StoreError where the folder holds neither
 */
export async function openRun(folder: string, config: string | null): Promise<OpenRun> {
  const absolute = resolve(folder);
  if (await exists(join(absolute, 'summary.json'))) {
    const { record } = await readRun(absolute);
    const viewed = viewedRun(record, folder);
    const pictures = await openPictures(config ?? record.run.config.file ?? (await madeConfigIn(absolute)));
    return { ...pictures, current: () => viewed, progress: () => null, refresh: () => Promise.resolve() };
  }
  const running = await readRunning(absolute);
  if (running === null)
    throw new StoreError({
      code: 'no-run',
      what: 'holds no run: there is neither a summary.json nor a run that is going on',
      where: folder,
      remedy: 'Give the --out folder of a run.',
    });
  const live = new RunningRun(absolute, folder, running);
  await live.refresh();
  const pictures = await openPictures(config ?? running.config);
  return {
    ...pictures,
    current: () => live.viewed(),
    progress: () => live.progress(),
    refresh: () => live.refresh(),
  };
}

/** Path of the config that a run without one has left; null where there is none. */
async function madeConfigIn(folder: string): Promise<string | null> {
  const made = join(folder, madeConfig);
  return (await exists(made)) ? made : null;
}

async function openPictures(
  file: string | null,
): Promise<Pick<OpenRun, 'pictures' | 'noPictures' | 'close'>> {
  const none = (why: string) => ({ pictures: null, noPictures: why, close: () => Promise.resolve() });
  if (file === null) return none('the run states no config file: give it with --config');
  try {
    const { dataset, models } = await loadConfig(file);
    const recipe = models.find((model) => model.recipe !== null)?.recipe ?? null;
    if (recipe === null) return none(`${file} names no recipe`);
    const { source } = await openSource(dataset.images);
    const pictures = new Pictures(source, recipe);
    return { pictures, noPictures: null, close: () => pictures.close() };
  } catch (error) {
    return none(`the images can't be opened: ${messageOf(error)}`);
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
