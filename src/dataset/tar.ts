import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { extract, type Header } from 'tar-stream';
import { byCodeUnit } from '../domain/domain.js';
import { DatasetError, messageOf } from '../domain/errors.js';
import { readAt, readEncoded, type EncodedPlace } from './encoded-file.js';
import { FaultList } from './fault-list.js';
import { isClassFolder, isImageName, parentFolder } from './image-name.js';
import { PassedOver } from './passed-over.js';
import { refuseEntry } from './tar-entry.js';
import type { ImageEntry, OpenedSource, SourceLimits } from './image-source.js';
import { openFile } from './open-file.js';

const blockBytes = 512;
/** Zero padding after the end mark that is looked through for hidden entries; tar pads to 10 KiB by default. */
const maxTrailingBytes = 2 ** 20;
/** Headers read between two turns of the event loop, so that Ctrl-C is heard. */
const headersPerTurn = 500;

/**
 * Opens an uncompressed tar archive without unpacking it. One pass over the headers (a 512-byte read an entry) makes an index;
 * images are then read in any order, straight from the archive.
 *
 * The headers, with pax and GNU long names, are decoded by tar-stream, which is given the header blocks only. Nothing is ever
 * written, so a hostile name can't reach the disk; but it is refused all the same, for ids go into reports.
 * An entry that can't be an image of the set is left out with a fault. Where the archive itself is broken (a bad header, cut
 * short) indexing ends there with a fault: what follows can't be told from image data.
 */
