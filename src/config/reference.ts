import * as z from 'zod';

import { shippedDatasets } from '../dataset/manifest.js';
import { recipeNameSchema } from './recipe-schema.js';
import { recipeNames } from './recipes/index.js';
import { weightNames } from './recipes/weights.js';
import { configSchema, labelsSchema, labelWords } from './schema.js';

/** The part of JSON Schema that zod writes for a config. */
interface Schema {
  readonly type?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | readonly Schema[] | false;
  readonly $ref?: string;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** A URN: it names the schema wherever its file lies. */
const schemaId = 'urn:onnx-imagenet-eval:config';

/**
 * JSON Schema (draft 2020-12) of the config, for editors: names of recipes and the words for labels complete, and any
 * other string is still taken, for a path or a name of a later version.
 */
export function configJsonSchema(): unknown {
  const words = new Map<unknown, readonly string[]>([
    [recipeNameSchema, [...recipeNames(), ...weightNames()]],
    [labelsSchema, [...labelWords, ...shippedDatasets()]],
  ]);
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const known = words.get(zodSchema);
      if (known === undefined) return;
      const { type, minLength, ...rest } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, rest, { anyOf: [{ enum: known }, { type, minLength }] });
    },
  });
  const { $schema, ...rest } = schema;
  return { $schema, $id: schemaId, ...rest };
}

/** Reference of every key of the config, as Markdown; docs/config.md is this text. */
export function configReference(): string {
  // zod writes exactly the parts of JSON Schema that `Schema` names.
  const schema = configJsonSchema() as Schema;
  return [
    '# Config reference',
    '',
    'Written by `imagenet-eval schema --markdown` from the schema that validates a config; a test holds the two together.',
    '`imagenet-eval schema` prints the same as JSON Schema, which lies in docs/config.schema.json too: in an editor with a YAML',
    'language server, put `# yaml-language-server: $schema=PATH` at the top of a config and its keys, the names of recipes and',
    'the words for labels complete. `imagenet-eval init` writes that line.',
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
  if (items === undefined || items === false) return [];
  return 'length' in items ? items : [items];
}

function valueText(value: Schema): string {
  if (value.const !== undefined) return `\`${value.const}\``;
  if (value.$ref !== undefined || isWords(value)) return 'string';
  if (value.enum !== undefined) return value.enum.map((v) => `\`${String(v)}\``).join(', ');
  if (value.anyOf !== undefined) return [...new Set(value.anyOf.map(valueText))].join(' or ');
  if (value.prefixItems !== undefined) return `list of ${value.prefixItems.length}`;
  if (value.type === 'array') return 'list';
  return value.type === 'object' ? 'map' : (value.type ?? 'any');
}

/** An enum beside any string: the reference says where the words are listed. */
function isWords({ anyOf = [] }: Schema): boolean {
  return anyOf.length === 2 && anyOf[0]?.enum !== undefined && anyOf[1]?.type === 'string';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
