import protobuf from 'protobufjs';

import { ModelError, messageOf } from '../domain/errors.js';
import type { NetworkDescription, Port, Quantization } from './description.js';

/**
 * The few fields of onnx.proto3 that tell what a file is; everything else, the weights' bytes of
 * large tensors included, is passed over. Field numbers: github.com/onnx/onnx, onnx/onnx.proto.
 */
const schema = `
syntax = "proto3";
message Model { int64 ir_version = 1; string producer_name = 2; string producer_version = 3; Graph graph = 7; repeated Opset opset_import = 8; repeated Function functions = 25; }
message Function { repeated Node node = 7; }
message Opset { string domain = 1; int64 version = 2; }
message Graph { repeated Node node = 1; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; repeated SparseTensor sparse_initializer = 15; }
message SparseTensor { Tensor values = 1; Tensor indices = 2; }
message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; }
message Attribute { Tensor t = 5; Graph g = 6; repeated Tensor tensors = 10; repeated Graph graphs = 11; SparseTensor sparse_tensor = 22; repeated SparseTensor sparse_tensors = 23; }
message Value { string name = 1; Type type = 2; }
message Type { TensorType tensor_type = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Shape { repeated Dim dim = 1; }
message Dim { int64 dim_value = 1; string dim_param = 2; }
message Tensor { repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; repeated int32 int32_data = 5; string name = 8; bytes raw_data = 9; repeated Entry external_data = 13; int32 data_location = 14; }
message Entry { string key = 1; string value = 2; }
`;

const modelType = protobuf.parse(schema, { keepCase: true }).root.lookupType('Model');

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** TensorProto.DataType: 1 float, 2 uint8, 3 int8, 6 int32, 10 float16 ... */
  readonly data_type: number;
  readonly float_data: readonly number[];
  readonly int32_data: readonly number[];
  readonly raw_data: Uint8Array;
  /** 1: its values lie in another file, which `external_data` names. */
  readonly data_location: number;
  readonly external_data: readonly { readonly key: string; readonly value: string }[];
}

interface SparseTensor {
  readonly values: OnnxTensor | null;
  readonly indices: OnnxTensor | null;
}

interface OnnxAttribute {
  readonly t: OnnxTensor | null;
  readonly g: OnnxGraph | null;
  readonly tensors: readonly OnnxTensor[];
  readonly graphs: readonly OnnxGraph[];
  readonly sparse_tensor: SparseTensor | null;
  readonly sparse_tensors: readonly SparseTensor[];
}

export interface OnnxNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly op_type: string;
  readonly attribute: readonly OnnxAttribute[];
}

export interface OnnxGraph {
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
  readonly sparse_initializer: readonly SparseTensor[];
  readonly input: readonly OnnxValue[];
  readonly output: readonly OnnxValue[];
}

export interface OnnxFile {
  readonly ir_version: number;
  readonly producer_name: string;
  readonly producer_version: string;
  readonly opset_import: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: OnnxGraph;
  readonly functions: readonly { readonly node: readonly OnnxNode[] }[];
}

export interface OnnxValue {
  readonly name: string;
  readonly type: {
    readonly tensor_type: {
      readonly elem_type: number;
      readonly shape: {
        readonly dim: readonly { readonly dim_value: number; readonly dim_param: string }[];
      } | null;
    } | null;
  } | null;
}

const elementTypes: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
};

/** What an ONNX file says of its network. */
export function describeOnnx(file: OnnxFile): NetworkDescription {
  const weights = new Set(file.graph.initializer.map((tensor) => tensor.name));
  const main = file.opset_import.find((o) => o.domain === '' || o.domain === 'ai.onnx');
  return {
    inputs: file.graph.input
      .filter((value) => !weights.has(value.name))
      .map((value) => port(value, inputQuantization(file, value.name))),
    outputs: file.graph.output.map((value) => port(value, outputQuantization(file, value.name))),
    scheme: describeScheme(file),
    parameters: countParameters(file),
    opset: main?.version ?? 0,
    producer: `${file.producer_name} ${file.producer_version}`.trim(),
    batchDependence: batchDependentOperator(file),
  };
}

/**
 * An operator that takes its scale from all that is in the batch (DynamicQuantizeLinear and onnxruntime's fused forms),
 * so that an image's scores depend on its company; null where there is none.
 */
