import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Recipe } from 'reference-pixels/recipe';

import type { Sha256, TieRule } from '../domain/domain.js';
import { documentedAs, type DocumentedFigure } from '../record/documented-figure.js';
import { cpuProvider, type Provider } from '../runtime/onnxruntime/provider.js';
import type { AdapterCommand } from '../runtime/process/plan.js';
import { defaultSettings, type SessionSettings } from '../runtime/session-settings.js';
import { crossFaults } from './cross-faults.js';
import { expandVariables, isPath, locate } from './paths.js';
import { resolveRecipe } from './recipes/index.js';
import { defaults } from './defaults.js';
import { configSchema, type ConfigInput, type GatesInput } from './schema.js';
import { ConfigError } from '../domain/errors.js';
import { readTextFile } from '../yaml/read-text.js';
import { parseYaml, type YamlKind } from '../yaml/read-yaml.js';
import { didYouMean } from '../yaml/suggest.js';

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

/** The data set of a config, its paths absolute. */
export interface DatasetConfig {
  readonly images: string;
  /** A keyword or the name of a shipped manifest as it is; a path made absolute. */
  readonly labels: string;
  readonly labelsReal: string | null;
  readonly synsets: string | null;
  readonly subset: boolean;
  /** File with the ids of the only images to take; null: all. */
  readonly only: string | null;
  readonly exclude: string | null;
}

/** A model of a config, its recipe whole and its paths absolute. */
export interface ModelConfig {
  readonly name: string;
  readonly source:
    | { readonly kind: 'manifest'; readonly manifest: string; readonly path: string | null }
    | { readonly kind: 'path'; readonly path: string }
    /** The adapter's command names the file. */
    | { readonly kind: 'command'; readonly path: null }
    /** Made elsewhere; `index` null: beside them, or not needed. */
    | { readonly kind: 'scores'; readonly path: string; readonly index: string | null };
  /** The process that runs it; null: the runtime that its file is for. */
  readonly adapter: AdapterCommand | null;
  readonly provider: Provider;
  readonly documented: DocumentedFigure | null;
  /** null: the manifest must name one. */
  readonly recipe: Recipe | null;
  readonly compareWith: string | null;
  /** Points of Top-1. */
  readonly tolerance: number;
  readonly classOffset: number | null;
  /** Name of the output that holds the scores; null: the only one of the classes' width. */
  readonly output: string | null;
}

/** Settings of speed; null where the program chooses. */
export interface EngineConfig {
  readonly workers: number | null;
  /** null: `defaults.batch`, or one image at a time where the network asks for it. */
  readonly batch: number | null;
  readonly session: SessionSettings;
  /** Folder of prepared images that is filled and used; null for none. */
  readonly prepared: string | null;
  readonly decodeTimeoutSeconds: number;
}

export { defaults } from './defaults.js';

const configFile: YamlKind<ConfigInput> = {
  kind: 'config',
  schema: configSchema,
  invalid: 'invalid-config',
  remedy: '`imagenet-eval schema` prints the JSON Schema of the config; docs/config.md explains every key.',
  example: 'Begin with a copy of one in configs/; `imagenet-eval schema` prints what a config may hold.',
};

