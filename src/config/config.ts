import { hash } from 'node:crypto';

import type { Sha256, TieRule } from '../domain.js';
import { ConfigError } from '../errors.js';
import type { Recipe } from '../image/recipe.js';
import { expandVariables, locate } from './paths.js';
import { resolveRecipe } from './recipe-resolve.js';
import { configSchema, type ConfigInput, type GatesInput } from './schema.js';
import { didYouMean } from './suggest.js';
import { parseYaml, readYamlFile } from './yaml-file.js';

/** A config as it runs: paths absolute, defaults filled in, recipes whole. */
export interface Config {
  /** null for a config that is no file. */
  readonly file: string | null;
  /** SHA-256 of the config's text. */
  readonly sha256: Sha256;
  readonly title: string | null;
  readonly dataset: DatasetConfig;
  readonly models: readonly ModelConfig[];
  readonly ties: TieRule;
  readonly onBadImage: 'fail' | 'skip';
  readonly gates: GatesInput | null;
  /** Recipes that `sweep` compares; null: the sensible ones. */
  readonly sweep: readonly Recipe[] | null;
  readonly engine: EngineConfig;
}

export interface DatasetConfig {
  readonly images: string;
  /** A keyword or the name of a shipped manifest as it is; a path made absolute. */
  readonly labels: string;
  readonly labelsReal: string | null;
  readonly synsets: string | null;
  readonly subset: boolean;
  readonly exclude: string | null;
}

export interface ModelConfig {
  readonly name: string;
  readonly source:
    | { readonly kind: 'manifest'; readonly manifest: string; readonly path: string | null }
    | { readonly kind: 'path'; readonly path: string };
  readonly documented: NonNullable<ConfigInput['models'][number]['documented']> | null;
  /** null: the manifest must name one. */
  readonly recipe: Recipe | null;
  readonly compareWith: string | null;
  /** Points of Top-1. */
  readonly tolerance: number;
  readonly classOffset: number | null;
}

export interface EngineConfig {
  readonly workers: number | null;
  readonly batch: number;
  readonly graphOptimization: 'disabled' | 'basic' | 'extended' | 'all';
  readonly spinning: boolean;
  readonly arena: boolean;
  readonly decodeTimeoutSeconds: number;
}

/** Defaults that move no figure; README and docs/config.md state them. */
export const defaults = { tolerance: 0.1, batch: 4, decodeTimeoutSeconds: 60 } as const;

/** Reads, validates and resolves a config file. @throws ConfigError with all faults at once. */
export async function loadConfig(
  file: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Config> {
  const { value, text } = await readYamlFile(file, configSchema, 'config');
  return resolveConfig(value, text, file, environment);
}

/** The same for a config given as text. */
export function parseConfig(
  text: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Config {
  return resolveConfig(parseYaml(text, configSchema, 'config', 'config'), text, null, environment);
}

function resolveConfig(
  input: ConfigInput,
  text: string,
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const faults = crossFaults(input);
  const path = (value: string, where: string): string => {
    const { text: expanded, unset } = expandVariables(value, environment);
    for (const name of unset) faults.push(`${where}: the environment variable ${name} is not set`);
    return locate(expanded, file);
  };
  const optional = (value: string | undefined, where: string): string | null =>
    value === undefined ? null : path(value, where);
  const { dataset, engine } = input;
  const config: Config = {
    file,
    sha256: hash('sha256', text, 'hex'),
    title: input.title ?? null,
    dataset: {
      images: path(dataset.images, 'dataset.images'),
      labels: isPath(dataset.labels) ? path(dataset.labels, 'dataset.labels') : dataset.labels,
      labelsReal: optional(dataset.labels_real, 'dataset.labels_real'),
      synsets: optional(dataset.synsets, 'dataset.synsets'),
      subset: dataset.subset ?? false,
      exclude: optional(dataset.exclude, 'dataset.exclude'),
    },
    models: input.models.map((model, i): ModelConfig => {
      const recipe = model.recipe ?? input.recipe;
      const given = optional(model.path, `models[${i}].path`);
      const manifest =
        model.manifest === undefined || !isPath(model.manifest)
          ? model.manifest
          : path(model.manifest, `models[${i}].manifest`);
      return {
        name: model.name,
        source:
          manifest === undefined
            ? { kind: 'path', path: given! }
            : { kind: 'manifest', manifest, path: given },
        documented: model.documented ?? null,
        recipe: recipe === undefined ? null : resolveRecipe(recipe),
        compareWith: model.compare_with ?? null,
        tolerance: model.tolerance ?? input.tolerance ?? defaults.tolerance,
        classOffset: model.class_offset ?? null,
      };
    }),
    ties: input.ties ?? 'lowest-index',
    onBadImage: input.on_bad_image ?? 'fail',
    gates: input.gates ?? null,
    sweep: input.sweep?.map(resolveRecipe) ?? null,
    engine: {
      workers: engine?.workers ?? null,
      batch: engine?.batch ?? defaults.batch,
      graphOptimization: engine?.graph_optimization ?? 'all',
      spinning: engine?.spinning ?? false,
      arena: engine?.arena ?? true,
      decodeTimeoutSeconds: engine?.decode_timeout_seconds ?? defaults.decodeTimeoutSeconds,
    },
  };
  if (faults.length === 0) return config;
  throw new ConfigError({
    code: 'invalid-config',
    what: `${faults.length === 1 ? 'one fault' : `${faults.length} faults`} in the config:\n${faults.map((f) => `  - ${f}`).join('\n')}`,
    where: file,
    remedy: null,
  });
}

/** Faults between parts of the file, which no schema of one part sees. */
function crossFaults(input: ConfigInput): string[] {
  const names = input.models.map((model) => model.name);
  return input.models.flatMap((model, i) => {
    const faults: string[] = [];
    if (names.indexOf(model.name) !== i)
      faults.push(`models[${i}].name: "${model.name}" is taken by models[${names.indexOf(model.name)}]`);
    const other = model.compare_with;
    if (other === model.name) faults.push(`models[${i}].compare_with: a model can't be compared with itself`);
    else if (other !== undefined && !names.includes(other))
      faults.push(`models[${i}].compare_with: no model is called "${other}".${didYouMean(other, names)}`);
    if (model.manifest === undefined && model.recipe === undefined && input.recipe === undefined)
      faults.push(
        `models[${i}].recipe: expected a recipe here or for the whole config; preprocessing decides the figure and has no default`,
      );
    return faults;
  });
}

/** A word without separators or an ending is a keyword or a shipped name. */
function isPath(value: string): boolean {
  return /[/\\.$]/.test(value);
}
