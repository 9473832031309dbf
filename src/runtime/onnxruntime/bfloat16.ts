import type { Port } from '../../model/description.js';
import { onnx } from '../../model/graph/messages.js';
import { asFloat } from '../../model/graph/protos.js';
import { dataTypes } from '../../model/graph/values.js';
import {
  bytesField,
  concatenate,
  integerField,
  readFields,
  textField,
  textOf,
  type Field,
} from '../../model/graph/wire.js';

/*
 * onnxruntime-node has no bfloat16 tensors and refuses a network that takes or gives them. Such a network is opened with a
 * Cast before its input and one behind its output: float32 is rounded half to even on the way in, and exact on the way out.
 */

/** What a port is called in the network that is opened. */
export function openedName({ name, dtype }: Pick<Port, 'name' | 'dtype'>): string {
  return dtype === 'bfloat16' ? `${name}_as_float32` : name;
}

/** The file with its bfloat16 inputs and outputs made float32. */
export function withFloatPorts(file: Uint8Array, ports: readonly Port[]): Uint8Array {
  const outer = new Map(ports.map((port) => [port.name, openedName(port)]));
  return concatenate(
    readFields(file).map((field) =>
      field.number === onnx.model.graph
        ? bytesField(onnx.model.graph, graphWith(readFields(field.value), outer))
        : field.raw,
    ),
  );
}

/** @param outer what ports are to be called from outside */
function graphWith(fields: readonly Field[], outer: ReadonlyMap<string, string>): Uint8Array {
  const before: Uint8Array[] = [];
  const behind: Uint8Array[] = [];
  const rest = fields.map((field) => {
    if (field.number !== onnx.graph.input && field.number !== onnx.graph.output) return field.raw;
    const parts = readFields(field.value);
    const name = textOf(parts.find(({ number }) => number === onnx.value.name)!);
    const other = outer.get(name);
    if (other === undefined) return field.raw;
    if (field.number === onnx.graph.input) before.push(cast(other, name, dataTypes.bfloat16));
    else behind.push(cast(name, other, dataTypes.float32));
    const float = readFields(asFloat({ name, field })).filter(({ number }) => number !== onnx.value.name);
    return bytesField(
      field.number,
      concatenate([textField(onnx.value.name, other), ...float.map(({ raw }) => raw)]),
    );
  });
  // Nodes are in topological order.
  return concatenate([...before, ...rest, ...behind]);
}

/** A node of the graph, as its field. */
function cast(from: string, to: string, elementType: number): Uint8Array {
  const attribute = concatenate([
    textField(onnx.attribute.name, 'to'),
    integerField(onnx.attribute.i, elementType),
    integerField(onnx.attribute.type, onnx.attributeType.int),
  ]);
  const node = concatenate([
    textField(onnx.node.input, from),
    textField(onnx.node.output, to),
    textField(onnx.node.opType, 'Cast'),
    bytesField(onnx.node.attribute, attribute),
  ]);
  return bytesField(onnx.graph.node, node);
}
