import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

import { ConfigError, messageOf } from '../domain/errors.js';

/** Far more than any config, manifest or recipe file has; what is larger is some other file. */
const maxBytes = 4 * 2 ** 20;

/**
 * The text of a small file. A pipe, a device or a folder is refused at once: none of them is waited for.
 * @param kind how messages call such a file, e.g. `config`
 * @throws ConfigError `file-unreadable`, `file-too-large` or `not-text`
 */
export async function readTextFile(file: string, kind: string): Promise<string> {
  let handle: FileHandle | null = null;
  try {
    // Without O_NONBLOCK a pipe that nobody writes to is never opened.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const info = await handle.stat();
    if (info.isDirectory()) throw unreadable(file, kind, 'it is a folder');
    if (!info.isFile()) throw unreadable(file, kind, 'it is a pipe, a socket or a device, not a file');
    if (info.size > maxBytes) throw tooLarge(file, kind);
    return decode(await handle.readFile(), file, kind);
  } catch (cause) {
    throw cause instanceof ConfigError ? cause : unreadable(file, kind, messageOf(cause), cause);
  } finally {
    await handle?.close();
  }
}

function decode(bytes: Buffer, file: string, kind: string): string {
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8');
  throw new ConfigError({
    code: 'not-text',
    what: `this is no text in UTF-8, so it is no ${kind}`,
    where: file,
    remedy: giveYaml(kind),
  });
}

function giveYaml(kind: string): string {
  return `Give the path of the ${kind}, a YAML file; images and models are named inside a config.`;
}

function tooLarge(file: string, kind: string): ConfigError {
  return new ConfigError({
    code: 'file-too-large',
    what: `the file is larger than ${maxBytes / 2 ** 20} MiB, far more than any ${kind} has`,
    where: file,
    remedy: giveYaml(kind),
  });
}

function unreadable(file: string, kind: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError({
    code: 'file-unreadable',
    what: `the ${kind} can't be read: ${why}`,
    where: file,
    remedy: 'Check the path; it is taken relative to the folder that you are in.',
    cause,
  });
}
