import { open, type FileHandle } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';

import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

import { ConfigError, messageOf } from '../domain/errors.js';
import { faultLines, schemaFaults, type LocatedFault } from './faults.js';

/** @throws ConfigError `file-unreadable` or `not-text` */
export async function readTextFile(file: string, kind: string): Promise<string> {
  return decodeText(await readBytes(file, kind), kind, file);
}

/** Far more than any config or manifest has; what is larger is some other file. */
const maxBytes = 4 * 2 ** 20;

async function readBytes(file: string, kind: string): Promise<Buffer> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file);
    if ((await handle.stat()).isDirectory()) throw unreadable(file, kind, 'it is a folder');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw cause instanceof ConfigError ? cause : unreadable(file, kind, messageOf(cause), cause);
  } finally {
    await handle?.close();
  }
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

function decodeText(bytes: Buffer, kind: string, file: string): string {
  if (bytes.length <= maxBytes && isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8');
  throw new ConfigError({
    code: 'not-text',
    what: `this is no text in UTF-8, so it is no ${kind}`,
    where: file,
    remedy: `Give the path of the ${kind}, a YAML file; images and models are named inside a config.`,
  });
}

/**
 * Parses and validates YAML. `further` finds in the raw document what no schema sees.
 * @throws ConfigError `yaml-syntax`, `empty-file`, or `invalid-config` that lists every fault by path and line.
 */
export function parseYaml<T>(
  text: string,
  schema: z.ZodType<T>,
  kind: string,
  file: string,
  further: (raw: unknown) => readonly LocatedFault[] = () => [],
): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true, uniqueKeys: true });
  if (document.errors.length === 0 && document.contents === null) throw emptyFile(kind, file);
  const [syntax] = document.errors;
  let value: unknown;
  try {
    if (syntax !== undefined) throw syntax;
    value = document.toJS({ maxAliasCount: 50 });
  } catch (cause) {
    throw new ConfigError({
      code: 'yaml-syntax',
      what: aliasBomb(cause)
        ? `the ${kind} repeats itself by aliases (*name) more often than any ${kind} needs`
        : `the ${kind} is no valid YAML: ${messageOf(cause).trimEnd()}`,
      where: file,
      remedy: aliasBomb(cause) ? 'Write the values out.' : syntaxAdvice(text),
      cause,
    });
  }
  const result = schema.safeParse(value, { reportInput: true });
  const more = further(value);
  if (result.success && more.length === 0) return result.data;
  const found = [...(result.success ? [] : schemaFaults(result.error.issues, value, schema)), ...more];
  const faults = faultLines(found, document, lines);
  throw new ConfigError({
    code: 'invalid-config',
    what: `${faults.length === 1 ? 'one fault' : `${faults.length} faults`} in the ${kind}:\n${faults.map((f) => `  - ${f}`).join('\n')}`,
    where: file,
    remedy: '`imagenet-eval schema` prints the JSON Schema of the config; docs/config.md explains every key.',
  });
}

function syntaxAdvice(text: string): string {
  const braces = /\{[^\n]*[^"'\w]\$\{/.test(text)
    ? ' Inside { ... } quote a value that holds ${NAME}: "${NAME}/file".'
    : '';
  return `Indent with spaces, quote values that hold ": " or begin with a special sign.${braces}`;
}

function aliasBomb(cause: unknown): boolean {
  return messageOf(cause).startsWith('Excessive alias count');
}

function emptyFile(kind: string, file: string): ConfigError {
  return new ConfigError({
    code: 'empty-file',
    what: `the ${kind} is empty`,
    where: file,
    remedy: `Begin with a copy of one in configs/; \`imagenet-eval schema\` prints what a config may hold.`,
  });
}
