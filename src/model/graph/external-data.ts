import type { OnnxGraph } from './graph.js';
import { contentsOf, lastText, onnx } from './messages.js';
import { integersOf, readFields, type Field } from './wire.js';

/**
 * Places of the files that hold weights besides the ONNX file itself, as it names them, sorted: those of initializers, of
 * constants and of whatever graphs are nested in nodes and functions. Empty for one that a tensor leaves unnamed.
 */
export function externalLocations({ modelFields, graphFields }: OnnxGraph): string[] {
  const functions = contentsOf(modelFields, onnx.model.functions).map(readFields);
  const nodes = functions.flatMap((fields) => contentsOf(fields, onnx.function.node));
  const tensors = [...tensorsOfGraph(graphFields), ...nodes.flatMap(tensorsOfNode)];
  return [...new Set(tensors.flatMap(locationOf))].sort();
}

/** TensorProtos of a graph's fields. */
function tensorsOfGraph(fields: readonly Field[]): Uint8Array[] {
  return [
    ...contentsOf(fields, onnx.graph.initializer),
    ...contentsOf(fields, onnx.graph.sparseInitializer).flatMap(tensorsOfSparse),
    ...contentsOf(fields, onnx.graph.node).flatMap(tensorsOfNode),
  ];
}

function tensorsOfNode(node: Uint8Array): Uint8Array[] {
  return contentsOf(readFields(node), onnx.node.attribute).flatMap((attribute) => {
    const fields = readFields(attribute);
    const of = (...numbers: readonly number[]) => numbers.flatMap((number) => contentsOf(fields, number));
    const { t, tensors, sparseTensor, sparseTensors, g, graphs } = onnx.attribute;
    return [
      ...of(t, tensors),
      ...of(sparseTensor, sparseTensors).flatMap(tensorsOfSparse),
      ...of(g, graphs).flatMap((graph) => tensorsOfGraph(readFields(graph))),
    ];
  });
}

function tensorsOfSparse(sparse: Uint8Array): Uint8Array[] {
  const fields = readFields(sparse);
  return [onnx.sparseTensor.values, onnx.sparseTensor.indices].flatMap((number) =>
    contentsOf(fields, number),
  );
}

/** Where a tensor's values lie; none where they are in the ONNX file. */
function locationOf(tensor: Uint8Array): string[] {
  const fields = readFields(tensor);
  if (integersOf(fields.filter(({ number }) => number === onnx.tensor.location)).at(-1) !== 1) return [];
  const entries = contentsOf(fields, onnx.tensor.externalData).map(readFields);
  const entry = entries.find((one) => lastText(one, onnx.entry.key) === 'location');
  return [entry === undefined ? '' : lastText(entry, onnx.entry.value)];
}
