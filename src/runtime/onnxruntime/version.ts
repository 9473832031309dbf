import ort from 'onnxruntime-node';

/** Version of the installed onnxruntime-node, e.g. `1.30.0`. */
export const runtimeVersion: string = ort.env.versions.node ?? ort.env.versions.common;
