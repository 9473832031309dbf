import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageFolder } from '../domain/package-folder.js';

/** Name and version of this program, from its package.json. */
export const tool = ownNameAndVersion();

function ownNameAndVersion(): { readonly name: string; readonly version: string } {
  // The package's own file, which npm does not publish without these two.
  const { name, version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  return { name, version };
}
