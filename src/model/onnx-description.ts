import type { BatchFinding } from '../domain/batch-finding.js';
import {
  elementCount,
  type Dimension,
  type NetworkDescription,
  type Port,
  type Quantization,
} from './description.js';
import type { OnnxGraph } from './graph/graph.js';
import {
  contentsOf,
  lastText,
  onnx,
  readNode,
  subgraphsOf,
  type GraphNode,
  type GraphValue,
} from './graph/messages.js';
import { gridOf, isDequantize, isQuantize } from './graph/quantizers.js';
import { dataTypes, elementType, integerType } from './graph/values.js';
import { integersOf, readFields } from './graph/wire.js';

/** What an ONNX file says of its network. */
export function describeOnnx(graph: OnnxGraph): NetworkDescription {
  const { producerName, producerVersion } = onnx.model;
  const quantization = (node: GraphNode | undefined) => quantizationOf(graph, node);
  return {
    inputs: graph.inputs.map((input) =>
      port(
        input,
        quantization(graph.consumers.get(input.name)?.find((node) => takesLevels(node, input.name))),
      ),
    ),
    outputs: graph.outputs.map((output) => {
      const maker = graph.producers.get(output.name);
      return port(output, quantization(maker !== undefined && isQuantize(maker) ? maker : undefined));
    }),
    scheme: describeScheme(graph),
    parameters: countParameters(graph),
    opset: graph.opset,
    producer:
      `${lastText(graph.modelFields, producerName)} ${lastText(graph.modelFields, producerVersion)}`.trim(),
    batchFinding: batchFindingOf(graph),
  };
}

const randomOperators = new Set([
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
  'Multinomial',
  'Bernoulli',
]);

/**
 * What the operators alone tell: chance is in the scores, or an operator takes its scale from all that is in the batch
 * (DynamicQuantizeLinear and onnxruntime's fused forms). null where they tell nothing.
 */
function batchFindingOf(graph: OnnxGraph): BatchFinding | null {
  const operators = allNodes(graph).map(({ opType }) => opType);
  const random = operators.find((operator) => randomOperators.has(operator));
  if (random !== undefined) return { behaviour: 'random', why: `it has ${random}` };
  const dynamic = operators.find((operator) => operator.startsWith('DynamicQuantize'));
  return dynamic === undefined ? null : { behaviour: 'other-images', why: `it has ${dynamic}` };
}

/** Nodes of the graph, of the file's functions, and of whatever graphs are nested in them. */
function allNodes({ nodes, modelFields }: OnnxGraph): GraphNode[] {
  const functions = contentsOf(modelFields, onnx.model.functions).flatMap((one) =>
    contentsOf(readFields(one), onnx.function.node),
  );
  return [...nodes, ...functions.map((node) => readNode(node, -1))].flatMap(withNested);
}

function withNested(node: GraphNode): GraphNode[] {
  const nested = subgraphsOf(node.fields).flatMap((graph) => contentsOf(readFields(graph), onnx.graph.node));
  return [node, ...nested.flatMap((inner) => withNested(readNode(inner, -1)))];
}

function port({ name, field }: GraphValue, quantization: Quantization | null): Port {
  const message = (bytes: Uint8Array | undefined, number: number): Uint8Array | undefined =>
    bytes === undefined ? undefined : contentsOf(readFields(bytes), number).at(-1);
  const tensor = message(message(field.value, onnx.value.type), onnx.type.tensor);
  const fields = tensor === undefined ? [] : readFields(tensor);
  const dataType =
    integersOf(fields.filter(({ number }) => number === onnx.tensorType.elementType)).at(-1) ?? 0;
  const shape = contentsOf(fields, onnx.tensorType.shape).at(-1);
  const dimensions = shape === undefined ? [] : contentsOf(readFields(shape), onnx.shape.dimension);
  return {
    name,
    dtype: elementType(dataType) ?? `type ${dataType}`,
    shape: dimensions.map(dimensionOf),
    quantization,
  };
}

/** A dimension's size, else its name, else one that is made up of its place. */
function dimensionOf(dimension: Uint8Array, index: number): Dimension {
  const fields = readFields(dimension);
  const size = integersOf(fields.filter(({ number }) => number === onnx.dimension.value)).at(-1) ?? 0;
  return size > 0 ? size : lastText(fields, onnx.dimension.name) || `d${index}`;
}

/** Number of weights: elements of all initializers but scales and zero points. */
function countParameters({ nodes, initializers }: OnnxGraph): number {
  const operands = new Set(
    nodes.filter((node) => isQuantize(node) || isDequantize(node)).flatMap(({ inputs }) => inputs.slice(1)),
  );
  return [...initializers.values()]
    .filter(({ name }) => !operands.has(name))
    .reduce((sum, { dims }) => sum + elementCount(dims), 0);
}

/**
 * The quantization scheme in words: `float32`, `float16`, `QDQ int8 per-channel (activations uint8)`,
 * `QOperator uint8 per-tensor`.
 */
function describeScheme({ nodes, initializers }: OnnxGraph): string {
  const weights = [...initializers.values()];
  const operators = nodes.filter(({ opType }) => /^QLinear|Integer$/.test(opType));
  const dequantizers = nodes.filter(isDequantize);
  if (operators.length === 0 && dequantizers.length === 0) {
    const has = (dataType: number) => weights.some((tensor) => tensor.dataType === dataType);
    return has(dataTypes.float16) ? 'float16' : has(dataTypes.bfloat16) ? 'bfloat16' : 'float32';
  }
  const initializer = (name: string | undefined) => initializers.get(name ?? '');
  const levels = (dataType: number): string | undefined =>
    dataType === dataTypes.int32 ? undefined : integerType(dataType)?.name;
  const form = operators.length > 0 ? 'QOperator' : 'QDQ';
  const stored = weights.flatMap(({ dims, dataType }) => (dims.length >= 2 ? (levels(dataType) ?? []) : []));
  const types = [...new Set(stored)].sort();
  const scales =
    form === 'QDQ'
      ? dequantizers
          .filter(({ inputs }) => (initializer(inputs[0])?.dims.length ?? 0) >= 2)
          .map(({ inputs }) => inputs[1])
      : operators.filter(({ opType }) => opType === 'QLinearConv').map(({ inputs }) => inputs[4]);
  const perChannel = scales.some((name) => elementCount(initializer(name)?.dims ?? []) > 1);
  const activations = [
    ...new Set(
      nodes.filter(isQuantize).map(({ inputs }) => levels(initializer(inputs[2])?.dataType ?? 0) ?? 'uint8'),
    ),
  ];
  const suffix = activations.length === 0 ? '' : ` (activations ${activations.sort().join(', ')})`;
  return `${form} ${types.length === 0 ? 'int8' : types.join('+')} ${perChannel ? 'per-channel' : 'per-tensor'}${suffix}`;
}

function takesLevels(node: GraphNode, input: string): boolean {
  return isDequantize(node) && node.inputs[0] === input;
}

/** Constant scale and zero point of a quantizer for whole tensors: of an integer input or output; null where it has none. */
function quantizationOf(graph: OnnxGraph, quantizer: GraphNode | undefined): Quantization | null {
  const grid = quantizer === undefined ? null : gridOf(graph, quantizer, null);
  if (grid?.scales.length !== 1) return null;
  return { scale: grid.scales[0]!, zeroPoint: grid.zeroPoints[0]! };
}
