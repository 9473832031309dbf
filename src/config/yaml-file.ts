import { readFile } from 'node:fs/promises';

import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

import { ConfigError, messageOf } from '../errors.js';
import { schemaFaults } from './faults.js';

/** Reads and validates a YAML file: all faults at once, each by path and line. */
export async function readYamlFile<T>(
  file: string,
  schema: z.ZodType<T>,
  kind: string,
): Promise<{ readonly value: T; readonly text: string }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError({
      code: 'file-unreadable',
      what: `the ${kind} can't be read: ${messageOf(cause)}`,
      where: file,
      remedy: 'Check the path; it is taken relative to the folder that you are in.',
      cause,
    });
  }
  return { value: parseYaml(text, schema, kind, file), text };
}

/** @throws ConfigError `yaml-syntax` or `invalid-config` that lists every fault. */
export function parseYaml<T>(text: string, schema: z.ZodType<T>, kind: string, file: string): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true, uniqueKeys: true });
  const [syntax] = document.errors;
  let value: unknown;
  try {
    if (syntax !== undefined) throw syntax;
    value = document.toJS({ maxAliasCount: 50 });
  } catch (cause) {
    throw new ConfigError({
      code: 'yaml-syntax',
      what: `the ${kind} is no valid YAML: ${messageOf(cause)}`,
      where: file,
      remedy: 'Indent with spaces, quote values that hold ": " or begin with a special sign.',
      cause,
    });
  }
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const faults = schemaFaults(result.error.issues, document, lines, value, schema);
  throw new ConfigError({
    code: 'invalid-config',
    what: `${faults.length === 1 ? 'one fault' : `${faults.length} faults`} in the ${kind}:\n${faults.map((f) => `  - ${f}`).join('\n')}`,
    where: file,
    remedy: '`imagenet-eval schema` prints the JSON Schema of the config; docs/config.md explains every key.',
  });
}
