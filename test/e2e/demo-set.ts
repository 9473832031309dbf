import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectDir } from './program.js';

/** The embedded demo taken apart, so that tests can build data sets of their own from it. */

const block = 512;

function tarEntries(archive: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>();
  for (let at = 0; archive[at] !== 0;) {
    const name = archive.toString('latin1', at, archive.indexOf(0, at));
    const size = parseInt(archive.toString('latin1', at + 124, at + 135), 8);
    entries.set(name, archive.subarray(at + block, at + block + size));
    at += block + Math.ceil(size / block) * block;
  }
  return entries;
}

/** The 400 drawings by name, in order. */
export const drawings: ReadonlyMap<string, Buffer> = tarEntries(
  readFileSync(join(projectDir, 'demo/images.tar')),
);

/** Class of each drawing. */
export const labelOf: ReadonlyMap<string, number> = new Map(
  readFileSync(join(projectDir, 'demo/val.txt'), 'utf8')
    .trim()
    .split('\n')
    .map((line): [string, number] => {
      const [name, label] = line.split(' ');
      return [name!, Number(label)];
    }),
);

/** WNIDs of the demo's classes, in index order. */
export const wnids: readonly string[] = readFileSync(join(projectDir, 'demo/synset_words.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' ')[0]!);

/** `demo_val_00000007.JPEG` for 7. */
export function drawingName(number: number): string {
  return `demo_val_${String(number).padStart(8, '0')}.JPEG`;
}

/** The bytes of the n-th drawing, from 1. */
export function drawing(number: number): Buffer {
  return drawings.get(drawingName(number))!;
}

/** Names of the first `count` drawings. */
export function firstNames(count: number): string[] {
  return [...drawings.keys()].slice(0, count);
}

/** A folder with these drawings, and whatever else is given. */
export function folderWith(
  folder: string,
  names: readonly string[],
  more: Readonly<Record<string, Uint8Array>> = {},
): string {
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), drawings.get(name)!);
  for (const [name, bytes] of Object.entries(more)) writeFileSync(join(folder, name), bytes);
  return folder;
}

/** A label file; by default each image's own class. */
export function labelsText(names: Iterable<string>, label = (name: string) => labelOf.get(name)!): string {
  return [...names].map((name) => `${name} ${label(name)}\n`).join('');
}

export const floatModel = join(projectDir, 'demo/demo_float.onnx');
export const int8Model = join(projectDir, 'demo/demo_qdq_int8.onnx');

/** The demo's recipe as YAML in one line, with other fields where given. */
export function demoRecipe(other: Readonly<Record<string, string>> = {}): string {
  const fields = {
    decode: 'pillow',
    resize: '{ short_side: 72 }',
    filter: 'pillow-bicubic',
    crop: '64',
    channel_order: 'rgb',
    ...(other.normalize === undefined
      ? { scale: '1/255', mean: '[0.485, 0.456, 0.406]', std: '[0.229, 0.224, 0.225]' }
      : {}),
    ...other,
  };
  return `{ ${Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;
}

export interface DemoConfig {
  readonly images: string;
  readonly labels: string;
  readonly recipe?: string;
  /** Default: the float network alone. */
  readonly models?: readonly string[];
  readonly synsets?: string;
  /** Further lines of the file. */
  readonly more?: string;
}

/** A model of a config as YAML in one line. */
export function model(name: string, path: string, more = ''): string {
  return `  - { name: ${name}, path: ${JSON.stringify(path)}${more} }`;
}

/** A config over images of one's own, with the demo's classes, recipe and networks. */
export function demoConfig({ images, labels, recipe, models, synsets, more }: DemoConfig): string {
  return [
    `dataset: { images: ${JSON.stringify(images)}, labels: ${JSON.stringify(labels)}, synsets: ${JSON.stringify(
      synsets ?? join(projectDir, 'demo/synset_words.txt'),
    )} }`,
    `recipe: ${recipe ?? demoRecipe()}`,
    'models:',
    ...(models ?? [model('float', floatModel)]),
    more ?? '',
    '',
  ].join('\n');
}
