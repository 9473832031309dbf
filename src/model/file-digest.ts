import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import type { Sha256 } from '../domain/domain.js';

/** SHA-256 of a file's bytes. @throws whatever the system throws */
export async function sha256OfFile(path: string): Promise<Sha256> {
  const sum = createHash('sha256');
  await pipeline(createReadStream(path), sum);
  return sum.digest('hex');
}

/** SHA-256 that stands for several files: over `name TAB sha256 LF` of each, in their order. */
export function digestOfFiles(files: readonly { readonly name: string; readonly sha256: Sha256 }[]): Sha256 {
  const sum = createHash('sha256');
  for (const { name, sha256 } of files) sum.update(`${name}\t${sha256}\n`);
  return sum.digest('hex');
}
