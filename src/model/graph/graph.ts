import { ModelError, messageOf } from '../../domain/errors.js';
import {
  bytesField,
  concatenate,
  integerOf,
  integersOf,
  readFields,
  textField,
  textOf,
  type Field,
} from './wire.js';

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
  /** TensorProto.DataType: 1 float, 2 uint8, 3 int8, 6 int32, 10 float16, 21 uint4, 22 int4 ... */
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
  model: { graph: 7, opsets: 8 },
  graph: { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 },
  node: { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 },
  attribute: { name: 1, f: 2, i: 3, t: 5, g: 6, graphs: 11, type: 20 },
  tensor: {
    dims: 1,
    dataType: 2,
    floatData: 4,
    int32Data: 5,
    name: 8,
    rawData: 9,
    doubleData: 10,
    location: 14,
  },
  value: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensorType: { elementType: 1, shape: 2 },
} as const;

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

/** An ONNX file that can be looked through and written again with changes. */
export class OnnxGraph {
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, GraphTensor>;
  /** Without those that are initializers too. */
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Node that makes a tensor. */
  readonly producers: ReadonlyMap<string, GraphNode>;
  /** Nodes that take a tensor, in order; a node that takes it twice is named once. */
  readonly consumers: ReadonlyMap<string, readonly GraphNode[]>;
  /** Tensors that subgraphs (bodies of If, Loop, Scan) take from outside. */
  readonly captured: ReadonlySet<string>;
  /** Version of ONNX's own operators. */
  readonly opset: number;

  private readonly modelFields: readonly Field[];
  private readonly graphFields: readonly Field[];

  /** @throws ModelError `not-onnx` */
  constructor(bytes: Uint8Array, where: string) {
    try {
      this.modelFields = readFields(bytes);
      const graphs = this.modelFields.filter((field) => field.number === onnx.model.graph);
      if (graphs.length !== 1) throw new Error(`it holds ${graphs.length} graphs`);
      this.graphFields = readFields(graphs[0]!.value);
      const of = (number: number): Field[] => this.graphFields.filter((field) => field.number === number);
      this.nodes = of(onnx.graph.node).map((field, index) => readNode(field.value, index));
      this.initializers = new Map(
        of(onnx.graph.initializer).map((field) => {
          const tensor = readTensor(field.value);
          return [tensor.name, tensor];
        }),
      );
      this.inputs = of(onnx.graph.input)
        .map(readValue)
        .filter(({ name }) => !this.initializers.has(name));
      this.outputs = of(onnx.graph.output).map(readValue);
    } catch (cause) {
      throw new ModelError({
        code: 'not-onnx',
        what: `not an ONNX model: ${messageOf(cause)}`,
        where,
        remedy: 'Give the .onnx file itself; a download may have been cut short or be an HTML page.',
        cause,
      });
    }
    const producers = new Map<string, GraphNode>();
    const consumers = new Map<string, GraphNode[]>();
    for (const node of this.nodes) {
      for (const output of node.outputs) if (output !== '') producers.set(output, node);
      for (const input of new Set(node.inputs)) {
        const list = consumers.get(input);
        if (list === undefined) consumers.set(input, [node]);
        else list.push(node);
      }
    }
    this.producers = producers;
    this.consumers = consumers;
    this.captured = new Set(this.nodes.flatMap((node) => subgraphsOf(node.fields)).flatMap(namesTaken));
    this.opset = this.opsetOf('');
  }

  /** Version that the file imports of a domain; 0 where it imports none. */
  opsetOf(domain: string): number {
    for (const field of this.modelFields) {
      if (field.number !== onnx.model.opsets) continue;
      const fields = readFields(field.value);
      const named = fields.find(({ number }) => number === 1);
      const version = fields.find(({ number }) => number === 2);
      const name = named === undefined ? '' : textOf(named);
      if ((name === 'ai.onnx' ? '' : name) === domain && version !== undefined) return integerOf(version);
    }
    return 0;
  }

  /** A constant of the graph: an initializer, or the value of a Constant node. */
  constant(name: string): GraphTensor | null {
    const initializer = this.initializers.get(name);
    if (initializer !== undefined) return initializer;
    const node = this.producers.get(name);
    if (node?.opType !== 'Constant') return null;
    const value = attribute(node, 'value')?.find(({ number }) => number === onnx.attribute.t);
    return value === undefined ? null : readTensor(value.value);
  }

  isOutput(name: string): boolean {
    return this.outputs.some((output) => output.name === name);
  }

  /** A name that no tensor has, made from `stem`. */
  freeName(stem: string, taken: ReadonlySet<string> = new Set()): string {
    let name = stem;
    for (let n = 2; this.isNamed(name) || taken.has(name); n++) name = `${stem}_${n}`;
    return name;
  }

