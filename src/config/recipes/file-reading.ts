import * as z from 'zod';
import type { FilterName, Recipe, Size } from 'reference-pixels/recipe';
import { ConfigError } from '../../domain/errors.js';

/** A recipe read from another project's file, with what that file leaves open. */
export interface ReadRecipe {
  /** Its name is null. */
  readonly recipe: Recipe;
  /** Whole sentences: what the file does not determine, and what was taken. */
  readonly warnings: readonly string[];
}

/** What a reader of such a file is given. */
export interface RecipeFile {
  /** The file's parsed JSON or YAML. */
  readonly content: unknown;
  /** The model's input size, for files that don't state it; null where it is not known either. */
  readonly input: Size | null;
}

/** A file whose pixels can't be followed. */
export function unreadable(what: string, remedy: string): ConfigError {
  return new ConfigError({ code: 'recipe-file', what, where: null, remedy });
}

/** The content in the shape that `schema` asks for. @throws ConfigError `recipe-file` naming the fields. */
export function shaped<Schema extends z.ZodType>(
  schema: Schema,
  content: unknown,
  kind: string,
): z.output<Schema> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
  throw unreadable(
    `The file does not read as ${kind}: ${faults.join('; ')}.`,
    'Spell the recipe out instead.',
  );
}

/** Schema of three numbers, one a channel. */
export const triple = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** Pillow's filters by the names that timm and torchvision give them. */
export const pillowFilters: Readonly<Record<string, FilterName>> = {
  nearest: 'pillow-nearest',
  box: 'pillow-box',
  bilinear: 'pillow-bilinear',
  hamming: 'pillow-hamming',
  bicubic: 'pillow-bicubic',
  lanczos: 'pillow-lanczos',
};
