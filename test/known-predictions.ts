import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly knownPredictions: string;
  }
}

/**
 * A cache for the files that run the real networks over all real images: whoever comes first measures, and
 * test/e2e/real-networks.test.ts holds what it measured against the reference, whichever file that was.
 */
export default function ({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'imagenet-eval-known-'));
  provide('knownPredictions', folder);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
