import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, onTestFinished } from 'vitest';

const prefix = join(tmpdir(), 'imagenet-eval-');

/** A temporary folder that is gone after the file's tests. */
export function scratch(): {
  readonly dir: string;
  readonly file: (name: string, text: string | Uint8Array) => string;
} {
  const dir = mkdtempSync(prefix);
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    dir,
    file(name, text) {
      const path = join(dir, name);
      writeFileSync(path, text);
      return path;
    },
  };
}

/** An empty folder that is gone after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(prefix);
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
