import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import { byCodeUnit } from '../domain/domain.js';
import { messageOf } from '../domain/errors.js';
import { readEncoded, type EncodedPlace } from './encoded-file.js';
import { FaultList } from './fault-list.js';
import { isClassFolder, isImageName, parentFolder } from './image-name.js';
import { PassedOver } from './passed-over.js';
import { refuseSize } from './tar-entry.js';
import type { ImageEntry, OpenedSource, SourceLimits } from './image-source.js';

/** Files whose size is asked for at the same time. */
const window = 64;

/**
 * Lists the images of a folder and of the folders in it. Symbolic links are followed (subsets are often made of them); one that
 * leads back into its own parents is a fault, as is a dangling one, a device or a pipe. Files are opened only when read.
 */
export async function openFolder(path: string, limits: SourceLimits): Promise<OpenedSource> {
  const listing = new FolderListing(path, limits);
  await listing.walk('', []);
  const entries = listing.entries.sort((a, b) => byCodeUnit(a.id, b.id));
  const inClassFolders = entries.filter(({ id }) => isClassFolder(parentFolder(id))).length;
  const layout = inClassFolders > 0 && inClassFolders === entries.length ? 'folders' : 'flat';
  const kind =
    layout === 'folders' ? 'class folders' : inClassFolders === 0 ? 'flat' : 'class folders and loose images';
  const place = ({ id, bytes }: ImageEntry): EncodedPlace => ({ id, bytes, path, archive: null });
  return {
    source: {
      layout,
      description: `${basename(path)} (${kind})`,
      path,
      entries,
      notes: listing.notes(),
      read: (entry) => readEncoded(place(entry)),
      place,
      close: () => Promise.resolve(),
    },
    faults: listing.faults.list(),
  };
}

class FolderListing {
  readonly entries: ImageEntry[] = [];
  readonly faults = new FaultList();
  private readonly ignored = new PassedOver('files in the folder that are no images');
  private readonly hidden = new PassedOver('hidden folders not looked into');
  private full = false;

  constructor(
    private readonly root: string,
    private readonly limits: SourceLimits,
  ) {}

  notes(): string[] {
    return [...this.ignored.notes(), ...this.hidden.notes()];
  }

  /** `folder` is relative to the root; `above` holds the real paths of the folders on the way to it. */
  async walk(folder: string, above: readonly string[]): Promise<void> {
    const real = await realpath(join(this.root, folder));
    if (above.includes(real)) {
      this.fault('folder-cycle', 'is a link to one of its own parent folders, which is not followed', folder);
      return;
    }
    let found: Dirent[];
    try {
      found = await readdir(join(this.root, folder), { withFileTypes: true });
    } catch (cause) {
      this.fault('unreadable-folder', `can't be listed: ${messageOf(cause)}`, folder);
      return;
    }
    const folders: string[] = [];
    await pLimit(window).map(found, async (item) => {
      if (!this.full) await this.look(item, folder, folders);
    });
    for (const name of folders.sort(byCodeUnit)) if (!this.full) await this.walk(name, [...above, real]);
  }

  private async look(item: Dirent, folder: string, folders: string[]): Promise<void> {
    const id = folder === '' ? item.name : `${folder}/${item.name}`;
    if (item.isDirectory()) {
      this.enter(item.name, id, folders);
      return;
    }
    if (item.isFile() && !isImageName(id)) {
      this.ignored.add(id);
      return;
    }
    const info = await stat(join(this.root, id)).catch((cause: unknown) => {
      const what = item.isSymbolicLink()
        ? 'is a link that leads nowhere'
        : `can't be opened: ${messageOf(cause)}`;
      this.fault(item.isSymbolicLink() ? 'dangling-link' : 'image-unreadable', what, id);
      return null;
    });
    if (info === null) return;
    if (info.isDirectory()) this.enter(item.name, id, folders);
    else if (!isImageName(id)) this.ignored.add(id);
    else if (!info.isFile()) this.fault('unsupported-entry', 'is a device, pipe or socket, no file', id);
    else this.add({ id, bytes: info.size, position: null });
  }

  private enter(name: string, id: string, folders: string[]): void {
    if (name.startsWith('.') || name === '__MACOSX') this.hidden.add(id);
    else if (isImageName(id)) this.fault('image-unreadable', 'is a folder with the name of an image', id);
    else folders.push(id);
  }

  private add(entry: ImageEntry): void {
    const refusal = refuseSize(entry.bytes, this.limits.maxImageBytes);
    if (refusal !== null) {
      this.fault(refusal.code, refusal.what, entry.id);
    } else if (this.entries.length < this.limits.maxEntries) {
      this.entries.push(entry);
    } else if (!this.full) {
      this.full = true;
      this.fault('too-many-entries', `more than ${this.limits.maxEntries} images; the rest is not read`, '');
    }
  }

  private fault(code: string, what: string, id: string): void {
    const remedy = 'Put it right or take it out of the folder.';
    this.faults.add({ code, what, where: id === '' ? this.root : id, remedy });
  }
}
