import { basename, extname, resolve } from 'node:path';
import type { Size } from 'reference-pixels/recipe';

import type { Sha256 } from '../../domain/domain.js';
import { describePort } from '../../model/description.js';
import { fileSource } from '../../runtime/network.js';
import { readNetwork } from '../../runtime/read.js';

/** What a network file says of its input: enough to look for its preprocessing. */
export interface ModelInput {
  /** How reports call the model. */
  readonly name: string;
  /** As it was given. */
  readonly file: string;
  readonly sha256: Sha256;
  readonly dtype: string;
  /** null where the network leaves it open. */
  readonly size: Size | null;
  /** For messages, e.g. `input: float32 [batch, 3, 224, 224]`. */
  readonly port: string;
  readonly scheme: string;
}

/**
 * Reads networks by their files; each is called by its file's name, with its folder's before it where two are alike.
 * @throws ModelError where one can't be read or is none
 */
export async function readInputs(files: readonly string[]): Promise<ModelInput[]> {
  const names = uniqueNames(files);
  const inputs: ModelInput[] = [];
  for (const [at, file] of files.entries()) inputs.push(await readInput(file, names[at]!));
  return inputs;
}

async function readInput(file: string, name: string): Promise<ModelInput> {
  const network = await readNetwork(fileSource(name, file));
  const { inputs, scheme } = network.describe();
  const [input] = inputs;
  const dimensions = (input?.shape ?? []).slice(1);
  const [height, width] = dimensions.at(-1) === 3 ? dimensions : dimensions.slice(1);
  return {
    name,
    file,
    sha256: network.sha256,
    dtype: input?.dtype ?? 'float32',
    size: isPixels(height) && isPixels(width) ? { width, height } : null,
    port: input === undefined ? 'no input' : describePort(input),
    scheme,
  };
}

function isPixels(dimension: number | string | undefined): dimension is number {
  return typeof dimension === 'number' && dimension > 0;
}

function stemOf(file: string): string {
  return basename(file, extname(file));
}

function uniqueNames(files: readonly string[]): string[] {
  const stems = files.map(stemOf);
  return files.map((file, at) => {
    const alike = stems.filter((stem) => stem === stems[at]).length > 1;
    const name = alike ? `${basename(resolve(file, '..'))}/${stems[at]!}` : stems[at]!;
    // The same file twice, or folders of one name too: numbered.
    const before = files.slice(0, at).filter((other) => stemOf(other) === stems[at]).length;
    const clash = files.some(
      (other, place) =>
        place !== at &&
        stemOf(other) === stems[at] &&
        basename(resolve(other, '..')) === basename(resolve(file, '..')),
    );
    return clash ? `${name} (${before + 1})` : name;
  });
}
