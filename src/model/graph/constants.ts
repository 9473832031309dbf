import type { OnnxGraph } from './graph.js';
import type { GraphNode } from './messages.js';
import { dequantized, type ConstantQuantizer, type Quantizer } from './quantizers.js';
import { elementCount } from '../description.js';
import { isReal, valuesOf } from './values.js';

/** How a tensor of the int8 network was found in the float network. */
export type MatchedBy = 'name' | 'structure';

/** The float constant that an int8 network's constant was made from. */
export interface ConstantMatch {
  readonly tensor: string;
  readonly by: MatchedBy;
  /** The float constant's values in the int8 constant's own order. */
  readonly values: Float32Array;
}

/** What onnxruntime's quantizer and tf2onnx put behind a tensor's name. */
const suffixes = [
  ...['_QuantizeLinear_Input', '_QuantizeLinear_Output', '_DequantizeLinear_Output'],
  ...['_quantized', '_dequantized', '_dequant', '_prequant'],
];

/** Names that a tensor may have had before it was quantized, its own first. */
export function namesOf(name: string): string[] {
  return [
    name,
    ...suffixes.filter((suffix) => name.endsWith(suffix)).map((suffix) => name.slice(0, -suffix.length)),
  ];
}

/** Float constants of the quantized ones: by name with equal dimensions, else the one whose values are alike. */
export function matchConstants(
  float: OnnxGraph,
  int8: OnnxGraph,
  quantizers: readonly Quantizer[],
): Map<string, ConstantMatch> {
  const found = new Map<string, ConstantMatch>();
  const taken = new Set<string>();
  const open: ConstantQuantizer[] = [];
  for (const quantizer of quantizers) {
    if (quantizer.kind === 'activation') continue;
    const output = quantizer.dequantize.outputs[0]!;
    const names = [...new Set([quantizer.source, output].flatMap(namesOf))];
    const name = names.find((one) => float.constant(one) !== null);
    const values = name === undefined ? null : inOrder(float, name, quantizer.dims);
    if (name === undefined || values === null || isRescaled(int8, quantizer, values)) {
      open.push(quantizer);
      continue;
    }
    found.set(output, { tensor: name, by: 'name', values });
    taken.add(name);
  }
  const floats = floatConstants(float);
  for (const quantizer of open) {
    if (quantizer.kind !== 'weight' || quantizer.dims.length < 2) continue;
    const own = dequantized(int8, quantizer)?.values;
    if (own === undefined) continue;
    const alike = floats.filter(({ name, count }) => {
      if (count !== own.length || taken.has(name)) return false;
      const values = inOrder(float, name, quantizer.dims);
      return values !== null && isSame(own, values, quantizer.dims[0]!);
    });
    if (alike.length !== 1) continue;
    const { name } = alike[0]!;
    found.set(quantizer.dequantize.outputs[0]!, {
      tensor: name,
      by: 'structure',
      values: inOrder(float, name, quantizer.dims)!,
    });
    taken.add(name);
  }
  return found;
}

/** The biases that have no counterpart by name: those of the float nodes that do what their own nodes do. */
export function matchBiases(
  float: OnnxGraph,
  int8: OnnxGraph,
  quantizers: readonly Quantizer[],
  nodes: ReadonlyMap<number, GraphNode>,
  known: ReadonlyMap<string, ConstantMatch>,
): Map<string, ConstantMatch> {
  const found = new Map<string, ConstantMatch>();
  for (const quantizer of quantizers) {
    if (quantizer.kind !== 'bias') continue;
    const output = quantizer.dequantize.outputs[0]!;
    const [user] = int8.consumers.get(output) ?? [];
    const twin = user === undefined ? undefined : nodes.get(user.index);
    const tensor = twin?.inputs[user!.inputs.indexOf(output)] ?? '';
    if (known.has(output) || float.constant(tensor) === null) continue;
    const values = inOrder(float, tensor, quantizer.dims);
    if (values !== null) found.set(output, { tensor, by: 'structure', values });
  }
  return found;
}