/** Reads, validates and resolves a config file. @throws ConfigError with all faults at once. */
export async function loadConfig(
  file: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Config> {
  return configOf(await readTextFile(file, 'config'), file, environment);
}

/** Validates and resolves a config given as text. @throws ConfigError with all faults at once. */
export function parseConfig(
  text: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Config {
  return configOf(text, null, environment);
}

/**
 * The model of a name among those of a config, or of a command.
 * @throws ConfigError `model-unknown` that lists them
 */
export function modelNamed<Model extends { readonly name: string }>(
  name: string,
  models: readonly Model[],
  where: string | null,
): Model {
  const found = models.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = models.map((model) => model.name);
  throw new ConfigError({
    code: 'model-unknown',
    what: `no model is called "${name}".${didYouMean(name, names)}`,
    where,
    remedy: `There are: ${names.join(', ')}.`,
  });
}

function configOf(
  text: string,
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const input = parseYaml(text, configFile, file ?? 'config', (raw) => crossFaults(raw, file, environment));
  return resolveConfig(input, text, file, environment);
}

function resolveConfig(
  input: ConfigInput,
  text: string,
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const path = (value: string): string => locate(expandVariables(value, environment).text, file);
  const optional = (value: string | undefined): string | null => (value === undefined ? null : path(value));
  const { dataset, engine } = input;
  return {
    file,
    sha256: hash('sha256', text, 'hex'),
    title: input.title ?? null,
    dataset: {
      images: path(dataset.images),
      labels: isPath(dataset.labels) ? path(dataset.labels) : dataset.labels,
      labelsReal: optional(dataset.labels_real),
      synsets: optional(dataset.synsets),
      subset: dataset.subset ?? false,
      only: optional(dataset.only),
      exclude: optional(dataset.exclude),
    },
    models: input.models.map((model): ModelConfig => {
      const recipe = model.recipe ?? input.recipe;
      return {
        name: model.name,
        source: sourceOf(model, path),
        provider: providerOf(model.provider),
        adapter: model.runtime === undefined ? null : adapterOf(model.runtime, file, environment),
        documented: model.documented === undefined ? null : documentedAs(model.documented),
        recipe: recipe === undefined ? null : resolveRecipe(recipe),
        compareWith: model.compare_with ?? null,
        tolerance: model.tolerance ?? input.tolerance ?? defaults.tolerance,
        classOffset: model.class_offset ?? null,
        output: model.output ?? null,
      };
    }),
    ties: input.ties ?? 'lowest-index',
    onBadImage: input.on_bad_image ?? 'fail',
    gates: input.gates ?? null,
    sweep: input.sweep?.map(resolveRecipe) ?? null,
    engine: {
      workers: engine?.workers ?? null,
      batch: engine?.batch ?? null,
      session: {
        ...defaultSettings,
        graphOptimization: engine?.graph_optimization ?? defaultSettings.graphOptimization,
        spinning: engine?.spinning ?? defaultSettings.spinning,
        arena: engine?.arena ?? defaultSettings.arena,
        fixedDimensions: engine?.fixed_dimensions ?? defaultSettings.fixedDimensions,
      },
      prepared: optional(engine?.prepared),
      decodeTimeoutSeconds: engine?.decode_timeout_seconds ?? defaults.decodeTimeoutSeconds,
    },
  };
}

function sourceOf(
  { manifest, path, scores }: ConfigInput['models'][number],
  locate: (path: string) => string,
): ModelConfig['source'] {
  if (scores !== undefined) {
    const { file, index } = typeof scores === 'string' ? { file: scores } : scores;
    return { kind: 'scores', path: locate(file), index: index === undefined ? null : locate(index) };
  }
  const given = path === undefined ? null : locate(path);
  if (manifest !== undefined)
    return { kind: 'manifest', manifest: isPath(manifest) ? locate(manifest) : manifest, path: given };
  return given === null ? { kind: 'command', path: null } : { kind: 'path', path: given };
}

function providerOf(given: ConfigInput['models'][number]['provider']): Provider {
  if (given === undefined) return cpuProvider;
  return typeof given === 'string'
    ? { ...cpuProvider, name: given }
    : { name: given.name, device: given.device ?? null, options: given.options ?? {} };
}

/** Arguments that name a file or folder, by its absolute path; the rest as it is. */
function adapterOf(
  runtime: NonNullable<ConfigInput['models'][number]['runtime']>,
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): AdapterCommand {
  const { command, start_timeout_seconds: start, timeout_seconds: batch } = runtime;
  return {
    command: command.map((part) => {
      const { text } = expandVariables(part, environment);
      const path = locate(text, file);
      return isPath(text) && existsSync(path) ? path : text;
    }),
    startTimeoutSeconds: start ?? defaults.adapterStartSeconds,
    batchTimeoutSeconds: batch ?? defaults.adapterBatchSeconds,
  };
}
