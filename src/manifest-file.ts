import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { ConfigError, messageOf } from './domain/errors.js';

/** A manifest is a page; anything far larger is no manifest. */
const maxBytes = 2 ** 20;

/**
 * Reads a YAML manifest and checks it against a strict schema. Throws ConfigError with all faults in one message,
 * each with its line and path. Aliases are refused: a manifest needs none, and they can be made to explode.
 */
export async function readManifestFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ConfigError({
      code: 'manifest-not-found',
      what: `the manifest can't be read: ${messageOf(cause)}`,
      where: path,
      remedy: 'Give the name of a shipped manifest or the path of a file.',
      cause,
    });
  });
  const lines = new LineCounter();
  const document = parseDocument(text.slice(0, maxBytes), { lineCounter: lines });
  const value = text.length > maxBytes ? invalid(path, ['it is larger than 1 MiB']) : toPlain(path, document);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  return invalid(
    path,
    parsed.error.issues.map((issue) => {
      const at = issue.path.map(String);
      const line = lineOf(document, at, lines);
      return `${line === null ? '' : `line ${line}, `}${at.join('.') || 'the whole'}: ${issue.message}`;
    }),
  );
}

function toPlain(path: string, document: Document.Parsed): unknown {
  if (document.errors.length > 0) {
    return invalid(
      path,
      document.errors.map((error) => error.message.split('\n')[0] ?? error.message),
    );
  }
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    return invalid(path, [messageOf(error)]);
  }
}

/** Line of the nearest node on the way to `at`; null in an empty document. */
function lineOf(document: Document.Parsed, at: readonly string[], lines: LineCounter): number | null {
  for (let depth = at.length; depth >= 0; depth--) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(at.slice(0, depth), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
    if (Array.isArray(range) && typeof range[0] === 'number') return lines.linePos(range[0]).line;
  }
  return null;
}

function invalid(path: string, faults: readonly string[]): never {
  throw new ConfigError({
    code: 'invalid-manifest',
    what: `this is no valid manifest:${faults.map((fault) => `\n  - ${fault}`).join('')}`,
    where: path,
    remedy: null,
  });
}
