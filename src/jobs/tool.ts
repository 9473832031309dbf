import { readFileSync } from 'node:fs';

/** Name and version of this program, from its package.json. */
export const tool = ownNameAndVersion();

function ownNameAndVersion(): { readonly name: string; readonly version: string } {
  // The package's own file, which npm does not publish without these two.
  const { name, version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { readonly name: string; readonly version: string };
  return { name, version };
}
