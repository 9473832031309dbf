import { roundHalfEven } from 'reference-pixels/geometry';

import { elementCount } from '../description.js';
import type { OnnxGraph } from './graph.js';
import { integerAttribute, type GraphNode, type GraphTensor } from './messages.js';
import { dataTypes, integerType, valuesOf, type ElementType } from './values.js';

/** How real numbers become whole ones: level = round(value / scale) + zeroPoint, held within lowest and highest. */
export interface Grid {
  /** One, or one for each index along `axis` (with `blockSize` one for each block of it). */
  readonly scales: Float32Array;
  /** As many as scales. */
  readonly zeroPoints: Float32Array;
  /** null: one scale for the whole tensor. */
  readonly axis: number | null;
  /** 0: not in blocks. */
  readonly blockSize: number;
  /** `unknown` where scale or zero point are no constants. */
  readonly type: ElementType | 'unknown';
  readonly lowest: number;
  readonly highest: number;
}

/** A QuantizeLinear of a tensor that is computed, with the DequantizeLinear nodes that its levels reach. */
export interface ActivationQuantizer {
  readonly kind: 'activation';
  /** The tensor that is quantized: the input of QuantizeLinear, or, where the graph takes integers, its input. */
  readonly source: string;
  /** null where the graph's own input holds the levels. */
  readonly quantize: GraphNode | null;
  /** Operators between that move levels about and compute nothing: Reshape, Transpose, Concat ... */
  readonly through: readonly GraphNode[];
  readonly dequantize: readonly GraphNode[];
  /** Tensors of levels that are outputs of the graph. */
  readonly outputs: readonly string[];
  readonly grid: Grid;
  /** A DequantizeLinear that reads the levels with another scale or zero point than they were made with; null where none does. */
  readonly mismatch: string | null;
  /** Why it can't be bypassed; null where it can. */
  readonly fixed: string | null;
}

/** A constant that is stored as whole numbers, or quantized as it is loaded. */
export interface ConstantQuantizer {
  readonly kind: 'weight' | 'bias';
  /** The constant. */
  readonly source: string;
  readonly quantize: GraphNode | null;
  readonly dequantize: GraphNode;
  readonly grid: Grid;
  readonly dims: readonly number[];
  readonly fixed: string | null;
}

/** A quantizer of a QDQ graph: of a computed tensor or of a constant. */
export type Quantizer = ActivationQuantizer | ConstantQuantizer;

/** Whether a node is a QuantizeLinear. */
export function isQuantize(node: GraphNode): boolean {
  return node.opType === 'QuantizeLinear';
}

/** Whether a node is a DequantizeLinear. */
export function isDequantize(node: GraphNode): boolean {
  return node.opType === 'DequantizeLinear';
}

/** Operators that only move elements about: levels stay levels, and floats take the same way. */
const movers = new Set([
  ...['Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Flatten', 'Concat', 'Slice', 'Gather', 'Split'],
  ...['Identity', 'Expand', 'Tile', 'DepthToSpace', 'SpaceToDepth', 'MaxPool', 'Max', 'Min'],
]);

/** Places of the inputs that hold elements; the others are shapes and indices. */
function elementInputs(node: GraphNode): readonly string[] {
  return ['Concat', 'Max', 'Min'].includes(node.opType) ? node.inputs : node.inputs.slice(0, 1);
}

/** Every quantizer of a QDQ graph, in the order of the file. */
export function findQuantizers(graph: OnnxGraph): Quantizer[] {
  const found: Quantizer[] = [];
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const ofInput = new Set<string>();
  for (const node of graph.nodes) {
    if (isQuantize(node)) {
      if (graph.constant(node.inputs[0]!) === null) found.push(activation(graph, node));
    } else if (isDequantize(node)) {
      const [levels] = node.inputs;
      if (inputs.has(levels!)) {
        if (!ofInput.has(levels!)) found.push(takenAsLevels(graph, node));
        ofInput.add(levels!);
        continue;
      }
      const maker = graph.producers.get(levels!);
      if (graph.constant(levels!) !== null) found.push(constant(graph, node, null));
      else if (maker !== undefined && isQuantize(maker) && graph.constant(maker.inputs[0]!) !== null)
        found.push(constant(graph, node, maker));
    }
  }
  return found;
}

