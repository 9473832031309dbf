import { onnx, type GraphNode, type GraphTensor, type GraphValue } from './messages.js';
import { dataTypes } from './values.js';
import { bytesField, concatenate, floatField, integerField, readFields, textField } from './wire.js';

/** A NodeProto of ONNX's own operators. */
export function nodeProto(node: {
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly floats?: Readonly<Record<string, number>>;
}): Uint8Array {
  return concatenate([
    ...node.inputs.map((name) => textField(onnx.node.input, name)),
    ...node.outputs.map((name) => textField(onnx.node.output, name)),
    textField(onnx.node.name, node.name),
    textField(onnx.node.opType, node.opType),
    ...Object.entries(node.floats ?? {}).map(([name, value]) =>
      bytesField(
        onnx.node.attribute,
        concatenate([
          textField(onnx.attribute.name, name),
          floatField(onnx.attribute.f, value),
          integerField(onnx.attribute.type, onnx.attributeType.float),
        ]),
      ),
    ),
  ]);
}

/** The node with other inputs or outputs; all its other fields stay as they are. */
export function rewired(
  node: GraphNode,
  change: { readonly inputs?: readonly string[]; readonly outputs?: readonly string[] },
): Uint8Array {
  const { inputs = node.inputs, outputs = node.outputs } = change;
  return concatenate([
    ...inputs.map((name) => textField(onnx.node.input, name)),
    ...outputs.map((name) => textField(onnx.node.output, name)),
    ...node.fields
      .filter(({ number }) => number !== onnx.node.input && number !== onnx.node.output)
      .map(({ raw }) => raw),
  ]);
}

/** A float32 TensorProto. */
export function floatTensor(name: string, dims: readonly number[], values: Float32Array): Uint8Array {
  const data = new Uint8Array(values.length * 4);
  const view = new DataView(data.buffer);
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true);
  });
  return concatenate([
    ...dims.map((dim) => integerField(onnx.tensor.dims, dim)),
    integerField(onnx.tensor.dataType, dataTypes.float32),
    textField(onnx.tensor.name, name),
    bytesField(onnx.tensor.rawData, data),
  ]);
}

/** A uint8 TensorProto. */
export function uint8Tensor(name: string, dims: readonly number[], values: Uint8Array): Uint8Array {
  return concatenate([
    ...dims.map((dim) => integerField(onnx.tensor.dims, dim)),
    integerField(onnx.tensor.dataType, dataTypes.uint8),
    textField(onnx.tensor.name, name),
    bytesField(onnx.tensor.rawData, values),
  ]);
}

/** The same tensor under another name. */
export function renamedTensor(tensor: GraphTensor, name: string): Uint8Array {
  return concatenate([
    ...tensor.fields.filter(({ number }) => number !== onnx.tensor.name).map(({ raw }) => raw),
    textField(onnx.tensor.name, name),
  ]);
}

/** The same graph input or output with float32 elements. */
export function asFloat({ field }: GraphValue): Uint8Array {
  const replaceIn = (
    message: Uint8Array,
    number: number,
    change: (content: Uint8Array) => Uint8Array,
  ): Uint8Array =>
    concatenate(
      readFields(message).map((one) =>
        one.number === number ? bytesField(number, change(one.value)) : one.raw,
      ),
    );
  return replaceIn(field.value, onnx.value.type, (type) =>
    replaceIn(type, onnx.type.tensor, (tensor) =>
      concatenate([
        integerField(onnx.tensorType.elementType, dataTypes.float32),
        ...readFields(tensor)
          .filter(({ number }) => number !== onnx.tensorType.elementType)
          .map(({ raw }) => raw),
      ]),
    ),
  );
}

/** A ValueInfoProto of a tensor of fixed dimensions. */
export function tensorValue({
  name,
  dataType,
  dims,
}: {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
}): Uint8Array {
  const shape = concatenate(
    dims.map((dim) => bytesField(onnx.shape.dimension, integerField(onnx.dimension.value, dim))),
  );
  const tensor = concatenate([
    integerField(onnx.tensorType.elementType, dataType),
    bytesField(onnx.tensorType.shape, shape),
  ]);
  return concatenate([
    textField(onnx.value.name, name),
    bytesField(onnx.value.type, bytesField(onnx.type.tensor, tensor)),
  ]);
}
