import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Recipe } from 'reference-pixels/recipe';
import { packageFolder } from '../../domain/package-folder.js';
import { crop, normalizeBy, ordinary, shortSide, squash, type Triple } from './entry.js';
import { pillowFilters } from './file-reading.js';
import { timmEval, type TimmFacts } from './timm-eval.js';

/** A published weight's recipe: what its library's own evaluation does, from the facts in recipes/weights/. */
export interface WeightRecipe {
  readonly recipe: Recipe;
  readonly source: string;
  readonly note: string;
}

/** A line of a table, by column. */
type Row = Readonly<Record<string, string>>;

interface Library {
  /** What the name of a weight may end in, after an `@`; the first is meant where there is none. */
  readonly variants: readonly string[];
  readonly of: (row: Row, variant: string, named: (name: string) => Recipe) => WeightRecipe;
}

function triple(text: string): Triple {
  return text.split(' ').map(Number) as unknown as Triple; // the table's columns hold three numbers
}

function size(text: string): { readonly width: number; readonly height: number } {
  const [height, width] = text.split(' ').map(Number) as [number, number]; // height and width, by the table's head
  return { width, height };
}

function timmFacts(row: Row, published: boolean): TimmFacts {
  const facts: TimmFacts = {
    input: size(row.input!),
    cropPct: Number(row.crop_pct),
    cropMode: row.crop_mode as TimmFacts['cropMode'],
    filter: pillowFilters[row.interpolation!]!,
    mean: triple(row.mean!),
    std: triple(row.std!),
  };
  if (!published) return facts;
  return {
    ...facts,
    input: row.test_input === '-' ? facts.input : size(row.test_input!),
    cropPct: row.test_crop_pct === '-' ? facts.cropPct : Number(row.test_crop_pct),
  };
}

const inWords = ({ input, cropPct, cropMode }: TimmFacts): string =>
  `input ${input.width}x${input.height}, crop_pct ${cropPct}${cropMode === 'center' ? '' : `, crop_mode ${cropMode}`}`;

/** How the tables' rows become recipes. */
const libraries = {
  timm: {
    variants: ['train', 'test'],
    of(row, variant) {
      const test = variant === 'test';
      const facts = timmFacts(row, test);
      const other = timmFacts(row, !test);
      const own = inWords(facts);
      const differs = own !== inWords(other);
      const name = `timm:${row.weight!}`;
      const note = test
        ? `As ${name} at its test size (validate.py, with which timm's figures are published): ${own}.`
        : `As timm.data.resolve_model_data_config has it: ${own}.${differs ? ` timm's published figure was made with ${inWords(other)}: ${name}@test.` : ''}`;
      return {
        recipe: timmEval(facts),
        source: `timm/data/transforms_factory.py, transforms_imagenet_eval; pretrained_cfg of ${row.weight!}`,
        note,
      };
    },
  },
  torchvision: {
    variants: ['pil', 'tensor'],
    of(row, variant) {
      const side = Number(row.crop);
      const tensor = variant === 'tensor';
      return {
        recipe: {
          name: null,
          ...ordinary,
          resize: shortSide(Number(row.resize)),
          filter: tensor ? tensorFilters[row.interpolation!]! : pillowFilters[row.interpolation!]!,
          crop: crop(side),
          normalize: normalizeBy(triple(row.mean!), triple(row.std!)),
        },
        source: `torchvision/transforms/_presets.py, ImageClassification; ${row.weight!}.transforms()`,
        note: `resize ${row.resize!}, crop ${side}, ${row.interpolation!}, on ${tensor ? 'uint8 tensors' : 'PIL images'}.`,
      };
    },
  },
  keras: {
    variants: ['load_img'],
    of(row, _, named) {
      const side = Number(row.input);
      return {
        recipe: { ...named(`keras-${row.mode!}-224`), name: null, resize: squash(side) },
        source: `keras.applications.${row.model!}: load_img(path, target_size=(${side}, ${side})), preprocess_input`,
        note: `What keras-${row.mode!}-224 does, at ${side}x${side}.`,
      };
    },
  },
} as const satisfies Record<string, Library>;

/** A library whose published weights have recipes here. */
export type LibraryName = keyof typeof libraries;

const tensorFilters: Readonly<Record<string, Recipe['filter']>> = {
  bilinear: 'torch-bilinear-antialias-float',
  bicubic: 'torch-bicubic-antialias-float',
};

interface Table {
  /** The library's version, as the table's first line states it. */
  readonly version: string;
  readonly rows: ReadonlyMap<string, Row>;
}

const tables = new Map<LibraryName, Table>();

function table(library: LibraryName): Table {
  const known = tables.get(library);
  if (known !== undefined) return known;
  const path = join(packageFolder, 'recipes', 'weights', `${library}.tsv`);
  const [first, , head, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const columns = head!.split('\t');
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const cells = line.split('\t');
    rows.set(cells[0]!, Object.fromEntries(columns.map((column, i) => [column, cells[i]!])));
  }
  const read = { version: /from \S+ (\S+);/.exec(first!)?.[1] ?? '?', rows };
  tables.set(library, read);
  return read;
}

/** Libraries whose published weights have recipes here. */
export const libraryNames = Object.keys(libraries) as readonly LibraryName[]; // keys of a literal

/** The name of a weight as a recipe's name has it: `timm:resnet50.a1_in1k@test`. */
const weightName = new RegExp(`^(${libraryNames.join('|')}):([^@]+)(?:@(.+))?$`);

/** Every name without a variant, library by library. */
export function weightNames(library?: LibraryName): string[] {
  const asked = library === undefined ? libraryNames : [library];
  return asked.flatMap((name) => [...table(name).rows.keys()].map((weight) => `${name}:${weight}`));
}

/** Variants that a name of this library may end in, the one that is meant without any first. */
export function weightVariants(library: LibraryName): readonly string[] {
  return libraries[library].variants;
}

/**
 * The recipe of a published weight; null where no table has one of that name.
 * @param named gives the recipe of a name that is no weight's
 */
export function findWeight(name: string, named: (name: string) => Recipe): WeightRecipe | null {
  const match = weightName.exec(name);
  if (match === null) return null;
  const [, library, weight, said] = match as unknown as [string, LibraryName, string, string | undefined]; // groups 1 and 2 always take part
  const { variants, of }: Library = libraries[library];
  const { version, rows } = table(library);
  const row = rows.get(weight);
  if (row === undefined || (said !== undefined && !variants.includes(said))) return null;
  const found = of(row, said ?? variants[0]!, named);
  return {
    recipe: { ...found.recipe, name },
    source: `${library} ${version}: ${found.source}`,
    note: found.note,
  };
}
