/**
 * Each filter of this build beside another build of the package, in one process and by turns: how many times as long
 * CPU time it takes, over real sizes whose tables are known (`warm`) and over sizes never seen before (`new sizes`).
 *
 *     npx tsx packages/pixels/bench/beside.ts FOLDER_OF_OTHER_BUILD [ROUNDS] [FILTERS]
 *
 * Prints a Markdown table: the median of the rounds' ratios, and between which ratios half of them lie. Throws where
 * the two builds' pixels differ.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Recipe, RgbImage } from '../src/recipe.js';

type Build = Pick<typeof import('../src/index.js'), 'prepare' | 'filterNames'>;

const [folder, rounds = '60', only = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: beside.ts FOLDER_OF_OTHER_BUILD [ROUNDS] [FILTERS]');
const open = async (at: string): Promise<Build> =>
  (await import(pathToFileURL(join(at, 'dist/index.js')).href)) as Build;
const other = await open(resolve(folder));
const own = await open(resolve(import.meta.dirname, '..'));

function noise(width: number, height: number): RgbImage {
  let state = width * 65537 + height;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
  return { width, height, data };
}

function recipeOf(filter: Recipe['filter'], size: number): Recipe {
  return {
    name: null,
    decode: 'pillow',
    centralFraction: null,
    range: 'bytes',
    resize: { kind: 'short-side', size, rounding: 'torchvision' },
    filter,
    crop: { width: 224, height: 224, offset: 'half-even' },
    channelOrder: 'rgb',
    normalize: [],
  };
}

const photographs = [noise(500, 375), noise(375, 500), noise(640, 480)];

function milliseconds({ prepare }: Build, recipes: readonly Recipe[]): number {
  const start = process.cpuUsage();
  for (const recipe of recipes) for (const image of photographs) prepare(image, recipe);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function ratios(recipes: (round: number) => readonly Recipe[]): { ms: number; text: string } {
  const own_: number[] = [];
  const found: number[] = [];
  for (let round = -5; round < Number(rounds); round++) {
    const list = recipes(round);
    // Which goes first changes, so that neither always finds the other's leftovers.
    const before = round % 2 === 0 ? milliseconds(other, list) : null;
    const after = milliseconds(own, list);
    const ratio = after / (before ?? milliseconds(other, list));
    // The first rounds warm the compilers up.
    if (round < 0) continue;
    own_.push(after / list.length / photographs.length);
    found.push(ratio);
  }
  const at = (values: readonly number[], share: number): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]!;
  const text = `${at(found, 0.5).toFixed(2)} (${at(found, 0.25).toFixed(2)}-${at(found, 0.75).toFixed(2)})`;
  return { ms: at(own_, 0.5), text };
}

console.log('| filter | ms now | warm | new sizes |\n|---|---:|---:|---:|');
for (const filter of own.filterNames.filter((name) => name.includes(only))) {
  for (const image of photographs) {
    const pixels = (build: Build): Buffer =>
      Buffer.from(build.prepare(image, recipeOf(filter, 256)).data.buffer);
    if (!pixels(own).equals(pixels(other))) throw new Error(`${filter}: the builds' pixels differ`);
  }
  const known = Array<Recipe>(4).fill(recipeOf(filter, 256));
  const warm = ratios(() => known);
  const fresh = ratios((round) => [recipeOf(filter, 300 + round)]);
  console.log(`| ${filter} | ${warm.ms.toFixed(2)} | ${warm.text} | ${fresh.text} |`);
}
