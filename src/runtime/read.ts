import type { NetworkSource, ReadNetwork } from './network.js';

/**
 * Reads a network by the runtime that is to run it.
 * @throws ModelError where it can't be read or is none
 */
export async function readNetwork(source: NetworkSource): Promise<ReadNetwork> {
  const { readOnnxruntimeNetwork } = await import('./onnxruntime/read.js');
  return readOnnxruntimeNetwork(source);
}
