import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Sha256 } from '../domain/domain.js';
import { ModelError, messageOf } from '../domain/errors.js';
import { sha256OfFile } from './file-digest.js';
import { request, Transient } from './http-request.js';
import { isLfsPointer, lfsMediaUrl, maxPointerBytes, readLfsPointer } from './lfs-pointer.js';
import { downloadUrls, type ModelManifest } from './manifest.js';
import { cachedModelPath } from './model-cache.js';
import { PartFile } from './part-file.js';

/** Where to download to, and how patiently. */
export interface FetchOptions {
  /** The only folder that is written to. */
  readonly cacheDir: string;
  /** Called as bytes arrive, at first with what an earlier attempt has left. */
  readonly onProgress?: ((received: number, total: number) => void) | undefined;
  /** For people: a retry, a second address. */
  readonly onNotice?: ((message: string) => void) | undefined;
  readonly fetchImpl?: typeof fetch | undefined;
  /** Attempts at one address that bring nothing new before it is given up; 4 if not given. */
  readonly attempts?: number | undefined;
  /** Pause before the second attempt, doubled for each further one; 500 if not given. */
  readonly backoffMs?: number | undefined;
  /** A transfer that brings nothing for so long is broken off and tried again; 30 000 if not given. */
  readonly idleTimeoutMs?: number | undefined;
}

/** A model file in the cache, whole and of the right SHA-256. */
export interface FetchedModel {
  readonly path: string;
  readonly sha256: Sha256;
  readonly bytes: number;
  /** The file was there already and is the right one. */
  readonly cached: boolean;
}

/**
 * Downloads the file of a manifest to the cache and checks its length and SHA-256. What arrives is kept in a `.part` file, from
 * which a later call goes on; it gets its name only when it is whole and right. Never more bytes are taken than the manifest states.
 * Throws ModelError where no address gives the file.
 */
export async function fetchModel(manifest: ModelManifest, options: FetchOptions): Promise<FetchedModel> {
  const path = cachedModelPath(manifest, options.cacheDir);
  const { sha256, bytes } = manifest;
  if (await isRight(path, manifest)) return { path, sha256, bytes, cached: true };
  const queue = downloadUrls(manifest);
  if (queue.length === 0) {
    throw new ModelError({
      code: 'no-download',
      what: 'the manifest names no place to download the file from',
      where: manifest.reference,
      remedy: `Get it from its source (${manifest.source}) and give its place as \`path:\`.`,
    });
  }
  await mkdir(dirname(path), { recursive: true });
  const part = await PartFile.claim(path);
  try {
    return await download(part, queue, path, manifest, options);
  } finally {
    await part.leave();
  }
}

async function download(
  part: PartFile,
  queue: string[],
  path: string,
  manifest: ModelManifest,
  options: FetchOptions,
): Promise<FetchedModel> {
  const { sha256, bytes } = manifest;
  const errors: ModelError[] = [];
  for (const url of queue) {
    try {
      await new Download(manifest, url, part.path, options).run();
      await rename(part.path, path);
      return { path, sha256, bytes, cached: false };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      errors.push(error);
      const media = error.code === 'lfs-pointer' ? lfsMediaUrl(url) : null;
      if (media !== null && !queue.includes(media)) queue.push(media);
      if (errors.length < queue.length) options.onNotice?.(`${error.message}\nTrying another address.`);
    }
  }
  const [first] = errors;
  if (errors.length === 1 && first !== undefined) throw first;
  throw new ModelError({
    code:
      errors.find((error) => error.code === 'lfs-pointer')?.code ?? errors.at(-1)?.code ?? 'download-failed',
    what: `none of ${errors.length} addresses gives the file:${errors.map((error) => `\n  - ${error.message}`).join('')}`,
    where: manifest.reference,
    remedy: null,
  });
}

async function isRight(path: string, manifest: ModelManifest): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info?.size === manifest.bytes && (await sha256OfFile(path)) === manifest.sha256;
}

/** One address: attempts until the part file is whole, then the check of what it holds. */
class Download {
  constructor(
    private readonly manifest: ModelManifest,
    private readonly url: string,
    private readonly part: string,
    private readonly options: FetchOptions,
  ) {}

  async run(): Promise<void> {
    const resumed = (await this.received()) > 0;
    await this.complete();
    if ((await sha256OfFile(this.part)) === this.manifest.sha256) return;
    await rm(this.part, { force: true });
    // What an earlier call had left may have come from another file: once more from the start.
    if (resumed) {
      await this.complete();
      if ((await sha256OfFile(this.part)) === this.manifest.sha256) return;
      await rm(this.part, { force: true });
    }
    throw this.error(
      'sha256-mismatch',
      `what the server sends is another file: its SHA-256 is not ${this.manifest.sha256}`,
    );
  }

  private async received(): Promise<number> {
    const info = await stat(this.part).catch(() => null);
    return info?.size ?? 0;
  }

