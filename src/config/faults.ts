import type { z } from 'zod';
import { isAlias, isMap, isNode, type Document, type LineCounter } from 'yaml';

import { keysAt } from './schema-keys.js';
import { didYouMean } from './suggest.js';

/** `models[1].recipe.crop` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );
}

/**
 * Every fault of a parsed YAML document against a strict schema, each a line
 * `models[1].recipe (line 12): "timm-bicubic" is no recipe. Did you mean …?`
 */
export function schemaFaults(
  issues: readonly z.core.$ZodIssue[],
  document: Document,
  lines: LineCounter,
  value: unknown,
  schema: z.ZodType,
): string[] {
  return issues
    .flatMap((issue) => describeIssue(issue, [], schema))
    .map(({ path, text }) => {
      const line = lineOf(path, document, lines);
      const where = path.length === 0 ? 'config' : pathText(path);
      const got = valueAt(value, path);
      const shown =
        got === undefined || typeof got === 'object' || text.includes(JSON.stringify(got))
          ? ''
          : `, got ${JSON.stringify(got)}`;
      return `${where}${line === null ? '' : ` (line ${line})`}: ${text}${shown}`;
    });
}

interface Described {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

function describeIssue(
  issue: z.core.$ZodIssue,
  prefix: readonly PropertyKey[],
  schema: z.ZodType,
): Described[] {
  const path = [...prefix, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        text: `unknown key "${key}".${hint(keysAt(schema, path), key)}`,
      }));
    case 'invalid_value':
      return [{ path, text: `expected ${issue.values.map((v) => JSON.stringify(v)).join(' or ')}` }];
    case 'invalid_type':
      return [{ path, text: `expected ${article(issue.expected)}` }];
    case 'invalid_union': {
      // The branch that came furthest tells most: its faults lie deepest.
      const branches = issue.errors.map((errors) =>
        errors.flatMap((inner) => describeIssue(inner, path, schema)),
      );
      const best = branches
        .filter((branch) => branch.length > 0)
        .sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
      return best ?? [{ path, text: issue.message }];
    }
    default:
      return [{ path, text: lowerFirst(issue.message) }];
  }
}

function depth(branch: readonly Described[]): number {
  return Math.max(...branch.map((d) => d.path.length));
}

function article(kind: string): string {
  return kind === 'object'
    ? 'a map'
    : kind === 'array'
      ? 'a list'
      : `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function hint(accepted: readonly string[], key: string): string {
  const guess = didYouMean(key, accepted);
  return guess !== '' || accepted.length === 0 ? guess : ` Accepted: ${accepted.join(', ')}.`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
}

/** Line of the key at `path`, or of its nearest parent. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number | null {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => (isNode(item.key) ? String(item.key) : item.key) === key);
      if (pair !== undefined && isNode(pair.key) && pair.key.range)
        return lines.linePos(pair.key.range[0]).line;
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && !isAlias(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return null;
}
