import { hash } from 'node:crypto';

import type { Sha256 } from '../domain/domain.js';
import { messageOf } from '../domain/errors.js';
import type { PlainFault } from './messages.js';

/** An image's encoded file; `bytes` is null where only its prepared pixels are at hand. */
export interface EncodedFile {
  readonly sha256: Sha256;
  readonly bytes: Uint8Array | null;
}

/** Hashes what `read` gives; a fault where it can't. */
export async function encodedFile(read: () => Promise<Uint8Array>): Promise<EncodedFile | PlainFault> {
  try {
    const bytes = await read();
    return { sha256: hash('sha256', bytes, 'hex'), bytes };
  } catch (error) {
    return { code: 'image-unreadable', what: `can't be read: ${messageOf(error)}`, remedy: null };
  }
}
