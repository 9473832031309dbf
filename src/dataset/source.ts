import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DatasetError, messageOf } from '../domain/errors.js';
import { openFolder } from './folder.js';
import type { OpenedSource, SourceLimits } from './image-source.js';
import { isPreparedFolder } from '../prepared/folder.js';
import { openPrepared } from './prepared-source.js';
import { openTar } from './tar.js';

const defaultLimits: SourceLimits = { maxImageBytes: 512 * 2 ** 20, maxEntries: 2_000_000 };

/**
 * Opens a tar archive, a folder, or a folder of prepared images, and lists its images. Which of the three it is, is told by
 * what is there, not by the name.
 * @throws DatasetError where nothing can be read at all: `images-not-found`, `not-a-tar`, `no-images`
 */
export async function openSource(path: string, limits: SourceLimits = defaultLimits): Promise<OpenedSource> {
  const absolute = resolve(path);
  const info = await stat(absolute).catch((cause: unknown) => {
    throw new DatasetError({
      code: 'images-not-found',
      what: `the images can't be opened: ${messageOf(cause)}`,
      where: path,
      remedy:
        'Give the path of ILSVRC2012_img_val.tar, of a folder of images, or of a folder of WNID folders.',
      cause,
    });
  });
  const opened = !info.isDirectory()
    ? await openTar(absolute, limits)
    : isPreparedFolder(absolute)
      ? await openPrepared(absolute)
      : await openFolder(absolute, limits);
  if (opened.source.entries.length > 0) return opened;
  await opened.source.close();
  const reasons = [...opened.faults.map((fault) => fault.what), ...opened.source.notes];
  throw new DatasetError({
    code: 'no-images',
    what: `no images were found${reasons.length === 0 ? '' : ` (${reasons.slice(0, 3).join('; ')})`}`,
    where: path,
    remedy:
      'Images end in .JPEG, .jpg, .png or the like, directly in the archive or folder or in one folder a class.',
  });
}
