import { parse } from 'yaml';
import type { Size } from 'reference-pixels/recipe';
import { messageOf } from '../../domain/errors.js';
import { unreadable, type ReadRecipe, type RecipeFile } from './file-reading.js';
import { looksLikeHuggingFace, readHuggingFace } from './read-hugging-face.js';
import { looksLikeStm32, readStm32 } from './read-stm32.js';
import { looksLikeTimm, readTimm } from './read-timm.js';

export type { ReadRecipe } from './file-reading.js';

interface Reader {
  /** How messages call such a file. */
  readonly title: string;
  readonly looksLike: (content: unknown) => boolean;
  readonly read: (file: RecipeFile) => ReadRecipe;
}

/** Files of other projects that state a preprocessing, most telling first. */
const readers = {
  timm: { title: 'timm config.json', looksLike: looksLikeTimm, read: readTimm },
  stm32: { title: 'STM32 model zoo YAML', looksLike: looksLikeStm32, read: readStm32 },
  'hugging-face': {
    title: 'Hugging Face preprocessor_config.json',
    looksLike: looksLikeHuggingFace,
    read: readHuggingFace,
  },
} as const satisfies Record<string, Reader>;

/** A kind of file of another project that states a preprocessing. */
export type RecipeFileKind = keyof typeof readers;

/** The kinds by name, for help texts. */
export const recipeFileKinds = Object.keys(readers) as readonly RecipeFileKind[]; // keys of a literal

function contentOf(text: string): unknown {
  try {
    // JSON is YAML.
    return parse(text);
  } catch (error) {
    throw unreadable(
      `The file is neither JSON nor YAML (${messageOf(error)}).`,
      'Check that it is the right file.',
    );
  }
}

/**
 * The recipe that another project's file states, with a warning for whatever it does not determine.
 * `input`: the model's input size, for files that leave it open.
 * @throws ConfigError `recipe-file` for what is no such file, or asks for what this program does not follow.
 */
export function parseRecipeFile(
  text: string,
  kind: RecipeFileKind | 'auto',
  input: Size | null = null,
): ReadRecipe {
  const content = contentOf(text);
  const found = kind === 'auto' ? recipeFileKinds.find((name) => readers[name].looksLike(content)) : kind;
  if (found === undefined) {
    const titles = Object.values(readers).map(({ title }) => title);
    throw unreadable(`The file is none of these: ${titles.join(', ')}.`, 'Spell the recipe out instead.');
  }
  return readers[found].read({ content, input });
}
