import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ModelError, messageOf } from '../../domain/errors.js';

/** Where `@litertjs/core` is installed, and which version. */
export interface LitertPackage {
  readonly version: string;
  /** Folder of its WebAssembly files. */
  readonly wasm: string;
}

/** @throws ModelError `runtime-missing` where the package is not installed */
export function litertPackage(where: string): LitertPackage {
  try {
    const root = join(dirname(fileURLToPath(import.meta.resolve('@litertjs/core'))), '..');
    // npm writes the version of every package that it installs.
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { version, wasm: join(root, 'wasm') };
  } catch (cause) {
    throw new ModelError({
      code: 'runtime-missing',
      what: `a TFLite network runs by the package @litertjs/core, which is not installed (${messageOf(cause)})`,
      where,
      remedy:
        'Install it beside this program: `npm install @litertjs/core`. Or run the network by an adapter (docs/adapters.md).',
      cause,
    });
  }
}