function activation(graph: OnnxGraph, quantize: GraphNode): ActivationQuantizer {
  const grid = gridOf(graph, quantize, null);
  return {
    kind: 'activation',
    source: quantize.inputs[0]!,
    quantize,
    ...reach(graph, quantize.outputs[0]!, quantize, grid),
  };
}

function takenAsLevels(graph: OnnxGraph, dequantize: GraphNode): ActivationQuantizer {
  const input = dequantize.inputs[0]!;
  const grid = gridOf(graph, dequantize, null);
  return { kind: 'activation', source: input, quantize: null, ...reach(graph, input, dequantize, grid) };
}

/** Follows levels from `start` to where they become floats again or leave the graph. */
function reach(
  graph: OnnxGraph,
  start: string,
  from: GraphNode,
  grid: Grid | null,
): Pick<ActivationQuantizer, 'through' | 'dequantize' | 'outputs' | 'grid' | 'mismatch' | 'fixed'> {
  const through = new Set<GraphNode>();
  const dequantize: GraphNode[] = [];
  const outputs: string[] = [];
  const levels = [start];
  let mismatch: string | null = null;
  let fixed: string | null = grid === null ? 'its scale or zero point is computed, not a constant' : null;
  for (const tensor of levels) {
    if (graph.isOutput(tensor)) outputs.push(tensor);
    if (graph.captured.has(tensor)) fixed ??= 'its levels are used inside a subgraph';
    for (const consumer of graph.consumers.get(tensor) ?? []) {
      if (isDequantize(consumer)) {
        if (consumer.inputs[0] !== tensor) continue;
        dequantize.push(consumer);
        if (!sameOperands(graph, consumer, from))
          mismatch ??= `${label(consumer)} reads its levels with another scale or zero point`;
      } else if (movers.has(consumer.opType) && elementInputs(consumer).includes(tensor)) {
        if (through.has(consumer)) continue;
        through.add(consumer);
        levels.push(...consumer.outputs.filter((name) => name !== ''));
      } else fixed ??= `${label(consumer)} computes with its levels`;
    }
  }
  if (through.size > 0) fixed ??= mismatch;
  return { through: [...through], dequantize, outputs, grid: grid ?? unknownGrid, mismatch, fixed };
}

const unknownGrid: Grid = {
  scales: new Float32Array([NaN]),
  zeroPoints: new Float32Array([0]),
  axis: null,
  blockSize: 0,
  type: 'unknown',
  lowest: 0,
  highest: 0,
};

function constant(graph: OnnxGraph, dequantize: GraphNode, quantize: GraphNode | null): ConstantQuantizer {
  const source = quantize === null ? dequantize.inputs[0]! : quantize.inputs[0]!;
  const tensor = graph.constant(source)!;
  const levels = quantize === null ? tensor : null;
  const grid = gridOf(graph, quantize ?? dequantize, levels);
  return {
    kind: isBias(graph, dequantize, tensor) ? 'bias' : 'weight',
    source,
    quantize,
    dequantize,
    grid: grid ?? unknownGrid,
    dims: tensor.dims,
    fixed: grid === null ? 'its scale or zero point is computed, not a constant' : null,
  };
}

const withBias = new Set(['Conv', 'ConvTranspose', 'Gemm']);

function isBias(graph: OnnxGraph, dequantize: GraphNode, tensor: GraphTensor): boolean {
  if (tensor.dataType === dataTypes.int32) return true;
  const output = dequantize.outputs[0]!;
  return (graph.consumers.get(output) ?? []).some(
    (node) => withBias.has(node.opType) && node.inputs[2] === output,
  );
}

function sameOperands(graph: OnnxGraph, a: GraphNode, b: GraphNode): boolean {
  const same = (place: number): boolean => {
    const [x, y] = [a.inputs[place] ?? '', b.inputs[place] ?? ''];
    if (x === y) return true;
    const left = numbers(graph, x);
    const right = numbers(graph, y);
    if (place === 2 && (left === null || right === null))
      return [...(left ?? right ?? [])].every((value) => value === 0);
    return (
      left !== null && right !== null && left.length === right.length && left.every((v, i) => v === right[i])
    );
  };
  return same(1) && same(2);
}

