import type { OnnxGraph } from './graph.js';
import { isDequantize, type Quantizer } from './quantizers.js';
import { dataTypes } from './values.js';

/** A tensor of levels that crosses a cut. */
export interface Crossing {
  readonly name: string;
  /** TensorProto.DataType. */
  readonly dataType: number;
}

/** A place where a QDQ graph can be taken in two: levels are all that crosses it, so that neither part is computed otherwise than in the whole. */
export interface Cut {
  readonly tensors: readonly Crossing[];
  /** Indices of the operators that make those tensors, and of those that make the output of them. */
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
}

/** At most `most` cuts between the input and `output`, in order and about as many operators apart, at the places that fewest tensors cross. */
export function cutsOf(
  graph: OnnxGraph,
  quantizers: readonly Quantizer[],
  output: string,
  most: number,
): Cut[] {
  if (graph.captured.size > 0) return [];
  const types = levelTypes(quantizers);
  const places = crossings(graph).map((names) =>
    names.map((name) => ({ name, dataType: types.get(name) ?? 0 })),
  );
  const cuts: Cut[] = [];
  for (let window = 0; window < most; window++) {
    const [from, to] = [window, window + 1].map((at) => Math.round((at * places.length) / most));
    const best = places
      .slice(from, to)
      .filter((tensors) => tensors.length > 0 && tensors.every(({ dataType }) => dataType !== 0))
      .reduce<readonly Crossing[] | null>((a, b) => (a === null || b.length < a.length ? b : a), null);
    if (best === null) continue;
    const names = best.map(({ name }) => name);
    const inputs = graph.inputs.map(({ name }) => name);
    cuts.push({
      tensors: best,
      before: operatorsBetween(graph, inputs, names),
      after: operatorsBetween(graph, names, [output]),
    });
  }
  return cuts;
}

/** Types of tensors that hold levels, of those that can be handed to onnxruntime. */
function levelTypes(quantizers: readonly Quantizer[]): ReadonlyMap<string, number> {
  const types = new Map<string, number>();
  for (const quantizer of quantizers) {
    if (quantizer.kind !== 'activation' || quantizer.quantize === null) continue;
    const { type } = quantizer.grid;
    if (type === 'unknown' || type.endsWith('int4')) continue;
    for (const node of [quantizer.quantize, ...quantizer.through])
      for (const name of node.outputs) types.set(name, dataTypes[type]);
  }
  return types;
}

/** What crosses the place before each operator: tensors that are made before it and taken by it or later. A dequantized one is the levels that it is made of. */
function crossings(graph: OnnxGraph): string[][] {
  const levels = new Map<string, string>();
  const taken: string[][] = [];
  const madeAt = new Map(graph.inputs.map(({ name }) => [name, -1]));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => levels.get(name) ?? name).filter((name) => madeAt.has(name));
    if (inputs.length === 0) continue;
    if (isDequantize(node)) {
      levels.set(node.outputs[0]!, inputs[0]!);
      continue;
    }
    for (const name of node.outputs) madeAt.set(name, taken.length);
    taken.push(inputs);
  }
  const lastTaken = new Map(taken.flatMap((names, index) => names.map((name) => [name, index])));
  return taken.map((_, index) =>
    [...lastTaken].flatMap(([name, last]) => (madeAt.get(name)! < index && last >= index ? [name] : [])),
  );
}

/** Indices of the operators that make `outputs`, those that make `inputs` left out. */
function operatorsBetween(
  graph: OnnxGraph,
  inputs: readonly string[],
  outputs: readonly string[],
): ReadonlySet<number> {
  const given = new Set(inputs);
  const needed = new Set(outputs);
  const operators = new Set<number>();
  for (const name of needed) {
    const maker = given.has(name) ? undefined : graph.producers.get(name);
    if (maker === undefined) continue;
    operators.add(maker.index);
    for (const input of maker.inputs) needed.add(input);
  }
  return operators;
}