export async function openTar(path: string, limits: SourceLimits): Promise<OpenedSource> {
  const file = await openFile(path).catch((cause: unknown) => {
    throw new DatasetError({
      code: 'unreadable-archive',
      what: messageOf(cause),
      where: path,
      remedy: null,
      cause,
    });
  });
  try {
    await refuseCompressed(file, path);
    const index = new TarIndex(path, limits);
    await index.walk(file);
    const entries = index.entries();
    const flat = !entries.some((entry) => isClassFolder(parentFolder(entry.id)));
    const place = ({ id, bytes, position }: ImageEntry): EncodedPlace => {
      if (position === null) throw new TypeError(`${id} is no entry of ${path}`);
      return { id, bytes, path, archive: { descriptor: file.fd, position } };
    };
    return {
      source: {
        layout: 'tar',
        description: `${basename(path)} (tar, ${flat ? 'flat' : 'class folders'})`,
        path,
        entries,
        notes: index.notes(),
        read: (entry) => readEncoded(place(entry)),
        place,
        close: () => file.close(),
      },
      faults: index.faults.list(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function refuseCompressed(file: FileHandle, path: string): Promise<void> {
  const magic = await bytesAt(file, 0, 4);
  const kinds: Record<string, string> = {
    '1f8b': 'gzip',
    '504b': 'zip',
    '425a': 'bzip2',
    fd37: 'xz',
    '28b5': 'zstd',
  };
  const kind = kinds[magic.toString('hex', 0, 2)];
  if (kind === undefined) return;
  throw new DatasetError({
    code: 'compressed-archive',
    what: `this is a ${kind} file; images are read at random places, which needs an uncompressed tar`,
    where: path,
    remedy: 'Uncompress it to a .tar, or unpack it and give the folder.',
  });
}

/** Reads up to `length` bytes; fewer only at the end of the file. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, await readAt(file.fd, position, buffer));
}

/** The header of one entry, fed to it block by block: extended headers and their data first, the entry's own last. */
function decodeHeader(nextBlock: () => Buffer | null): Promise<Header | null> {
  // highWaterMark 1 makes every write report back (`drain`) when it is done and asks for more.
  const options = { allowUnknownFormat: true, highWaterMark: 1 };
  const parser = extract(options);
  return new Promise((resolve, reject) => {
    let found = false;
    const feed = (): void => {
      if (found) return;
      try {
        const block = nextBlock();
        if (block === null) resolve(null);
        else parser.write(block);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(messageOf(error)));
      }
    };
    parser.on('entry', (header) => {
      found = true;
      resolve(header);
    });
    parser.on('drain', feed);
    parser.on('error', reject);
    feed();
  });
}

class TarIndex {
  readonly faults = new FaultList();
  private readonly byId = new Map<string, ImageEntry>();
  private readonly ignored = new PassedOver('files in the archive that are no images');
  private position = 0;

  constructor(
    private readonly path: string,
    private readonly limits: SourceLimits,
  ) {}

  entries(): ImageEntry[] {
    return [...this.byId.values()].sort((a, b) => byCodeUnit(a.id, b.id));
  }

  notes(): string[] {
    return this.ignored.notes();
  }

  async walk(file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    for (let count = 0; ; count++) {
      const start = this.position;
      if (count === this.limits.maxEntries) {
        this.fault('too-many-entries', `more than ${count} entries; the rest is not read`, null);
        return;
      }
      if (count % headersPerTurn === 0) await breathe();
      let header: Header | null;
      try {
        header = await decodeHeader(() => this.nextBlock(file));
      } catch (cause) {
        this.badHeader(start, cause);
        return;
      }
      if (header === null) {
        await this.end(file, size);
        return;
      }
      const data = this.position;
      const dataBytes = header.type === 'directory' ? 0 : header.size;
      if (data + dataBytes > size) {
        this.cutShort(`the archive ends in the middle of ${JSON.stringify(header.name)}`);
        return;
      }
      this.position = data + Math.ceil(dataBytes / blockBytes) * blockBytes;
      this.add(header, data);
    }
  }

  /**
   * The block at the current position, which moves on; null for an empty block (the end mark) or the end of the file.
   * Synchronous: 50 000 reads of half a kilobyte take a tenth of the time that the thread pool would need.
   */
  private nextBlock(file: FileHandle): Buffer | null {
    const block = Buffer.allocUnsafe(blockBytes);
    const length = readSync(file.fd, block, 0, blockBytes, this.position);
    if (length < blockBytes || block.every((byte) => byte === 0)) return null;
    this.position += blockBytes;
    return block;
  }

  private add(header: Header, position: number): void {
    const id = header.name.replace(/^(\.\/)+/, '');
    if (header.type === 'directory') return;
    const refusal = refuseEntry(id, header, this.limits.maxImageBytes);
    if (refusal !== null) {
      this.fault(refusal.code, refusal.what, header.name);
    } else if (!isImageName(id)) {
      this.ignored.add(id);
    } else if (this.byId.has(id)) {
      this.fault('duplicate-name', 'stands in the archive more than once; only the first is used', id);
    } else {
      this.byId.set(id, { id, bytes: header.size, position });
    }
  }

  private async end(file: FileHandle, size: number): Promise<void> {
    if (this.position + blockBytes > size) {
      this.cutShort('the archive has no end mark');
      return;
    }
    const trailing = size - this.position;
    const padding = await bytesAt(file, this.position, Math.min(trailing, maxTrailingBytes));
    if (trailing <= maxTrailingBytes && padding.every((byte) => byte === 0)) return;
    this.fault('data-after-end', 'there is more data after the end mark, which is not read', null);
  }

  private badHeader(position: number, cause: unknown): void {
    if (position === 0) {
      throw new DatasetError({
        code: 'not-a-tar',
        what: `this file is no tar archive (${messageOf(cause)})`,
        where: this.path,
        remedy: 'Give the path of an uncompressed .tar or of a folder.',
        cause,
      });
    }
    this.fault(
      'bad-header',
      `the header at byte ${position} is damaged (${messageOf(cause)}); nothing after it is read, ${this.byId.size} images stand before it`,
      null,
    );
  }

  private cutShort(what: string): void {
    this.fault('archive-cut-short', `${what}: it was cut short (${this.byId.size} whole images)`, null);
  }

  private fault(code: string, what: string, entry: string | null): void {
    const where = entry === null ? this.path : `${basename(this.path)}, entry ${JSON.stringify(entry)}`;
    const remedy = 'Compare the archive with its published size and checksum: `imagenet-eval verify CONFIG`.';
    this.faults.add({ code, what, where, remedy });
  }
}