function batchDependentOperator({ graph }: OnnxFile): string | null {
  return graph.node.find(({ op_type }) => op_type.startsWith('DynamicQuantize'))?.op_type ?? null;
}

function port(value: OnnxValue, quantization: Quantization | null): Port {
  const tensor = value.type?.tensor_type;
  return {
    name: value.name,
    dtype: elementTypes[tensor?.elem_type ?? 0] ?? `type ${tensor?.elem_type ?? 0}`,
    shape: (tensor?.shape?.dim ?? []).map((d, i) => (d.dim_value > 0 ? d.dim_value : d.dim_param || `d${i}`)),
    quantization,
  };
}

/**
 * Reads what an ONNX file says of itself.
 * @throws ModelError `not-onnx` where the bytes are no ONNX model.
 */
export function readOnnxFile(bytes: Uint8Array, where: string): OnnxFile {
  let file: OnnxFile;
  try {
    const decoded = modelType.decode(bytes);
    // toObject with these defaults fills every field of the schema above, so the shape is OnnxFile's.
    file = modelType.toObject(decoded, { longs: Number, defaults: true, arrays: true }) as OnnxFile;
  } catch (cause) {
    throw notOnnx(where, messageOf(cause), cause);
  }
  if ((file.graph as OnnxFile['graph'] | null) === null || file.graph.node.length === 0)
    throw notOnnx(where, 'it holds no graph');
  return file;
}

/**
 * Places of the files that hold weights besides the ONNX file itself, as it names them: those of initializers, of constants
 * and of whatever graphs are nested in nodes and functions.
 */
export function externalLocations(file: OnnxFile): string[] {
  const nodes = file.functions.flatMap(({ node }) => node);
  const tensors = [...tensorsOfGraph(file.graph), ...nodes.flatMap(tensorsOfNode)];
  return [
    ...new Set(tensors.filter(isExternal).map((tensor) => externalEntry(tensor, 'location') ?? '')),
  ].sort();
}

function tensorsOfGraph({ initializer, sparse_initializer: sparse, node }: OnnxGraph): OnnxTensor[] {
  return [...initializer, ...sparse.flatMap(tensorsOfSparse), ...node.flatMap(tensorsOfNode)];
}

function tensorsOfNode({ attribute }: OnnxNode): OnnxTensor[] {
  return attribute.flatMap(({ t, g, tensors, graphs, sparse_tensor: sparse, sparse_tensors: sparses }) => [
    ...(t === null ? [] : [t]),
    ...tensors,
    ...[...(sparse === null ? [] : [sparse]), ...sparses].flatMap(tensorsOfSparse),
    ...[...(g === null ? [] : [g]), ...graphs].flatMap(tensorsOfGraph),
  ]);
}

function tensorsOfSparse({ values, indices }: SparseTensor): OnnxTensor[] {
  return [values, indices].filter((tensor) => tensor !== null);
}

function isExternal(tensor: OnnxTensor): boolean {
  return tensor.data_location === 1;
}

function externalEntry(tensor: OnnxTensor, key: 'location' | 'offset' | 'length'): string | undefined {
  return tensor.external_data.find((entry) => entry.key === key)?.value;
}

function notOnnx(where: string, why: string, cause?: unknown): ModelError {
  return new ModelError({
    code: 'not-onnx',
    what: `not an ONNX model: ${why}`,
    where,
    remedy: 'Give the .onnx file itself; a download may have been cut short or be an HTML page.',
    cause,
  });
}

/** Number of weights: elements of all float, float16 and integer initializers that are inputs of a node. */
export function countParameters(file: OnnxFile): number {
  const isScaleOrZeroPoint = quantizerOperands(file);
  return file.graph.initializer
    .filter((tensor) => !isScaleOrZeroPoint.has(tensor.name))
    .reduce((sum, tensor) => sum + tensor.dims.reduce((product, dim) => product * dim, 1), 0);
}

const quantizers = new Set(['QuantizeLinear', 'DequantizeLinear']);

function quantizerOperands(file: OnnxFile): ReadonlySet<string> {
  return new Set(file.graph.node.filter((n) => quantizers.has(n.op_type)).flatMap((n) => n.input.slice(1)));
}

