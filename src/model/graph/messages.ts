import { integerOf, integersOf, readFields, textOf, type Field } from './wire.js';

/** An operator of the graph, as the file has it. */
export interface GraphNode {
  /** Place in the file's list, which is in topological order. */
  readonly index: number;
  /** Empty where the file gives none. */
  readonly name: string;
  readonly opType: string;
  /** Empty: ONNX's own operators. */
  readonly domain: string;
  /** Names of tensors; an empty one stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly fields: readonly Field[];
}

/** A TensorProto: an initializer or the value of a Constant. */
export interface GraphTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** TensorProto.DataType: see `dataTypes`. */
  readonly dataType: number;
  readonly fields: readonly Field[];
}

/** An input or output of the graph. */
export interface GraphValue {
  readonly name: string;
  readonly field: Field;
}

/** Field numbers of onnx.proto3 (github.com/onnx/onnx, onnx/onnx.proto). */
export const onnx = {
  model: { producerName: 2, producerVersion: 3, graph: 7, opsets: 8, functions: 25 },
  opset: { domain: 1, version: 2 },
  function: { node: 7 },
  graph: { node: 1, name: 2, initializer: 5, input: 11, output: 12, valueInfo: 13, sparseInitializer: 15 },
  node: { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 },
  attribute: {
    name: 1,
    f: 2,
    i: 3,
    t: 5,
    g: 6,
    tensors: 10,
    graphs: 11,
    type: 20,
    sparseTensor: 22,
    sparseTensors: 23,
  },
  /** AttributeProto.AttributeType. */
  attributeType: { float: 1, int: 2 },
  tensor: {
    dims: 1,
    dataType: 2,
    floatData: 4,
    int32Data: 5,
    name: 8,
    rawData: 9,
    doubleData: 10,
    externalData: 13,
    location: 14,
  },
  sparseTensor: { values: 1, indices: 2 },
  entry: { key: 1, value: 2 },
  value: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensorType: { elementType: 1, shape: 2 },
  shape: { dimension: 1 },
  dimension: { value: 1, name: 2 },
} as const;

/** Reads a NodeProto. @throws Error where the bytes are no protobuf message */
export function readNode(bytes: Uint8Array, index: number): GraphNode {
  const fields = readFields(bytes);
  const texts = (number: number): string[] => fields.filter((one) => one.number === number).map(textOf);
  const domain = lastText(fields, onnx.node.domain);
  return {
    index,
    name: lastText(fields, onnx.node.name),
    opType: lastText(fields, onnx.node.opType),
    domain: domain === 'ai.onnx' ? '' : domain,
    inputs: texts(onnx.node.input),
    outputs: texts(onnx.node.output),
    fields,
  };
}

/** Reads a TensorProto; its values stay unread. @throws Error where the bytes are no protobuf message */
export function readTensor(bytes: Uint8Array): GraphTensor {
  const fields = readFields(bytes);
  const of = (number: number): Field[] => fields.filter((field) => field.number === number);
  const type = of(onnx.tensor.dataType).at(-1);
  return {
    name: lastText(fields, onnx.tensor.name),
    dims: integersOf(of(onnx.tensor.dims)),
    dataType: type === undefined ? 0 : integerOf(type),
    fields,
  };
}

/** Reads a ValueInfoProto's name. */
export function readValue(field: Field): GraphValue {
  return { name: nameIn(field, onnx.value.name), field };
}

/** A text that a field's message holds under a number; empty where it holds none. */
export function nameIn(field: Field, number: number): string {
  return lastText(readFields(field.value), number);
}

/** The last text of that number among fields; empty where there is none. */
export function lastText(fields: readonly Field[], number: number): string {
  const field = fields.findLast((one) => one.number === number);
  return field === undefined ? '' : textOf(field);
}

/** Contents of all fields of that number. */
export function contentsOf(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap((field) => (field.number === number ? [field.value] : []));
}

/** Fields of an attribute; null where the node has none of that name. */
export function attribute(node: GraphNode, name: string): readonly Field[] | null {
  for (const field of node.fields) {
    if (field.number !== onnx.node.attribute) continue;
    const fields = readFields(field.value);
    const named = fields.find(({ number }) => number === onnx.attribute.name);
    if (named !== undefined && textOf(named) === name) return fields;
  }
  return null;
}

/** A whole number that a node is given as attribute. */
export function integerAttribute(node: GraphNode, name: string, absent: number): number {
  const field = attribute(node, name)?.find(({ number }) => number === onnx.attribute.i);
  return field === undefined ? absent : integerOf(field);
}

/** GraphProtos among a node's attributes: bodies of If, Loop and Scan. */
export function subgraphsOf(nodeFields: readonly Field[]): Uint8Array[] {
  return nodeFields
    .filter(({ number }) => number === onnx.node.attribute)
    .flatMap(({ value }) => readFields(value))
    .filter(
      ({ number, wire }) => wire === 2 && (number === onnx.attribute.g || number === onnx.attribute.graphs),
    )
    .map(({ value }) => value);
}

/** All names that nodes of a subgraph take, those made inside included, and its outputs. */
export function namesTaken(graph: Uint8Array): string[] {
  return readFields(graph).flatMap((field) => {
    if (field.number === onnx.graph.output) return [nameIn(field, onnx.value.name)];
    if (field.number !== onnx.graph.node) return [];
    const node = readNode(field.value, -1);
    return [...node.inputs, ...subgraphsOf(node.fields).flatMap(namesTaken)];
  });
}
