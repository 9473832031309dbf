import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type * as z from 'zod';

import { ConfigError } from '../domain/errors.js';
import { packageFolder } from '../domain/package-folder.js';
import { readYamlFile } from './read-yaml.js';
import { didYouMean } from './suggest.js';

/** What a manifest describes, as its `kind:` says. */
export type ManifestKind = 'dataset' | 'model';

const titles: Readonly<Record<ManifestKind, string>> = {
  dataset: 'data-set manifest',
  model: 'model manifest',
};

/** Folder of the manifests that the package carries, and of the lists that they name. */
export const shippedFolder = join(packageFolder, 'data-manifests');

/** Names of the manifests of a kind that the package carries, sorted. */
export function shippedManifests(kind: ManifestKind): string[] {
  return readdirSync(shippedFolder)
    .filter((name) => name.endsWith('.yaml'))
    .filter((name) =>
      new RegExp(`^kind: ${kind}$`, 'm').test(readFileSync(resolve(shippedFolder, name), 'utf8')),
    )
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** Path of the shipped manifest of that name; null where there is none. */
export function shippedManifestPath(kind: ManifestKind, name: string): string | null {
  if (name !== basename(name) || !shippedManifests(kind).includes(name)) return null;
  return resolve(shippedFolder, `${name}.yaml`);
}

/**
 * Reads a manifest by the name of a shipped one or by its path, and holds it against its schema.
 * @throws ConfigError `manifest-not-found`, or as `readYamlFile`
 */
export async function readManifest<T>(
  kind: ManifestKind,
  nameOrPath: string,
  schema: z.ZodType<T>,
): Promise<T & { readonly path: string }> {
  const title = titles[kind];
  const path = shippedManifestPath(kind, nameOrPath) ?? resolve(nameOrPath);
  if (!existsSync(path)) {
    const shipped = shippedManifests(kind);
    throw new ConfigError({
      code: 'manifest-not-found',
      what: `there is no ${title} ${JSON.stringify(nameOrPath)}.${didYouMean(nameOrPath, shipped)}`,
      where: null,
      remedy: `Shipped ones: ${shipped.join(', ')}. Otherwise give the path of a YAML file.`,
    });
  }
  const manifest = await readYamlFile(path, {
    kind: title,
    schema,
    invalid: 'invalid-manifest',
    remedy: null,
    example: 'Begin with a copy of one in data-manifests/.',
  });
  return { ...manifest, path };
}