const integerTypes: Readonly<Record<number, string>> = {
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  21: 'uint4',
  22: 'int4',
};

/**
 * The quantization scheme in words: `float32`, `float16`, `QDQ int8 per-channel (activations uint8)`,
 * `QOperator uint8 per-tensor`.
 */
export function describeScheme(file: OnnxFile): string {
  const weights = new Map(file.graph.initializer.map((tensor) => [tensor.name, tensor]));
  const operators = file.graph.node.filter((n) => /^QLinear|Integer$/.test(n.op_type));
  const dequantizers = file.graph.node.filter((n) => n.op_type === 'DequantizeLinear');
  if (operators.length === 0 && dequantizers.length === 0) {
    const types = new Set([...weights.values()].map((tensor) => tensor.data_type));
    return types.has(10) ? 'float16' : types.has(16) ? 'bfloat16' : 'float32';
  }
  const form = operators.length > 0 ? 'QOperator' : 'QDQ';
  const quantized = [...weights.values()].filter((t) => t.dims.length >= 2 && t.data_type in integerTypes);
  const types = [...new Set(quantized.map((tensor) => integerTypes[tensor.data_type]!))].sort();
  const scaleInputs =
    form === 'QDQ'
      ? dequantizers
          .filter((n) => (weights.get(n.input[0] ?? '')?.dims.length ?? 0) >= 2)
          .map((n) => n.input[1])
      : operators.filter((n) => n.op_type === 'QLinearConv').map((n) => n.input[4]);
  const perChannel = scaleInputs.some((name) => elements(weights.get(name ?? '')) > 1);
  const zeroPoints = file.graph.node.filter((n) => n.op_type === 'QuantizeLinear').map((n) => n.input[2]);
  const activations = [
    ...new Set(zeroPoints.map((name) => integerTypes[weights.get(name ?? '')?.data_type ?? 0] ?? 'uint8')),
  ];
  const suffix = activations.length === 0 ? '' : ` (activations ${activations.sort().join(', ')})`;
  return `${form} ${types.length === 0 ? 'int8' : types.join('+')} ${perChannel ? 'per-channel' : 'per-tensor'}${suffix}`;
}

function elements(tensor: OnnxTensor | undefined): number {
  return tensor === undefined ? 0 : tensor.dims.reduce((product, dim) => product * dim, 1);
}

/** Of an integer input: of the DequantizeLinear that takes it in, where the graph begins with one and its scale is a constant. */
function inputQuantization(file: OnnxFile, input: string): Quantization | null {
  return operandsOf(
    file,
    file.graph.node.find((n) => n.op_type === 'DequantizeLinear' && n.input[0] === input),
  );
}

/** Of an integer output: of the QuantizeLinear that makes it. */
function outputQuantization(file: OnnxFile, output: string): Quantization | null {
  return operandsOf(
    file,
    file.graph.node.find((n) => n.op_type === 'QuantizeLinear' && n.output[0] === output),
  );
}

/** Constant scale and zero point of a quantizer for whole tensors. */
function operandsOf(file: OnnxFile, quantizer: OnnxNode | undefined): Quantization | null {
  if (quantizer === undefined) return null;
  const operand = (name: string | undefined): OnnxTensor | undefined =>
    file.graph.initializer.find((tensor) => tensor.name === name);
  const [, scaleName, zeroName] = quantizer.input;
  const scale = operand(scaleName);
  const zero = operand(zeroName);
  if (
    scale === undefined ||
    elements(scale) !== 1 ||
    [scale, zero].some((t) => t !== undefined && isExternal(t))
  )
    return null;
  return { scale: firstFloat(scale), zeroPoint: zero === undefined ? 0 : firstInteger(zero) };
}

function firstFloat(tensor: OnnxTensor): number {
  const raw = tensor.raw_data;
  return tensor.float_data[0] ?? new DataView(raw.buffer, raw.byteOffset, raw.byteLength).getFloat32(0, true);
}

function firstInteger(tensor: OnnxTensor): number {
  const raw = tensor.raw_data;
  if (tensor.int32_data[0] !== undefined) return tensor.int32_data[0];
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return tensor.data_type === 3 ? view.getInt8(0) : view.getUint8(0);
}
