import type { ImageId, Sha256 } from '../domain/domain.js';
import type { Fault } from '../domain/errors.js';
import type { EncodedPlace } from './encoded-file.js';

/** An image of a source before it is read. */
export interface ImageEntry {
  readonly id: ImageId;
  /** Size of the encoded file. */
  readonly bytes: number;
  /** Offset of the file's bytes within the archive; null in a folder. Reading in this order is kindest to a disk. */
  readonly position: number | null;
  /** Of the encoded file, where it is known without reading it: the images are prepared ones. */
  readonly sha256?: Sha256;
}

/** A readable set of encoded images. `read` may be called concurrently until `close`. */
export interface ImageSource {
  readonly layout: 'tar' | 'folders' | 'flat';
  /** The source is a folder of prepared images: there are no encoded files to `read`. */
  readonly prepared?: boolean;
  /** For people, e.g. `ILSVRC2012_img_val.tar (tar, flat)`. */
  readonly description: string;
  /** Absolute path of the archive or folder. */
  readonly path: string;
  /** Sorted by id in code-unit order; ids are unique. */
  readonly entries: readonly ImageEntry[];
  /** What was passed over and why it does no harm, for people. */
  readonly notes: readonly string[];
  /** The whole encoded file, `entry.bytes` long. Throws ImageError where it can't be read as it was indexed. */
  read(entry: ImageEntry): Promise<Uint8Array>;
  /** Where a file lies that any thread may read while the source is open; absent where there are none. */
  place?(entry: ImageEntry): EncodedPlace;
  close(): Promise<void>;
}

/** Bounds for hostile archives and folders. */
export interface SourceLimits {
  /** A larger image is a fault and not read. */
  readonly maxImageBytes: number;
  /** Indexing stops with a fault at this many entries or files. */
  readonly maxEntries: number;
}

/** A source with what was left out of it. */
export interface OpenedSource {
  readonly source: ImageSource;
  /** Entries that were left out, each with a reason; empty for a sound set. */
  readonly faults: readonly Fault[];
}
