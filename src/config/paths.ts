import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';

import { packageFolder } from '../domain/package-folder.js';

/** Replaces `${NAME}` by environment variables; `unset` lists those that are not set. */
export function expandVariables(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly text: string; readonly unset: readonly string[] } {
  const unset: string[] = [];
  const expanded = text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) => {
    const value = environment[name];
    if (value === undefined || value === '') unset.push(name);
    return value ?? whole;
  });
  return { text: expanded, unset };
}

/**
 * The file that a config means by a relative path: beside the config, else in the working folder, else in this package.
 * Where none exists it is the first, for the message that it isn't there.
 */
export function locate(path: string, configFile: string | null): string {
  if (isAbsolute(path)) return path;
  const folders = [
    configFile === null ? process.cwd() : dirname(resolve(configFile)),
    process.cwd(),
    packageFolder,
  ];
  const candidates = folders.map((folder) => resolve(folder, path));
  return candidates.find((candidate) => existsSync(candidate)) ?? candidates[0]!;
}

/** A word without separators or an ending is a keyword or a shipped name. */
export function isPath(value: string): boolean {
  return /[/\\.$]/.test(value);
}