function floatConstants(graph: OnnxGraph): { readonly name: string; readonly count: number }[] {
  const names = [
    ...graph.initializers.keys(),
    ...graph.nodes.filter(({ opType }) => opType === 'Constant').map(({ outputs }) => outputs[0]!),
  ];
  return names.flatMap((name) => {
    const tensor = graph.constant(name);
    const isFloat = tensor !== null && isReal(tensor.dataType) && tensor.dims.length >= 2;
    return isFloat ? [{ name, count: elementCount(tensor.dims) }] : [];
  });
}

/** The constant's values where its dimensions are `dims`, or a matrix's transposed; null where they aren't. */
function inOrder(graph: OnnxGraph, name: string, dims: readonly number[]): Float32Array | null {
  const tensor = graph.constant(name)!;
  if (!isReal(tensor.dataType)) return null;
  const values = valuesOf(tensor);
  if (values === null) return null;
  if (tensor.dims.length === dims.length && tensor.dims.every((dim, i) => dim === dims[i]))
    return new Float32Array(values);
  if (dims.length !== 2 || tensor.dims[0] !== dims[1] || tensor.dims[1] !== dims[0]) return null;
  const [rows, columns] = [dims[0]!, dims[1]!];
  return Float32Array.from(
    { length: rows * columns },
    (_, i) => values[(i % columns) * rows + Math.floor(i / columns)]!,
  );
}

/** Cosine of the angle between two constants. */
function similarity(a: Float32Array, b: Float32Array): number {
  let [product, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    left += a[i]! ** 2;
    right += b[i]! ** 2;
  }
  return left === 0 || right === 0 ? 0 : product / Math.sqrt(left * right);
}

/** Norm of each channel of `own` by that of `values`, ascending, and the share of channels that point the same way. */
function channelFactors(
  own: Float32Array,
  values: Float32Array,
  channels: number,
): { readonly at: (share: number) => number; readonly count: number; readonly alike: number } {
  const each = own.length / channels;
  const factors: number[] = [];
  let alike = 0;
  const power = (part: Float32Array): number => {
    let sum = 0;
    for (const value of part) sum += value * value;
    return sum;
  };
  for (let channel = 0; channel < channels; channel++) {
    const a = own.subarray(channel * each, (channel + 1) * each);
    const b = values.subarray(channel * each, (channel + 1) * each);
    const [left, right] = [power(a), power(b)];
    if (right === 0 || left === 0) continue;
    factors.push(Math.sqrt(left / right));
    if (similarity(a, b) > 0.95) alike++;
  }
  factors.sort((x, y) => x - y);
  return {
    at: (share) => factors[Math.floor(share * (factors.length - 1))] ?? 1,
    count: factors.length,
    alike: alike / Math.max(1, factors.length),
  };
}

/**
 * Whether the int8 weights are the float ones with each channel multiplied by a factor of its own: a batch normalization was
 * folded into one of the two networks only, and one network's weights are of no use in the other.
 */
function isRescaled(int8: OnnxGraph, quantizer: ConstantQuantizer, values: Float32Array): boolean {
  if (quantizer.kind === 'bias' || quantizer.dims.length < 2) return false;
  const own = dequantized(int8, quantizer)?.values;
  if (own === undefined) return false;
  const { at, count, alike } = channelFactors(own, values, quantizer.dims[0]!);
  return count >= 4 && alike > 0.9 && at(0.9) > 1.5 * at(0.1);
}

/** Whether values alone say that two constants are the same one: they point the same way and no channel has another size. */
function isSame(own: Float32Array, values: Float32Array, channels: number): boolean {
  if (similarity(own, values) < 0.9) return false;
  const { at } = channelFactors(own, values, channels);
  return at(0.1) > 0.85 && at(0.9) < 1.15 && at(0.5) > 0.95 && at(0.5) < 1.05;
}
