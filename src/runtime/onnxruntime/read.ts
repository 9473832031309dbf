import { hash } from 'node:crypto';
import { basename } from 'node:path';

import { readModelFile } from '../../model/model-file.js';
import { describeOnnx, readOnnxFile } from '../../model/onnx-file.js';
import type { ReadNetwork } from '../network.js';
import { runtimeVersion } from './version.js';

/** Reads an ONNX file. @throws ModelError where it can't be read or is no ONNX model */
export async function readOnnxruntimeNetwork(name: string, file: string): Promise<ReadNetwork> {
  const shared = await readModelFile(file, name);
  const bytes = new Uint8Array(shared);
  const sha256 = hash('sha256', bytes, 'hex');
  return {
    file,
    sha256,
    bytes: bytes.length,
    describe: () => describeOnnx(readOnnxFile(bytes, `${name} (${basename(file)})`)),
    identity: {
      name: 'onnxruntime',
      version: runtimeVersion,
      provider: 'cpu',
      device: null,
      driver: null,
      threads: 1,
      adapter: null,
    },
    plan: ({ inputName, outputName, batchDimension }) => ({
      runtime: 'onnxruntime',
      bytes: shared,
      inputName,
      outputName,
      batchDimension,
    }),
  };
}
