import type { Correspondence } from './correspondence.js';
import { limitsOf } from './activation-function.js';
import type { OnnxGraph } from './graph.js';
import type { GraphNode } from './messages.js';
import { isDequantize, isQuantize, type Quantizer } from './quantizers.js';

/** An operator with the quantizers of its inputs, weights and output. */
export interface Layer {
  /** Of the int8 network. */
  readonly node: GraphNode;
  /** Name of the node, of the float network where it was found there; a tensor's where the node has none. */
  readonly name: string;
  readonly opType: string;
  /** Names of the float network's nodes that make up the layer, for onnxruntime's `nodes_to_exclude`; none where it wasn't found or has none. */
  readonly floatNodes: readonly string[];
  /** Places in the list of quantizers. */
  readonly quantizers: readonly number[];
}

const withWeights = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'LSTM', 'GRU']);

/**
 * The layers of a QDQ graph in its order: every Conv, MatMul and their kin, and, for quantizers that belong to none of them,
 * the operator whose output they quantize. A quantizer between two layers belongs to both.
 */
export function layersOf(graph: OnnxGraph, quantizers: readonly Quantizer[], match: Correspondence): Layer[] {
  const bySource = new Map<string, number[]>();
  const byOutput = new Map<string, number>();
  quantizers.forEach((quantizer, index) => {
    bySource.set(quantizer.source, [...(bySource.get(quantizer.source) ?? []), index]);
    const ends = quantizer.kind === 'activation' ? quantizer.dequantize : [quantizer.dequantize];
    for (const node of ends) byOutput.set(node.outputs[0]!, index);
  });
  const around = (node: GraphNode): number[] => {
    const places = node.inputs.flatMap((input) => byOutput.get(input) ?? []);
    for (const output of node.outputs) {
      places.push(...(bySource.get(output) ?? []));
      // An activation function that the file keeps as an operator belongs to the layer before it.
      for (const next of graph.consumers.get(output) ?? [])
        if (limitsOf(graph, next) !== null) places.push(...(bySource.get(next.outputs[0]!) ?? []));
    }
    return [...new Set(places)].sort((a, b) => a - b);
  };
  const operators = graph.nodes.filter((node) => !isQuantize(node) && !isDequantize(node));
  const layers = operators
    .filter(({ opType }) => withWeights.has(opType))
    .map((node) => layer(node, around(node), match));
  const assigned = new Set(layers.flatMap((one) => one.quantizers));
  for (const node of operators) {
    if (withWeights.has(node.opType)) continue;
    const own = around(node).filter((place) => !assigned.has(place));
    if (own.length === 0) continue;
    layers.push(layer(node, own, match));
    for (const place of own) assigned.add(place);
  }
  quantizers.forEach(({ source }, index) => {
    if (assigned.has(index)) return;
    const node = graph.producers.get(source) ?? (graph.consumers.get(source) ?? [])[0];
    if (node !== undefined) layers.push(layer(node, [index], match));
  });
  return layers.filter((one) => one.quantizers.length > 0).sort((a, b) => a.node.index - b.node.index);
}

function layer(node: GraphNode, quantizers: readonly number[], match: Correspondence): Layer {
  const twin = match.nodes.get(node.index);
  const folded = match.tensors.get(node.outputs[0] ?? '')?.foldedNode ?? null;
  const floatNodes = [twin, folded].flatMap((one) =>
    one === undefined || one === null || one.name === '' ? [] : [one.name],
  );
  const own = node.name === '' ? (node.outputs[0] ?? node.opType) : node.name;
  return {
    node,
    name: twin === undefined || twin.name === '' ? own : twin.name,
    opType: node.opType,
    floatNodes,
    quantizers,
  };
}
