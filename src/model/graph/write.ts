import type { OnnxGraph } from './graph.js';
import { nameIn, namesTaken, onnx, readNode, subgraphsOf, type GraphNode } from './messages.js';
import { tensorValue } from './protos.js';
import { bytesField, concatenate, textField } from './wire.js';

/** What an edited graph has in place of the file's: everything that isn't named stays byte for byte. */
export interface GraphEdit {
  /** NodeProtos in place of a node, by its index; none drop it. */
  readonly nodes: ReadonlyMap<number, readonly Uint8Array[]>;
  /** TensorProtos to add, by name. */
  readonly initializers: ReadonlyMap<string, Uint8Array>;
  /** ValueInfoProtos in place of a graph input or output, by name. */
  readonly values: ReadonlyMap<string, Uint8Array>;
  /** Tensors whose stated type is no longer true. */
  readonly retyped: ReadonlySet<string>;
  /** Tensors that the graph gives beside its own outputs. */
  readonly outputs: readonly string[];
}

/** The edit that changes nothing. */
export const noEdit: GraphEdit = {
  nodes: new Map(),
  initializers: new Map(),
  values: new Map(),
  retyped: new Set(),
  outputs: [],
};

/** The file with `edit`; without one the same bytes. Constants that nothing takes any more are left out. */
export function writeGraph(graph: OnnxGraph, edit: GraphEdit = noEdit): Uint8Array {
  const orphans = orphansOf(graph, edit);
  const parts: Uint8Array[] = [];
  let node = 0;
  for (const field of graph.graphFields) {
    switch (field.number) {
      case onnx.graph.node: {
        const instead = edit.nodes.get(node++);
        if (instead === undefined) parts.push(field.raw);
        else parts.push(...instead.map((content) => bytesField(onnx.graph.node, content)));
        break;
      }
      case onnx.graph.initializer:
        if (!orphans.has(nameIn(field, onnx.tensor.name))) parts.push(field.raw);
        break;
      case onnx.graph.input:
      case onnx.graph.output: {
        const name = nameIn(field, onnx.value.name);
        const instead = edit.values.get(name);
        if (instead !== undefined) parts.push(bytesField(field.number, instead));
        // An input of an old file that only gave an initializer its default goes with it.
        else if (!orphans.has(name)) parts.push(field.raw);
        break;
      }
      case onnx.graph.valueInfo:
        if (!edit.retyped.has(nameIn(field, onnx.value.name))) parts.push(field.raw);
        break;
      default:
        parts.push(field.raw);
    }
  }
  parts.push(
    ...[...edit.initializers.values()].map((tensor) => bytesField(onnx.graph.initializer, tensor)),
    ...edit.outputs.filter((name) => !graph.isOutput(name)).map(untypedOutput),
  );
  return inModel(graph, concatenate(parts));
}

/** Initializers that nodes took before the edit and none takes after it. */
function orphansOf(graph: OnnxGraph, edit: GraphEdit): ReadonlySet<string> {
  if (edit.nodes.size === 0) return new Set();
  const before = new Set<string>();
  const after = new Set<string>([...graph.captured, ...graph.outputs.map(({ name }) => name)]);
  for (const node of graph.nodes) {
    const instead = edit.nodes.get(node.index);
    if (instead === undefined) for (const input of node.inputs) after.add(input);
    else {
      for (const input of node.inputs) before.add(input);
      for (const content of instead) for (const input of readNode(content, -1).inputs) after.add(input);
    }
  }
  return new Set([...before].filter((name) => graph.initializers.has(name) && !after.has(name)));
}

/** A tensor that a part of a graph is given. */
export interface PartInput {
  readonly name: string;
  /** TensorProto.DataType. */
  readonly dataType: number;
  readonly dims: readonly number[];
}

/** A part of a graph as a network of its own. */
export interface GraphPart {
  /** An ONNX file. */
  readonly bytes: Uint8Array;
  /** Those of the inputs that it takes, and inputs of the graph that it takes besides. */
  readonly inputs: readonly string[];
}

/** The operators between `inputs` and `outputs` as a network of their own: those that the outputs need, and what comes before the inputs left out. */
export function writePart(
  graph: OnnxGraph,
  edit: GraphEdit,
  inputs: readonly PartInput[],
  outputs: readonly string[],
): GraphPart {
  const nodes = graph.nodes.flatMap((node) =>
    (edit.nodes.get(node.index)?.map((content) => readNode(content, -1)) ?? [node]).map((one) => ({
      node: one,
      takes: takenBy(one),
    })),
  );
  const makers = new Map(nodes.flatMap((one) => one.node.outputs.map((name) => [name, one])));
  const given = new Map(inputs.map((input) => [input.name, input]));
  const needed = new Set(outputs);
  for (const name of needed) {
    if (given.has(name)) continue;
    for (const taken of makers.get(name)?.takes ?? []) needed.add(taken);
  }
  const own = graph.inputs.filter(({ name }) => needed.has(name) && !given.has(name));
  const taken = inputs.filter(({ name }) => needed.has(name));
  const content = concatenate([
    ...nodes
      .filter(({ node }) => node.outputs.some((name) => name !== '' && needed.has(name) && !given.has(name)))
      .map(({ node }) => bytesField(onnx.graph.node, concatenate(node.fields.map(({ raw }) => raw)))),
    textField(onnx.graph.name, 'part'),
    ...graph.graphFields
      .filter(
        (field) => field.number === onnx.graph.initializer && needed.has(nameIn(field, onnx.tensor.name)),
      )
      .map(({ raw }) => raw),
    ...[...edit.initializers].flatMap(([name, tensor]) =>
      needed.has(name) ? [bytesField(onnx.graph.initializer, tensor)] : [],
    ),
    ...taken.map((input) => bytesField(onnx.graph.input, tensorValue(input))),
    ...own.map(({ name, field }) => bytesField(onnx.graph.input, edit.values.get(name) ?? field.value)),
    ...outputs.map(untypedOutput),
  ]);
  return {
    bytes: inModel(graph, content),
    inputs: [...taken.map(({ name }) => name), ...own.map(({ name }) => name)],
  };
}

/** Tensors that an operator takes, in its subgraphs too. */
function takenBy({ inputs, fields }: GraphNode): readonly string[] {
  return [...inputs, ...subgraphsOf(fields).flatMap(namesTaken)];
}

/** An output by its name only: onnxruntime infers the type. */
function untypedOutput(name: string): Uint8Array {
  return bytesField(onnx.graph.output, textField(onnx.value.name, name));
}

function inModel(graph: OnnxGraph, content: Uint8Array): Uint8Array {
  return concatenate(
    graph.modelFields.map((field) => {
      if (field.number !== onnx.model.graph) return field.raw;
      return Buffer.compare(content, field.value) === 0 ? field.raw : bytesField(onnx.model.graph, content);
    }),
  );
}
