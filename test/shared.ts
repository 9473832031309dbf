import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const candidate = fileURLToPath(new URL('../../shared/', import.meta.url));

/** Folder of real images, models and reference results beside the project, with a slash at its end; null where absent. */
export const sharedDir: string | null = existsSync(`${candidate}expected/preprocessing.json`)
  ? candidate
  : null;

/** A `describe` for tests that need `../shared`; skipped, saying so in its name, where that is absent. */
export function describeWithShared(name: string, tests: (dir: string) => void): void {
  if (sharedDir === null) {
    describe.skip(`${name} (skipped: ../shared is absent)`, () => {
      tests('/absent/');
    });
    return;
  }
  const dir = sharedDir;
  describe(name, () => {
    tests(dir);
  });
}