  private isNamed(name: string): boolean {
    return (
      this.producers.has(name) ||
      this.initializers.has(name) ||
      this.consumers.has(name) ||
      this.inputs.some((input) => input.name === name)
    );
  }

  /** The file with `edit`; without one the same bytes. Constants that nothing takes any more are left out. */
  write(edit: GraphEdit = noEdit): Uint8Array {
    const orphans = this.orphansOf(edit);
    const parts: Uint8Array[] = [];
    const added = {
      [onnx.graph.initializer]: [...edit.initializers.values()].map((tensor) =>
        bytesField(onnx.graph.initializer, tensor),
      ),
      [onnx.graph.output]: edit.outputs
        .filter((name) => !this.isOutput(name))
        .map((name) => bytesField(onnx.graph.output, valueInfo(name))),
    };
    let node = 0;
    for (const field of this.graphFields) {
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
    parts.push(...added[onnx.graph.initializer], ...added[onnx.graph.output]);
    const content = concatenate(parts);
    return concatenate(
      this.modelFields.map((field) => {
        if (field.number !== onnx.model.graph) return field.raw;
        return isSame(content, field.value) ? field.raw : bytesField(onnx.model.graph, content);
      }),
    );
  }

  /** Initializers that nodes took before the edit and none takes after it. */
  private orphansOf(edit: GraphEdit): ReadonlySet<string> {
    if (edit.nodes.size === 0) return new Set();
    const before = new Set<string>();
    const after = new Set<string>([...this.captured, ...this.outputs.map(({ name }) => name)]);
    for (const node of this.nodes) {
      const instead = edit.nodes.get(node.index);
      if (instead === undefined) for (const input of node.inputs) after.add(input);
      else {
        for (const input of node.inputs) before.add(input);
        for (const content of instead) for (const input of readNode(content, -1).inputs) after.add(input);
      }
    }
    return new Set([...before].filter((name) => this.initializers.has(name) && !after.has(name)));
  }
}

export const noEdit: GraphEdit = {
  nodes: new Map(),
  initializers: new Map(),
  values: new Map(),
  retyped: new Set(),
  outputs: [],
};

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function readNode(bytes: Uint8Array, index: number): GraphNode {
  const fields = readFields(bytes);
  const text = (number: number): string => {
    const field = fields.findLast((one) => one.number === number);
    return field === undefined ? '' : textOf(field);
  };
  const texts = (number: number): string[] => fields.filter((one) => one.number === number).map(textOf);
  const domain = text(onnx.node.domain);
  return {
    index,
    name: text(onnx.node.name),
    opType: text(onnx.node.opType),
    domain: domain === 'ai.onnx' ? '' : domain,
    inputs: texts(onnx.node.input),
    outputs: texts(onnx.node.output),
    fields,
  };
}

export function readTensor(bytes: Uint8Array): GraphTensor {
  const fields = readFields(bytes);
  const of = (number: number): Field[] => fields.filter((field) => field.number === number);
  const type = of(onnx.tensor.dataType).at(-1);
  const name = of(onnx.tensor.name).at(-1);
  return {
    name: name === undefined ? '' : textOf(name),
    dims: integersOf(of(onnx.tensor.dims)),
    dataType: type === undefined ? 0 : integerOf(type),
    fields,
  };
}

function readValue(field: Field): GraphValue {
  return { name: nameIn(field, onnx.value.name), field };
}

function nameIn(field: Field, number: number): string {
  const name = readFields(field.value).findLast((one) => one.number === number);
  return name === undefined ? '' : textOf(name);
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

function subgraphsOf(nodeFields: readonly Field[]): Uint8Array[] {
  return nodeFields
    .filter(({ number }) => number === onnx.node.attribute)
    .flatMap(({ value }) => readFields(value))
    .filter(
      ({ number, wire }) => wire === 2 && (number === onnx.attribute.g || number === onnx.attribute.graphs),
    )
    .map(({ value }) => value);
}

/** All names that nodes of a subgraph take, those made inside included, and its outputs. */
function namesTaken(graph: Uint8Array): string[] {
  return readFields(graph).flatMap((field) => {
    if (field.number === onnx.graph.output) return [nameIn(field, onnx.value.name)];
    if (field.number !== onnx.graph.node) return [];
    const node = readNode(field.value, -1);
    return [...node.inputs, ...subgraphsOf(node.fields).flatMap(namesTaken)];
  });
}

/** A ValueInfoProto that states a name only: onnxruntime infers the type. */
function valueInfo(name: string): Uint8Array {
  return textField(onnx.value.name, name);
}
