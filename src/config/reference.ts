import { z } from 'zod';

import { configSchema } from './schema.js';

/** The part of JSON Schema that zod writes for a config. */
interface Schema {
  readonly type?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | readonly Schema[];
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** JSON Schema (draft 2020-12) of the config, for editors. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input' });
}

/** Reference of every key of the config, as Markdown; docs/config.md is this text. */
export function configReference(): string {
  // zod writes exactly the parts of JSON Schema that `Schema` names.
  const schema = configJsonSchema() as Schema;
  return [
    '# Config reference',
    '',
    'Written by `imagenet-eval schema --markdown` from the schema that validates a config; a test holds the two together.',
    '`imagenet-eval schema` prints the same as JSON Schema: in an editor with a YAML language server, put',
    '`# yaml-language-server: $schema=PATH` at the top of a config and its keys complete.',
    '',
    'Paths are looked for beside the config file, then in the working folder, then in this package.',
    'What the command line says goes before the file; what neither says has the default that is stated here.',
    '',
    '| key | value | required | meaning |',
    '|---|---|---|---|',
    ...rows(schema, ''),
    '',
  ].join('\n');
}

function rows(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const required = schema.required?.includes(key) === true ? 'yes' : '';
    const row = `| \`${path}\` | ${cell(valueText(value))} | ${required} | ${cell(value.description ?? '')} |`;
    return [row, ...children(value, path)];
  });
}

function children(value: Schema, path: string): string[] {
  // Steps of a normalisation are told in one line; their operands need no rows.
  if (path.endsWith('normalize')) return [];
  if (value.type === 'array') return listItem(value).flatMap((item) => rows(item, `${path}[].`));
  const branches = [value, ...(value.anyOf ?? [])].filter((branch) => branch.properties !== undefined);
  const seen = new Set<string>();
  return branches
    .flatMap((branch) => rows(branch, `${path}.`))
    .filter((row) => {
      const key = row.split('|')[1]!;
      return !seen.has(key) && seen.add(key);
    });
}

function listItem(value: Schema): readonly Schema[] {
  const { items } = value;
  return items === undefined ? [] : 'length' in items ? items : [items];
}

function valueText(value: Schema): string {
  if (value.const !== undefined) return `\`${value.const}\``;
  if (value.enum !== undefined) return value.enum.map((v) => `\`${String(v)}\``).join(', ');
  if (value.anyOf !== undefined) return [...new Set(value.anyOf.map(valueText))].join(' or ');
  if (value.prefixItems !== undefined) return `list of ${value.prefixItems.length}`;
  if (value.type === 'array') return 'list';
  return value.type === 'object' ? 'map' : (value.type ?? 'any');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
