import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { errorsReference } from '../../src/cli/commands/errors.js';
import { commands } from '../../src/cli/command-list.js';
import { configJsonSchema } from '../../src/config/reference.js';
import { findRecipe } from '../../src/config/recipes/index.js';
import { labelWords } from '../../src/config/schema.js';
import { errorCodes } from '../../src/domain/error-codes.js';

const project = new URL('../../', import.meta.url).pathname;

function sources(folder: string): string[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

const texts = [...sources('src'), ...sources('packages/pixels/src')]
  .filter((file) => !file.endsWith('error-codes.ts'))
  .map((file) => [file, readFileSync(join(project, file), 'utf8')] as const);

/** Hypotheses about a set-up and findings in scores have codes of their own; they are no errors. */
const noErrors = /metrics\/suspicion\.ts|(check|diagnose)\/findings\.ts|gate-schema\.ts/;

/** Kebab-case literals that stand for the code of an error: `code: 'x-y'`, `fault('x-y', ...)`, `invalid: 'x-y'`. */
function codesIn(text: string): string[] {
  const expressions = [
    ...[...text.matchAll(/\b(?:code|invalid)\??:\s*([^;{}]*?)(?:,\s*\n|,\s*\w+[,:]|[;}])/g)].map(
      ([, found]) => found!,
    ),
    ...[...text.matchAll(/\b(?:fault|error|leave|fail|refuse|wrong)\(\s*('[a-z0-9-]+')/g)].map(
      ([, found]) => found!,
    ),
  ];
  return expressions.flatMap((found) =>
    [...found.matchAll(/'([a-z0-9]+(?:-[a-z0-9]+)+)'/g)].map(([, code]) => code!),
  );
}

describe('the list of error codes', () => {
  const listed = Object.values(errorCodes).flatMap((group) => Object.keys(group));
  const used = new Set(texts.filter(([file]) => !noErrors.test(file)).flatMap(([, text]) => codesIn(text)));

  it('has every code of the source: add a line to src/domain/error-codes.ts', () => {
    expect([...used].filter((code) => !listed.includes(code)).sort()).toEqual([]);
  });

  it('has no code that is nowhere used, and none twice', () => {
    expect(listed.filter((code) => !texts.some(([, text]) => text.includes(`'${code}'`)))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('is what docs/errors.md says', () => {
    expect(readFileSync(join(project, 'docs/errors.md'), 'utf8')).toBe(`${errorsReference()}\n`);
  });
});

describe('what a message tells to do exists', () => {
  /** The expressions behind `remedy:`, and the list of codes. */
  const remedies = [
    ...texts.flatMap(([, text]) =>
      [...text.matchAll(/\bremedy(?::|\s=)([^]*?)(?:,\n\s*cause|\n\s*\}|\}\);|;\n)/g)].map(
        ([, remedy]) => remedy!,
      ),
    ),
    readFileSync(join(project, 'src/domain/error-codes.ts'), 'utf8'),
  ];
  const mentions = (pattern: RegExp): string[] => [
    ...new Set(
      remedies.flatMap((text) => [...text.matchAll(pattern)].map(([, ...words]) => words.find(Boolean)!)),
    ),
  ];

  it('every command', () => {
    const told = mentions(/(?<!onnx-)imagenet-eval ([a-z]+)\b(?!:)/g);
    expect(told.length).toBeGreaterThan(8);
    expect(told.filter((word) => !Object.hasOwn(commands, word) && word !== 'completion')).toEqual([]);
  });

  it('every recipe', () => {
    const pattern =
      /(?<![\w/.:-])((?:timm|torchvision|st|keras|tf|mlperf|omz|caffe|nvidia|pycls|bicubic|bilinear|crop)-[a-z0-9-]*\d{3}[a-z0-9-]*)(?![\w:/]|\.\w|-\$)/g;
    const recipes = mentions(pattern);
    expect(recipes).toContain('bicubic-256-224-raw');
    expect(recipes.filter((name) => !exists(name))).toEqual([]);
  });

  it('every option', () => {
    const options = new Set([
      ...texts.flatMap(([, text]) =>
        [...text.matchAll(/[oO]ption\(\s*'(?:-\w, )?(--[a-z0-9-]+)/g)].map(([, o]) => o!),
      ),
      '--help',
      '--version',
    ]);
    const named = mentions(/(?<![\w-])(--[a-z][a-z0-9-]+)/g);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !options.has(name))).toEqual([]);
  });

  it('every key of the config', () => {
    const keys = new Set(
      JSON.stringify(configJsonSchema())
        .match(/"([a-z0-9_]+)":\{/g)
        ?.map((key) => key.slice(1, -3)),
    );
    const named = mentions(
      /(?<![\w.]`)(?:`([a-z]+(?:_[a-z0-9]+)*)(?::[^`]*)?`|\b(?:dataset|engine|gates)\.([a-z_0-9]+))/g,
    );
    expect(named.length).toBeGreaterThan(8);
    const words: readonly string[] = [...keys, ...labelWords, ...Object.keys(commands)];
    expect(named.filter((key) => !words.includes(key))).toEqual([]);
  });
});

function exists(name: string): boolean {
  try {
    return findRecipe(name).name === name;
  } catch {
    return false;
  }
}
