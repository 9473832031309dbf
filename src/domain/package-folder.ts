import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Folder of this package: manifests, recipes, configs and the demo lie in it. */
export const packageFolder: string = folderOfPackage(dirname(fileURLToPath(import.meta.url)));

/** The first folder upwards that has a package.json: modules are bundled into other folders than they are written in. */
function folderOfPackage(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : folderOfPackage(dirname(folder));
}

/** A file that `npm run build` makes, by its path in dist/, e.g. a thread's script. */
export function builtFile(path: string): URL {
  return pathToFileURL(join(packageFolder, 'dist', path));
}
