import { isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type * as z from 'zod';

import { ConfigError, messageOf } from '../domain/errors.js';
import { faultLines, schemaFaults, type LocatedFault } from './faults.js';
import { readTextFile } from './read-text.js';

/** A kind of YAML file: what it may hold, and how messages speak of it. */
export interface YamlKind<T> {
  /** E.g. `config`. */
  readonly kind: string;
  readonly schema: z.ZodType<T>;
  /** Code of the error that lists what is wrong in such a file. */
  readonly invalid: 'invalid-config' | 'invalid-manifest' | 'invalid-recipe-file';
  /** What to read to set a fault right; null where the faults say it all. */
  readonly remedy: string | null;
  /** What to begin an empty file with. */
  readonly example: string;
}

/**
 * Reads a YAML file and holds it against its schema.
 * @throws ConfigError as `readTextFile` and `parseYaml`
 */
export async function readYamlFile<T>(file: string, kind: YamlKind<T>): Promise<T> {
  return parseYaml(await readTextFile(file, kind.kind), kind, file);
}

/**
 * Parses and validates YAML. `further` finds in the raw document what no schema sees.
 * @param file for messages
 * @throws ConfigError `yaml-syntax`, `empty-file`, or the kind's own that lists every fault by path and line
 */
export function parseYaml<T>(
  text: string,
  { kind, schema, invalid, remedy, example }: YamlKind<T>,
  file: string,
  further: (raw: unknown) => readonly LocatedFault[] = () => [],
): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true, uniqueKeys: true });
  if (document.errors.length === 0 && document.contents === null) {
    throw new ConfigError({
      code: 'empty-file',
      what: `the ${kind} is empty`,
      where: file,
      remedy: example,
    });
  }
  const [syntax] = document.errors;
  let value: unknown;
  try {
    if (syntax !== undefined) throw syntax;
    keepPrintedZeros(document);
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
  const faults = faultLines(found, document, lines, kind);
  throw new ConfigError({
    code: invalid,
    what: `${faults.length === 1 ? 'one fault' : `${faults.length} faults`} in the ${kind}:\n${faults.map((f) => `  - ${f}`).join('\n')}`,
    where: file,
    remedy,
  });
}

/** Keys of figures, whose decimals say how exact they are. */
const figureKeys: ReadonlySet<unknown> = new Set(['top1', 'top5', 'percent']);

/** A figure that is printed as 74.40 stays the text 74.40: as a number it would be 74.4. */
function keepPrintedZeros(document: Document.Parsed): void {
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isScalar(value) || !figureKeys.has(key.value)) return;
      if (typeof value.value === 'number' && /^\d+\.\d*0$/.test(value.source ?? ''))
        value.value = value.source;
    },
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
