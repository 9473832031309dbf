import { basename } from 'node:path';
import { byCodeUnit } from '../domain/domain.js';
import { ImageError } from '../domain/errors.js';
import { imagesOfFolder } from '../prepared/folder.js';
import { FaultList } from './fault-list.js';
import { parentFolder } from './image-name.js';
import type { OpenedSource } from './image-source.js';

/** Opens a folder of prepared images as a data set: names and SHA-256 of the files that they were made from. */
export async function openPrepared(path: string): Promise<OpenedSource> {
  const faults = new FaultList();
  const images = await imagesOfFolder(path, (what) => {
    const remedy =
      'Prepare the images again: `imagenet-eval prepare CONFIG --out DIR` makes what is missing.';
    faults.add({ code: 'prepared-damaged', what, where: path, remedy });
  });
  const entries = images
    .map(({ id, sha256 }) => ({ id, bytes: 0, position: null, sha256 }))
    .sort((a, b) => byCodeUnit(a.id, b.id));
  return {
    source: {
      layout: entries.every(({ id }) => parentFolder(id) !== null) ? 'folders' : 'flat',
      prepared: true,
      description: `${basename(path)} (prepared images)`,
      path,
      entries,
      notes: [],
      read: ({ id }) =>
        Promise.reject(
          new ImageError({
            code: 'only-prepared',
            what: 'the data set is a folder of prepared images, which does not hold the encoded file',
            where: id,
            remedy: 'Name the archive or folder of the images themselves as `dataset.images`.',
          }),
        ),
      close: () => Promise.resolve(),
    },
    faults: faults.list(),
  };
}
