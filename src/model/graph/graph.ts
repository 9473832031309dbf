import { ModelError, messageOf } from '../../domain/errors.js';
import {
  attribute,
  lastText,
  namesTaken,
  onnx,
  readNode,
  readTensor,
  readValue,
  subgraphsOf,
  type GraphNode,
  type GraphTensor,
  type GraphValue,
} from './messages.js';
import { integerOf, readFields, type Field } from './wire.js';

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

  /** All of the file, for whoever writes it. */
  readonly modelFields: readonly Field[];
  readonly graphFields: readonly Field[];

  /** @throws ModelError `not-onnx` */
  constructor(bytes: Uint8Array, where: string) {
    try {
      this.modelFields = readFields(bytes);
      const graphs = this.modelFields.filter((field) => field.number === onnx.model.graph);
      if (graphs.length !== 1)
        throw new Error(`it holds ${graphs.length === 0 ? 'no graph' : `${graphs.length} graphs`}`);
      this.graphFields = readFields(graphs[0]!.value);
      const of = (number: number): Field[] => this.graphFields.filter((field) => field.number === number);
      this.nodes = of(onnx.graph.node).map((field, index) => readNode(field.value, index));
      if (this.nodes.length === 0) throw new Error('its graph is empty');
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
      const version = fields.find(({ number }) => number === onnx.opset.version);
      const name = lastText(fields, onnx.opset.domain);
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
}
