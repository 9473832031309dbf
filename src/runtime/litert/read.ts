import { hash } from 'node:crypto';
import { basename } from 'node:path';

import { ModelError } from '../../domain/errors.js';
import type { NetworkDescription, Port } from '../../model/description.js';
import { describePort } from '../../model/description.js';
import { readModelFile } from '../../model/model-file.js';
import { describeTflite, readTfliteFile } from '../../model/tflite-file.js';
import type { ReadNetwork } from '../network.js';
import { litertPackage } from './package.js';

/** Dtypes that `@litertjs/core` can hold in an input or output. */
const supportedDtypes = ['float32', 'int32', 'uint8'];

/** Reads a TFLite file. @throws ModelError where it can't be read, is none, or can't run in this process */
export async function readLitertNetwork(name: string, file: string): Promise<ReadNetwork> {
  const where = `${name} (${basename(file)})`;
  const shared = await readModelFile(file, name);
  const bytes = new Uint8Array(shared);
  const describe = (): NetworkDescription => describeTflite(readTfliteFile(bytes, where));
  const { version } = litertPackage(where);
  return {
    file,
    sha256: hash('sha256', bytes, 'hex'),
    bytes: bytes.length,
    describe() {
      const network = describe();
      for (const port of [...network.inputs, ...network.outputs]) assertSupported(port, where);
      return {
        ...network,
        inputs: network.inputs.map(oneImage),
        outputs: network.outputs.map(oneImage),
      };
    },
    identity: {
      name: 'LiteRT (@litertjs/core)',
      version,
      provider: 'cpu',
      device: 'XNNPACK in WebAssembly',
      driver: null,
      threads: 1,
      adapter: null,
    },
    plan: ({ outputName }) => ({
      runtime: 'litert',
      bytes: shared,
      output: describe().outputs.findIndex((port) => port.name === outputName),
    }),
  };
}

/** A free batch is run as one image: the package can't resize a network. */
function oneImage(port: Port): Port {
  const [batch, ...rest] = port.shape;
  return { ...port, shape: typeof batch === 'string' ? [1, ...rest] : port.shape };
}

function assertSupported(port: Port, where: string): void {
  const free = port.shape.slice(1).some((size) => typeof size === 'string');
  if (supportedDtypes.includes(port.dtype) && !free) return;
  throw new ModelError({
    code: 'litert-tensor',
    what: free
      ? `${describePort(port)} has free sizes, and @litertjs/core can't resize a network`
      : `${describePort(port)} is ${port.dtype}, and @litertjs/core holds only ${supportedDtypes.join(', ')} in inputs and outputs`,
    where,
    remedy:
      'Run it by the LiteRT adapter: `runtime: { command: [python3, adapters/litert.py, MODEL.tflite] }` (docs/adapters.md).',
  });
}
