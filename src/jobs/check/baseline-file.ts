import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { ConfigError } from '../../domain/errors.js';

/** Where baselines lie unless a path is given: committed beside the code that they guard. */
export const BASELINE_FOLDER = 'baselines';
const ENDING = '.baseline';

/** The file that a baseline of this name is saved to; a path is taken as it is. */
export function baselineTarget(nameOrPath: string): string {
  if (isPath(nameOrPath)) return nameOrPath;
  if (!/^[\w][\w.+-]*$/.test(nameOrPath))
    throw new ConfigError({
      code: 'baseline-name',
      what: `"${nameOrPath}" is no name for a baseline: letters, digits, . _ + - only`,
      where: null,
      remedy: `Give such a name, or a path that ends in ${ENDING}.`,
    });
  return join(BASELINE_FOLDER, `${nameOrPath}${ENDING}`);
}

/**
 * The file of a saved baseline: in `baselines/` of the working folder, else beside the config.
 * @throws ConfigError naming the places that were looked at
 */
export function findBaseline(nameOrPath: string, configFile: string | null): string {
  const target = baselineTarget(nameOrPath);
  const places = [
    target,
    ...(configFile === null || isPath(nameOrPath) ? [] : [join(dirname(resolve(configFile)), target)]),
  ];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new ConfigError({
    code: 'baseline-missing',
    what: `there is no baseline "${nameOrPath}": looked at ${places.join(', ')}`,
    where: null,
    remedy: 'Save one from a finished run: imagenet-eval baseline save NAME --run REPORT_FOLDER',
  });
}

/** The name that reports call a baseline by. */
export function baselineName(nameOrPath: string): string {
  return basename(nameOrPath, ENDING);
}

function isPath(text: string): boolean {
  return text.endsWith(ENDING) || /[/\\]/.test(text);
}
