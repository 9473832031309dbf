import type * as z from 'zod';
import { isAlias, isMap, isNode, stringify, type Document, type LineCounter } from 'yaml';

import { keysAt } from './schema-keys.js';
import { didYouMean } from './suggest.js';

/** `models[1].recipe.crop` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );
}

/** What is wrong at one place of a file. */
export interface LocatedFault {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/**
 * Faults as lines `models[1].recipe (line 12): "timm-bicubic" is no recipe. Did you mean ...?`, in the file's order.
 * @param whole how a fault of the whole document is called, e.g. `config`
 */
export function faultLines(
  faults: readonly LocatedFault[],
  document: Document,
  lines: LineCounter,
  whole: string,
): string[] {
  return faults
    .map(({ path, text }) => ({ path, text, line: lineOf(path, document, lines) }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(
      ({ path, text, line }) =>
        `${path.length === 0 ? whole : pathText(path)}${line === null ? '' : ` (line ${line})`}: ${text}`,
    );
}

/** Every fault of a value against a strict schema. */
export function schemaFaults(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  schema: z.ZodType,
): LocatedFault[] {
  return issues
    .flatMap((issue) => describeIssue(issue, [], schema, value))
    .map(({ path, text }) => ({ path, text: `${text}${received(valueAt(value, path), text)}` }));
}

/** `, got "x"`, where the text doesn't say so already; long values are cut. */
function received(got: unknown, text: string): string {
  if (got === undefined || text.startsWith('unknown key') || text.includes('received ')) return '';
  if (got === null) return ', got nothing';
  if (typeof got === 'object') return '';
  // JSON has no NaN and no infinity; YAML writes them so.
  const shown =
    typeof got === 'number' && !Number.isFinite(got) ? stringify(got).trim() : JSON.stringify(got);
  return `${text.endsWith('?') ? ' Got' : ', got'} ${shown.length > 60 ? `${shown.slice(0, 60)}..."` : shown}`;
}

function describeIssue(
  issue: z.core.$ZodIssue,
  prefix: readonly PropertyKey[],
  schema: z.ZodType,
  value: unknown,
): LocatedFault[] {
  const path = [...prefix, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        text: `unknown key "${key}".${hint(keysAt(schema, path), key)}`,
      }));
    case 'invalid_value': {
      const got = valueAt(value, path);
      const words = issue.values.map(String);
      const guess = typeof got === 'string' ? didYouMean(got, words) : '';
      return [
        {
          path,
          text: `expected ${words.map((v) => JSON.stringify(v)).join(' or ')}${guess === '' ? '' : `.${guess}`}`,
        },
      ];
    }
    case 'invalid_type': {
      const missing = valueAt(value, path) === undefined ? 'missing: ' : '';
      const got = valueAt(value, path);
      const shape = Array.isArray(got)
        ? ', got a list'
        : typeof got === 'object' && got !== null
          ? ', got a map'
          : '';
      return [{ path, text: `${missing}expected ${article(issue.expected)}${shape}` }];
    }
    case 'too_small':
    case 'too_big':
      return [{ path, text: boundText(issue) }];
    case 'invalid_union': {
      // The branch that came furthest tells most: its faults lie deepest. Where none came further than this place,
      // what the union says of itself tells more than any branch.
      const branches = issue.errors.map((errors) =>
        errors.flatMap((inner) => describeIssue(inner, path, schema, value)),
      );
      const best = branches
        .filter((branch) => branch.length > 0)
        .sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
      if (best === undefined || (depth(best) === path.length && issue.message !== 'Invalid input'))
        return [{ path, text: lowerFirst(issue.message) }];
      return best;
    }
    default:
      return [{ path, text: lowerFirst(issue.message) }];
  }
}

type BoundIssue = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig;

function boundText(issue: BoundIssue): string {
  const small = issue.code === 'too_small';
  const bound = Number(small ? issue.minimum : issue.maximum);
  switch (issue.origin) {
    case 'string':
      return small && bound === 1
        ? 'must not be empty'
        : `expected ${small ? 'at least' : 'at most'} ${bound} characters`;
    case 'array':
    case 'set':
      return `expected ${small ? 'at least' : 'at most'} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
    default: {
      const open = issue.inclusive === false;
      return `expected a number ${small ? (open ? 'above' : 'of at least') : open ? 'below' : 'of at most'} ${bound}`;
    }
  }
}

function depth(branch: readonly LocatedFault[]): number {
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