function numbers(graph: OnnxGraph, name: string): Float32Array | Float64Array | null {
  const tensor = name === '' ? null : graph.constant(name);
  return tensor === null ? null : valuesOf(tensor);
}

/** Scale, zero point and type; null where they aren't constants. `levels`: the stored constant, where it is one. */
export function gridOf(graph: OnnxGraph, node: GraphNode, levels: GraphTensor | null): Grid | null {
  const scale = graph.constant(node.inputs[1] ?? '');
  const zero = (node.inputs[2] ?? '') === '' ? null : graph.constant(node.inputs[2]!);
  if (scale === null || (zero === null && (node.inputs[2] ?? '') !== '')) return null;
  const scales = valuesOf(scale);
  const zeroPoints = zero === null ? null : valuesOf(zero);
  if (scales === null) return null;
  const stated = isQuantize(node) ? integerAttribute(node, 'output_dtype', 0) : 0;
  const type = integerType(zero?.dataType ?? levels?.dataType ?? (stated === 0 ? dataTypes.uint8 : stated));
  if (type === null) return null;
  const half = 2 ** (type.bits - 1);
  return {
    scales: Float32Array.from(scales),
    zeroPoints: zeroPoints === null ? new Float32Array(scales.length) : Float32Array.from(zeroPoints),
    axis: elementCount(scale.dims) === 1 ? null : integerAttribute(node, 'axis', 1),
    blockSize: integerAttribute(node, 'block_size', 0),
    type: type.name,
    lowest: type.signed ? -half : 0,
    highest: type.signed ? half - 1 : 2 * half - 1,
  };
}

/** An operator as messages call it. */
function label({ opType, name, outputs }: GraphNode): string {
  return `${opType} ${name === '' ? `of ${outputs[0] ?? '?'}` : name}`;
}

/** The smallest and the largest real number that the grid can hold, for its scale at `place`. */
export function rangeOf(grid: Grid, place = 0): { readonly low: number; readonly high: number } {
  const scale = grid.scales[place]!;
  const zero = grid.zeroPoints[place]!;
  return { low: (grid.lowest - zero) * scale, high: (grid.highest - zero) * scale };
}

/** Which scale holds for the element at `index` of a row-major tensor. */
function placeOf(grid: Grid, dims: readonly number[]): (index: number) => number {
  const { axis, blockSize } = grid;
  if (axis === null) return () => 0;
  const along = axis < 0 ? axis + dims.length : axis;
  const inner = elementCount(dims.slice(along + 1));
  const size = dims[along]!;
  if (blockSize === 0) return (index) => Math.floor(index / inner) % size;
  const blocks = Math.ceil(size / blockSize);
  return (index) => {
    const outer = Math.floor(index / (inner * size));
    const block = Math.floor((Math.floor(index / inner) % size) / blockSize);
    return (outer * blocks + block) * inner + (index % inner);
  };
}

/**
 * The real numbers that a quantized constant stands for, and its levels; null where its data can't be read.
 * A constant that is quantized as it is loaded is quantized here, ties to even as ONNX has it.
 */
export function dequantized(
  graph: OnnxGraph,
  { source, quantize, grid, dims }: ConstantQuantizer,
): { readonly values: Float32Array; readonly levels: Float32Array | Float64Array } | null {
  const stored = valuesOf(graph.constant(source)!);
  if (stored === null || grid.type === 'unknown') return null;
  const place = placeOf(grid, dims);
  const levels = quantize === null ? stored : stored.map((value, i) => levelOf(grid, place(i), value));
  const values = new Float32Array(levels.length);
  for (let i = 0; i < values.length; i++) {
    const at = place(i);
    values[i] = (levels[i]! - grid.zeroPoints[at]!) * grid.scales[at]!;
  }
  return { levels, values };
}

/** The level that a real number is stored as. */
function levelOf(grid: Grid, place: number, value: number): number {
  const level = roundHalfEven(value / grid.scales[place]!) + grid.zeroPoints[place]!;
  return Math.min(grid.highest, Math.max(grid.lowest, level));
}
