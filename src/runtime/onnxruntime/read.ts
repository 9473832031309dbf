import { hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, normalize, resolve } from 'node:path';

import type { Sha256 } from '../../domain/domain.js';
import { ModelError, messageOf } from '../../domain/errors.js';
import type { NetworkDescription, Port } from '../../model/description.js';
import { readModelFile } from '../../model/model-file.js';
import { digestOfFiles, sha256OfFile } from '../../model/file-digest.js';
import { externalLocations } from '../../model/graph/external-data.js';
import { OnnxGraph } from '../../model/graph/graph.js';
import { describeOnnx } from '../../model/onnx-description.js';
import type { ReadNetwork } from '../network.js';
import { openedName, withFloatPorts } from './bfloat16.js';
import type { FileStamp, OnnxruntimePlan } from './plan.js';
import { deviceOf, type Device } from './device.js';
import { placementOf } from './placement.js';
import type { Provider } from './provider.js';
import { completeByTrial, describeOrt, isOrt } from './trial.js';
import { runtimeVersion } from './version.js';

/**
 * Reads an ONNX file with the files that hold its weights, or a file in onnxruntime's own format.
 * @throws ModelError where one can't be read
 */
export async function readOnnxruntimeNetwork(
  name: string,
  file: string,
  provider: Provider,
): Promise<ReadNetwork> {
  const where = `${name} (${basename(file)})`;
  const shared = await readModelFile(file, name);
  const bytes = new Uint8Array(shared);
  const own = hash('sha256', bytes, 'hex');
  const said = isOrt(bytes) ? null : saidOf(bytes, where);
  const { locations = [], narrow = [] } = said ?? {};
  const weights: HashedFile[] = [];
  for (const location of locations) weights.push(await hashExternal(file, location, where));
  const stamps = weights.length === 0 ? [] : [await stampOf(file), ...weights.map(({ stamp }) => stamp)];
  const opened = {
    runtime: 'onnxruntime',
    bytes:
      narrow.length > 0 ? sharedCopy(withFloatPorts(bytes, narrow)) : weights.length === 0 ? shared : null,
    file,
    stamps,
    provider,
  } as const satisfies Partial<OnnxruntimePlan>;
  let describe = said?.describe;
  if (describe === undefined) {
    const description = await describeOrt(opened, where);
    describe = () => description;
  }
  return {
    file,
    sha256: weights.length === 0 ? own : digestOfFiles([{ name: basename(file), sha256: own }, ...weights]),
    bytes: weights.reduce((sum, { stamp }) => sum + stamp.bytes, bytes.length),
    describe,
    complete: (description: NetworkDescription, size) => completeByTrial(opened, description, size, where),
    identity: {
      name: 'onnxruntime',
      version: runtimeVersion,
      provider: provider.name,
      ...(await whereOf(file, provider, where)),
      threads: 1,
      adapter: null,
    },
    plan: ({ inputName, inputDtype, outputName, outputDtype, batchDimension }) => ({
      ...opened,
      inputName: openedName({ name: inputName, dtype: inputDtype }),
      inputDtype,
      outputName: openedName({ name: outputName, dtype: outputDtype }),
      batchDimension,
    }),
  };
}

/** Device and driver, and how much of the network is left to the CPU: never in silence. */
async function whereOf(
  file: string,
  provider: Provider,
  where: string,
): Promise<{ readonly [K in keyof Device]: Device[K] | null }> {
  if (provider.name === 'cpu') return { device: null, driver: null };
  const { taken, left, leftOperators } = await placementOf(file, provider, where);
  const { device, driver } = await deviceOf(provider);
  const rest =
    left === 0
      ? 'all nodes on it'
      : `${left} of ${taken + left} nodes on the CPU: ${leftOperators.join(', ')}`;
  return { device: `${device} (${rest})`, driver };
}

interface SaidOfFile {
  readonly locations: readonly string[];
  readonly narrow: readonly Port[];
  /** @throws ModelError where the file is no ONNX model */
  readonly describe: () => NetworkDescription;
}

/** Files of weights, and ports of bfloat16; where the file is no ONNX model that is told when it is described. */
function saidOf(bytes: Uint8Array, where: string): SaidOfFile {
  try {
    const graph = new OnnxGraph(bytes, where);
    const description = describeOnnx(graph);
    return {
      locations: externalLocations(graph),
      narrow: [...description.inputs, ...description.outputs].filter(({ dtype }) => dtype === 'bfloat16'),
      describe: () => description,
    };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return {
      locations: [],
      narrow: [],
      describe: () => {
        throw error;
      },
    };
  }
}

function sharedCopy(bytes: Uint8Array): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}

interface HashedFile {
  /** As the ONNX file names it. */
  readonly name: string;
  readonly sha256: Sha256;
  readonly stamp: FileStamp;
}

async function hashExternal(model: string, location: string, where: string): Promise<HashedFile> {
  if (location === '' || isAbsolute(location) || normalize(location).startsWith('..')) {
    throw new ModelError({
      code: 'external-data',
      what: `its weights are said to lie in ${JSON.stringify(location)}, outside of the model's folder`,
      where,
      remedy:
        'Save the model again with its weights beside it: onnx.save(model, path, save_as_external_data=True).',
    });
  }
  const path = resolve(dirname(model), location);
  try {
    const stamp = await stampOf(path);
    return { name: location, sha256: await sha256OfFile(path), stamp };
  } catch (cause) {
    throw new ModelError({
      code: 'external-data',
      what: `its weights in ${location} can't be read: ${messageOf(cause)}`,
      where,
      remedy: 'Put the file beside the ONNX file, where the model looks for it.',
      cause,
    });
  }
}

async function stampOf(path: string): Promise<FileStamp> {
  const { size, mtimeMs } = await stat(path);
  return { path, bytes: size, modified: mtimeMs };
}
