import { join } from 'node:path';

/** The README of ../shared: each network's file and the recipe that it was trained for. */
export const networks = {
  float: { file: 'hardnet39ds.onnx', recipe: 'timm-bicubic-256-224' },
  qdq: { file: 'hardnet39ds_qdq_int8.onnx', recipe: 'timm-bicubic-256-224' },
  badcal: { file: 'hardnet39ds_badcal_int8.onnx', recipe: 'scale-0-1' },
  v2: { file: 'mobilenet_v2_uint8.onnx', recipe: 'bicubic-256-224-raw' },
  v1: { file: 'mobilenet_v1_0.75_uint8.onnx', recipe: 'bicubic-256-224-raw' },
} as const;

export type NetworkName = keyof typeof networks;

/** A config over the 500 images of ../shared, as a data set of their own; all but the first are compared with it. */
export function networksConfig(
  shared: string,
  names: readonly NetworkName[],
  more: readonly string[] = [],
): string {
  return [
    `dataset: { images: ${JSON.stringify(join(shared, 'imagenet/images'))}, labels: filenames }`,
    'models:',
    ...names.map((name, at) => networkLine(shared, name, at === 0 ? null : names[0]!)),
    ...more,
    '',
  ].join('\n');
}

/** @param recipe in YAML, where it is not the README's */
export function networkLine(
  shared: string,
  name: NetworkName,
  compareWith: NetworkName | null,
  recipe: string = networks[name].recipe,
  called: string = name,
): string {
  const path = JSON.stringify(join(shared, 'models', networks[name].file));
  const other = compareWith === null ? '' : `, compare_with: ${compareWith}`;
  return `  - { name: ${called}, path: ${path}, recipe: ${recipe}${other} }`;
}
