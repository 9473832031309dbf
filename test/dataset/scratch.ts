import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { scratchFolder } from '../scratch.js';

/** Writes files by relative path and returns the folder that holds them. */
export async function folderOf(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = scratchFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** `ILSVRC2012_val_00000007.JPEG` for 7. */
export function valName(number: number): string {
  return `ILSVRC2012_val_${String(number).padStart(8, '0')}.JPEG`;
}
