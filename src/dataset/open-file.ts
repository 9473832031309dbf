import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * Opens a file to be read; what is none is refused at once, for a pipe that nobody writes to is never opened.
 * @throws Error where it can't be opened, or is a folder, a pipe, a socket or a device
 */
export async function openFile(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error('it is a folder, a pipe, a socket or a device, not a file');
}

/** The text of a file, in UTF-8. @throws Error as `openFile` does, and where it can't be read */
export async function readFileText(path: string): Promise<string> {
  const handle = await openFile(path);
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
