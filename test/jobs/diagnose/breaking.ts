import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { OnnxGraph } from '../../../src/model/graph/graph.js';
import { onnx } from '../../../src/model/graph/messages.js';
import { floatTensor, rewired } from '../../../src/model/graph/protos.js';
import {
  findQuantizers,
  type ActivationQuantizer,
  type ConstantQuantizer,
  type Quantizer,
} from '../../../src/model/graph/quantizers.js';
import { valuesOf } from '../../../src/model/graph/values.js';
import { bytesField, concatenate, integerField, textField } from '../../../src/model/graph/wire.js';
import { noEdit, writeGraph } from '../../../src/model/graph/write.js';

export function demoFile(name: string): string {
  return fileURLToPath(new URL(`../../../demo/${name}.onnx`, import.meta.url));
}

export function demoGraph(name: string): OnnxGraph {
  return new OnnxGraph(readFileSync(demoFile(name)), name);
}

export function isActivation(quantizer: Quantizer): quantizer is ActivationQuantizer {
  return quantizer.kind === 'activation';
}

export function isWeight(quantizer: Quantizer): quantizer is ConstantQuantizer {
  return quantizer.kind === 'weight';
}

/** The quantizer that breaks here and its file's other quantizers. */
export interface Break {
  readonly activation?: { readonly at: number; readonly scale?: number; readonly levels?: number };
  readonly weight?: { readonly at: number; readonly step: number };
}

/** A copy of an int8 network with quantizers broken: a scale multiplied, a zero point moved, weights on multiples of a step. */
export function broken(graph: OnnxGraph, breaks: readonly Break[]): { bytes: Uint8Array; tensors: string[] } {
  const quantizers = findQuantizers(graph);
  const activations = quantizers.filter(isActivation);
  const weights = quantizers.filter(isWeight);
  const nodes = new Map<number, Uint8Array[]>();
  const initializers = new Map<string, Uint8Array>();
  const tensors: string[] = [];
  for (const { activation, weight } of breaks) {
    if (activation !== undefined) {
      const { quantize, dequantize, source, grid } = activations[activation.at]!;
      const [, scale, zero] = quantize!.inputs;
      const scaleName = `${scale!}_broken`;
      const zeroName = `${zero!}_broken`;
      initializers.set(
        scaleName,
        floatTensor(scaleName, [], new Float32Array([grid.scales[0]! * (activation.scale ?? 1)])),
      );
      const level = Math.max(
        grid.lowest,
        Math.min(grid.highest, grid.zeroPoints[0]! + (activation.levels ?? 0)),
      );
      initializers.set(zeroName, scalar(zeroName, graph.constant(zero!)!.dataType, level));
      for (const node of [quantize!, ...dequantize])
        nodes.set(node.index, [rewired(node, { inputs: [node.inputs[0]!, scaleName, zeroName] })]);
      tensors.push(source);
    }
    if (weight !== undefined) {
      const { dequantize, source, dims } = weights[weight.at]!;
      const stored = valuesOf(graph.constant(source)!)!;
      const name = `${source}_broken`;
      const levels = Int8Array.from(stored, (value) =>
        Math.max(-127, Math.min(127, Math.round(value / weight.step) * weight.step)),
      );
      initializers.set(
        name,
        concatenate([
          ...dims.map((dim) => integerField(onnx.tensor.dims, dim)),
          integerField(onnx.tensor.dataType, 3),
          textField(onnx.tensor.name, name),
          bytesField(onnx.tensor.rawData, new Uint8Array(levels.buffer)),
        ]),
      );
      nodes.set(dequantize.index, [rewired(dequantize, { inputs: [name, ...dequantize.inputs.slice(1)] })]);
      tensors.push(dequantize.outputs[0]!);
    }
  }
  return { bytes: writeGraph(graph, { ...noEdit, nodes, initializers }), tensors };
}

function scalar(name: string, dataType: number, level: number): Uint8Array {
  return concatenate([
    integerField(onnx.tensor.dataType, dataType),
    textField(onnx.tensor.name, name),
    bytesField(onnx.tensor.rawData, new Uint8Array([level & 255])),
  ]);
}
