import { ModelError } from '../domain/errors.js';
import type { NetworkSource, ReadNetwork } from './network.js';

/**
 * Reads a network by the runtime that is to run it.
 * @throws ModelError where it can't be read or is none
 */
export async function readNetwork({ name, file, adapter, provider }: NetworkSource): Promise<ReadNetwork> {
  const isTflite = /\.tflite$/i.test(file ?? '');
  if (provider.name !== 'cpu' && (adapter !== null || isTflite)) {
    throw new ModelError({
      code: 'provider-not-for-runtime',
      what: `provider: ${provider.name} is one of onnxruntime's, and another runtime runs this model`,
      where: name,
      remedy: 'Leave it out; an adapter takes its device as an argument (docs/adapters.md).',
    });
  }
  if (adapter !== null) {
    const { readProcessNetwork } = await import('./process/read.js');
    return readProcessNetwork(name, file, adapter);
  }
  if (file === null) {
    throw new ModelError({
      code: 'no-model-file',
      what: 'there is neither a file nor a command that runs one',
      where: name,
      remedy: 'Give the model a `path:`, a `manifest:` or a `runtime:`.',
    });
  }
  if (isTflite) {
    const { readLitertNetwork } = await import('./litert/read.js');
    return readLitertNetwork(name, file);
  }
  const { readOnnxruntimeNetwork } = await import('./onnxruntime/read.js');
  return readOnnxruntimeNetwork(name, file, provider);
}
