import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

import type { Sha256 } from '../../domain/domain.js';

/** Where a report folder keeps the sequential looks at its candidates; no run takes it away. */
export const looksFile = 'sequential-looks.jsonl';

const lookSchema = z.object({
  at: z.iso.datetime(),
  /** Digest over the candidates' files and the image list: what was looked at. */
  subject: z.string(),
  seed: z.number(),
  errorRate: z.number(),
  /** The gates with their limits, as JSON. */
  gates: z.string(),
  imagesSeen: z.int(),
  outcome: z.enum(['pass', 'fail', 'undecided']),
});

/** One sequential check of some candidates on a list of images. */
export type Look = z.infer<typeof lookSchema>;

/** The same candidates on the same images, whatever they are asked. */
export function subjectOf(candidates: readonly Sha256[], listDigest: Sha256): string {
  return createHash('sha256')
    .update(JSON.stringify([[...candidates].sort(), listDigest]))
    .digest('hex');
}

/**
 * The seed of the order in which candidates are checked: it follows from their files, so that another candidate sees
 * other images first, and that nobody chose it.
 *
 * @returns an integer in [0, 2^48)
 */
export function seedOfCandidates(candidates: readonly Sha256[]): number {
  const digest = createHash('sha256')
    .update([...candidates].sort().join())
    .digest('hex');
  return Number.parseInt(digest.slice(0, 12), 16);
}

/** Looks at the same subject that asked otherwise: each of them adds its error rates. Repeating a look adds none. */
export function otherLooks(looks: readonly Look[], now: Look): Look[] {
  const asks = ({ seed, errorRate, gates }: Look): string => JSON.stringify([seed, errorRate, gates]);
  const known = new Set([asks(now)]);
  return looks.filter((look) => {
    if (look.subject !== now.subject || known.has(asks(look))) return false;
    known.add(asks(look));
    return true;
  });
}

/** Looks that a folder keeps, oldest first; lines that are none are passed over. */
export async function readLooks(folder: string): Promise<Look[]> {
  const text = await readFile(join(folder, looksFile), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const parsed = lookSchema.safeParse(jsonOf(line));
    return parsed.success ? [parsed.data] : [];
  });
}

export async function keepLook(folder: string, look: Look): Promise<void> {
  await mkdir(folder, { recursive: true });
  await appendFile(join(folder, looksFile), `${JSON.stringify(look)}\n`);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
