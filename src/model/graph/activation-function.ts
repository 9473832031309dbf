import { type OnnxGraph } from './graph.js';
import { attribute, onnx, type GraphNode } from './messages.js';
import { valuesOf } from './values.js';
import { floatsOf } from './wire.js';

/** Relu, Relu6 and other limits: values outside are held at them. */
export interface Limits {
  readonly min: number;
  readonly max: number;
}

/** The limits that a Relu or Clip with constant limits holds its input within; null for any other operator. */
export function limitsOf(graph: OnnxGraph, node: GraphNode): Limits | null {
  if (node.domain !== '') return null;
  if (node.opType === 'Relu') return { min: 0, max: Infinity };
  if (node.opType !== 'Clip') return null;
  const limit = (place: number, name: string, absent: number): number | null => {
    const given = node.inputs[place] ?? '';
    if (given !== '') {
      const tensor = graph.constant(given);
      return tensor === null ? null : (valuesOf(tensor)?.[0] ?? null);
    }
    const field = attribute(node, name)?.find(({ number }) => number === onnx.attribute.f);
    return field === undefined ? absent : floatsOf([field])[0]!;
  };
  const min = limit(1, 'min', -Infinity);
  const max = limit(2, 'max', Infinity);
  return min === null || max === null ? null : { min, max };
}
