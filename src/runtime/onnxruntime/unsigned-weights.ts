import { elementCount } from '../../model/description.js';
import { OnnxGraph } from '../../model/graph/graph.js';
import { uint8Tensor, rewired } from '../../model/graph/protos.js';
import { isDequantize } from '../../model/graph/quantizers.js';
import { dataTypes, valuesOf } from '../../model/graph/values.js';
import { noEdit, writeGraph } from '../../model/graph/write.js';

/**
 * The network with the int8 constants of its DequantizeLinear nodes as uint8: levels and zero points are 128 more, so it computes the
 * same. It is what onnxruntime does itself by `session.x64quantprecision`, but for networks in which operators share constants: those
 * it then can't load ("Attempt to replace the existing tensor", onnxruntime 1.30).
 */
export function withUnsignedWeights(file: Uint8Array, where: string): Uint8Array {
  const graph = new OnnxGraph(file, where);
  const nodes = new Map<number, Uint8Array[]>();
  const initializers = new Map<string, Uint8Array>();
  for (const node of graph.nodes) {
    const [levels, scale, zero = ''] = node.inputs;
    const stored = isDequantize(node) ? graph.constant(levels!) : null;
    const values = stored?.dataType === dataTypes.int8 ? valuesOf(stored) : null;
    const dims = graph.constant(zero === '' ? scale! : zero)?.dims;
    if (stored === null || values === null || dims === undefined) continue;
    const zeros = zero === '' ? new Float32Array(elementCount(dims)) : valuesOf(graph.constant(zero)!);
    if (zeros === null) continue;
    const names = { levels: `${levels!}/uint8`, zero: `${zero === '' ? `${scale!}/zero` : zero}/uint8` };
    initializers.set(names.levels, uint8Tensor(names.levels, stored.dims, raised(values)));
    initializers.set(names.zero, uint8Tensor(names.zero, dims, raised(zeros)));
    nodes.set(node.index, [rewired(node, { inputs: [names.levels, scale!, names.zero] })]);
  }
  return nodes.size === 0 ? file : writeGraph(graph, { ...noEdit, nodes, initializers });
}

function raised(values: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(values, (value) => value + 128);
}