  private async complete(): Promise<void> {
    const { attempts = 4, backoffMs = 500 } = this.options;
    let idle = 0;
    for (;;) {
      const before = await this.received();
      if (before === this.manifest.bytes) return;
      try {
        await this.attempt(before);
      } catch (error) {
        if (!(error instanceof Transient)) throw error;
        const now = await this.received();
        idle = now > before ? 0 : idle + 1;
        if (idle >= attempts) {
          throw this.error(
            'download-failed',
            `the transfer failed ${attempts} times without progress (${error.message})`,
          );
        }
        this.options.onNotice?.(`${error.message}; trying again from byte ${now}`);
        await pause(backoffMs * 2 ** idle);
      }
    }
  }

  /** Returns when the part file is whole; throws Transient when another attempt may go on from where this one ended. */
  private async attempt(have: number): Promise<void> {
    const { bytes } = this.manifest;
    const { fetchImpl = fetch, idleTimeoutMs = 30_000 } = this.options;
    const resume = have > 0 && have < bytes;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      abort.abort(new Error(`nothing came for ${idleTimeoutMs / 1000} s`));
    }, idleTimeoutMs);
    try {
      const headers = { 'accept-encoding': 'identity', ...(resume ? { range: `bytes=${have}-` } : {}) };
      const response = await request(this.url, headers, fetchImpl, abort.signal);
      const start = await this.startOf(response, resume ? have : 0);
      await this.store(response, start, () => timer.refresh());
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  }

  /** The byte at which the body begins. Throws where the status or a header says that the body is of no use. */
  private async startOf(response: Response, asked: number): Promise<number> {
    const { bytes } = this.manifest;
    if (response.status === 206) {
      const [, from, total] =
        /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
      if (asked > 0 && Number(from) === asked && (total === '*' || Number(total) === bytes)) return asked;
    }
    if (response.status === 206 || response.status === 416) {
      await rm(this.part, { force: true });
      throw new Transient(`${this.url}: the server can't go on from byte ${asked}`);
    }
    if (response.status === 408 || response.status === 429 || response.status >= 500) {
      throw new Transient(`${this.url}: the server answers ${response.status} ${response.statusText}`);
    }
    if (response.status !== 200) {
      throw this.error('download-refused', `the server answers ${response.status} ${response.statusText}`);
    }
    const encoded = (response.headers.get('content-encoding') ?? 'identity') !== 'identity';
    const length = response.headers.get('content-length');
    if (length === null || encoded || Number(length) === bytes) return 0;
    if (Number(length) < maxPointerBytes) this.refusePointer(new Uint8Array(await response.arrayBuffer()));
    throw this.error('length-mismatch', `the server announces ${length} bytes, but the file has ${bytes}`);
  }

  private async store(response: Response, start: number, alive: () => void): Promise<void> {
    const { bytes } = this.manifest;
    const { onProgress } = this.options;
    const file = await open(this.part, start === 0 ? 'w' : 'r+');
    let received = start;
    let tooLong = false;
    try {
      onProgress?.(received, bytes);
      // lib.dom's ReadableStream lacks the async iterator that Node's has.
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        alive();
        tooLong = received + chunk.length > bytes;
        if (tooLong) break;
        await file.write(chunk, 0, chunk.length, received);
        received += chunk.length;
        onProgress?.(received, bytes);
      }
      await file.sync();
    } catch (cause) {
      throw new Transient(`${this.url}: broke off at byte ${received} of ${bytes} (${messageOf(cause)})`, {
        cause,
      });
    } finally {
      await file.close();
    }
    if (tooLong) {
      await rm(this.part, { force: true });
      throw this.error('length-mismatch', `the server sends more than the ${bytes} bytes that the file has`);
    }
    if (received === bytes) return;
    if (received < maxPointerBytes) {
      const text = await readFile(this.part);
      if (isLfsPointer(text)) await rm(this.part, { force: true });
      this.refusePointer(text);
    }
    throw new Transient(`${this.url}: ended at byte ${received} of ${bytes}`);
  }

  private refusePointer(text: Uint8Array): void {
    if (!isLfsPointer(text)) return;
    const pointer = readLfsPointer(text);
    const same = pointer.sha256 === this.manifest.sha256 ? 'the right file' : 'another file';
    const media = lfsMediaUrl(this.url);
    throw this.error(
      'lfs-pointer',
      `the server sends a Git LFS pointer, a text of ${text.length} bytes that stands in the repository for ${same} (${pointer.bytes ?? 'unknown'} bytes, SHA-256 ${pointer.sha256 ?? 'unknown'})`,
      media === null
        ? 'Get the real file with `git lfs pull` in a clone of the repository, or from its media address (on GitHub: https://media.githubusercontent.com/media/OWNER/REPOSITORY/COMMIT/PATH).'
        : `The real file is at ${media}; or run \`git lfs pull\` in a clone of the repository.`,
    );
  }

  private error(code: string, what: string, remedy: string | null = null): ModelError {
    return new ModelError({ code, what, where: this.url, remedy });
  }
}
