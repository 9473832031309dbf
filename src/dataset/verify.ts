import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ClassIndex, ImageId } from '../domain/domain.js';
import type { Fault } from '../domain/errors.js';
import { countClasses, missingNames } from './completeness.js';
import type { Dataset } from './dataset.js';
import { readLabelFile } from './label-file.js';
import type { DatasetManifest } from './manifest.js';
import { readSynsets } from './synsets.js';

/** What holds of a data set beside its manifest. Nothing here is rounded or shortened; whoever prints it may do so. */
export interface VerifyReport {
  readonly manifest: string;
  readonly images: { readonly expected: number; readonly found: number };
  /** Names of the manifest's label file for which there is no image. */
  readonly missing: readonly string[];
  /** Images that the manifest's label file doesn't name. */
  readonly extra: readonly ImageId[];
  /** Images whose label, as the run would find it, is not the manifest's. */
  readonly mislabelled: readonly {
    readonly id: ImageId;
    readonly expected: ClassIndex;
    readonly found: ClassIndex | null;
  }[];
  /** Classes with another number of images than the manifest states; empty where it states none. */
  readonly uneven: readonly {
    readonly index: ClassIndex;
    readonly expected: number;
    readonly found: number;
  }[];
  /** null for a folder, or where the manifest states no archive: then nothing says whether a file was altered. */
  readonly archive: ArchiveReport | null;
  /** What opening the data set found. */
  readonly faults: readonly Fault[];
  readonly ok: boolean;
}

interface ArchiveReport {
  readonly path: string;
  readonly bytes: Comparison<number>;
  /** null where the manifest states none, or the size differs already and nothing was hashed. */
  readonly md5: Comparison<string> | null;
  readonly sha256: Comparison<string> | null;
  readonly ok: boolean;
}

interface Comparison<Value> {
  readonly expected: Value;
  readonly found: Value;
}

/** How to follow and to stop the hashing of an archive. */
export interface VerifyOptions {
  /** Called while the archive is hashed. */
  readonly onProgress?: ((bytes: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Holds all images of the data set, not only those of a draw, against a manifest. Reads the whole archive once to hash it. */
export async function verifyDataset(
  dataset: Dataset,
  manifest: DatasetManifest,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const ids = dataset.source.entries.map((entry) => entry.id);
  const reference = await readLabelFile(manifest.labelsPath, {
    where: manifest.labelsPath,
    synsets: await readSynsets(manifest.synsetsPath),
    ids,
    fullCount: manifest.images,
  });
  const expected = ids.map((id) => numberOrNull(reference.label(id)));
  const found = ids.map((id) => numberOrNull(dataset.labelling.label(id)));
  const missing = missingNames(reference, ids);
  const extra = ids.filter((_, index) => expected[index] === null);
  const mislabelled = ids.flatMap((id, index) => {
    const right = expected[index] ?? null;
    const own = found[index] ?? null;
    return right === null || own === right ? [] : [{ id, expected: right, found: own }];
  });
  const counts = countClasses(
    expected.filter((label) => label !== null),
    manifest.classes,
  );
  const perClass = manifest.per_class;
  const uneven =
    perClass === undefined
      ? []
      : counts.flatMap((count, index) =>
          count === perClass ? [] : [{ index, expected: perClass, found: count }],
        );
  const archive = await verifyArchive(dataset, manifest, options);
  const faults = dataset.faults;
  const sound = [missing, extra, mislabelled, uneven, faults].every((list) => list.length === 0);
  return {
    manifest: manifest.name,
    images: { expected: manifest.images, found: ids.length },
    missing,
    extra,
    mislabelled,
    uneven,
    archive,
    faults,
    ok: sound && ids.length === manifest.images && archive?.ok !== false,
  };
}

function numberOrNull(found: unknown): number | null {
  return typeof found === 'number' ? found : null;
}

async function verifyArchive(
  dataset: Dataset,
  manifest: DatasetManifest,
  options: VerifyOptions,
): Promise<ArchiveReport | null> {
  const stated = manifest.archive;
  if (stated === undefined || dataset.source.layout !== 'tar') return null;
  const { path } = dataset.source;
  const { size } = await stat(path);
  const bytes = { expected: stated.bytes, found: size };
  if (size !== stated.bytes) return { path, bytes, md5: null, sha256: null, ok: false };
  const hashes = { md5: createHash('md5'), sha256: createHash('sha256') };
  const wanted = (['md5', 'sha256'] as const).filter((name) => stated[name] !== undefined);
  let done = 0;
  const stream = createReadStream(path, { highWaterMark: 2 ** 20, signal: options.signal });
  // A file stream without an encoding gives Buffers.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (const name of wanted) hashes[name].update(chunk);
    done += chunk.length;
    options.onProgress?.(done, size);
  }
  const compare = (name: 'md5' | 'sha256'): Comparison<string> | null => {
    const expected = stated[name];
    return expected === undefined ? null : { expected, found: hashes[name].digest('hex') };
  };
  const [md5, sha256] = [compare('md5'), compare('sha256')];
  const ok = [md5, sha256].every((pair) => pair === null || pair.expected === pair.found);
  return { path, bytes, md5, sha256, ok };
}
