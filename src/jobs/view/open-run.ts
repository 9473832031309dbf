import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { loadConfig } from '../../config/config.js';
import { openSource } from '../../dataset/source.js';
import { messageOf, StoreError } from '../../domain/errors.js';
import type { Following } from '../../page/progress.js';
import { readRun } from '../../report/read-run.js';
import { readFinished, readRunning, type ShownImages } from '../../store/run-state.js';
import { shownImages } from '../run/shown-images.js';
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
 * @param config path of a config that names the images, where they are no longer where the run read them
 * @throws StoreError where the folder holds neither
 */
export async function openRun(folder: string, config: string | null): Promise<OpenRun> {
  const absolute = resolve(folder);
  if (await exists(join(absolute, 'summary.json'))) {
    const viewed = viewedRun(await readRun(absolute), folder);
    const finished = await readFinished(absolute);
    return {
      ...(await openPictures(config, finished?.shown ?? null)),
      current: () => viewed,
      progress: () => null,
      refresh: () => Promise.resolve(),
    };
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
  return {
    ...(await openPictures(config, running.shown)),
    current: () => live.viewed(),
    progress: () => live.progress(),
    refresh: () => live.refresh(),
  };
}

/** @param shown what the run says of its images, for want of a config */
async function openPictures(
  config: string | null,
  shown: ShownImages | null,
): Promise<Pick<OpenRun, 'pictures' | 'noPictures' | 'close'>> {
  const none = (why: string) => ({ pictures: null, noPictures: why, close: () => Promise.resolve() });
  try {
    const from = config === null ? shown : shownImages(await loadConfig(config));
    if (from === null)
      return none(
        config === null
          ? 'the run does not say where its images are: give its config with --config'
          : `${config} names no recipe`,
      );
    const { source } = await openSource(from.images);
    const pictures = new Pictures(source, from.recipe);
    return { pictures, noPictures: null, close: () => pictures.close() };
  } catch (error) {
    return none(messageOf(error));
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
