import { type OnnxGraph } from './graph.js';
import { type GraphNode } from './messages.js';
import { noEdit, type GraphEdit } from './write.js';
import { asFloat, floatTensor, nodeProto, renamedTensor, rewired } from './protos.js';
import type { ActivationQuantizer, ConstantQuantizer } from './quantizers.js';
import type { Limits } from './activation-function.js';

/** A quantizer that is to be taken out, and what comes in its place. */
export type Restoration =
  | {
      readonly quantizer: ActivationQuantizer;
      /** Limits of an activation function that the quantizer's range stood for; null where there is none. */
      readonly limits: Limits | null;
    }
  | {
      readonly quantizer: ConstantQuantizer;
      /** The float constant, row-major in the quantizer's own `dims`; null: the constant that the file itself holds in float. */
      readonly values: Float32Array | null;
    };

/**
 * The edit that takes quantizers out of a graph: values pass by in float, constants are the float ones. Names of all other
 * tensors stay. Each of them must be one that can be bypassed (`fixed` null).
 *
 * @param all every activation quantizer of the graph: one whose levels meet those of a restored one on their way (in a
 *   Concat) is dequantized before they meet
 */
export function restoring(
  graph: OnnxGraph,
  restorations: readonly Restoration[],
  all: readonly ActivationQuantizer[],
): GraphEdit {
  const edit = new EditBuilder(graph);
  const activations = new Map<ActivationQuantizer, Limits | null>();
  for (const one of restorations) {
    if ('limits' in one) activations.set(one.quantizer, one.limits);
    else edit.restoreConstant(one.quantizer, one.values);
  }
  const done = new Set<ActivationQuantizer>();
  for (const quantizer of activations.keys()) {
    if (done.has(quantizer)) continue;
    const together = meeting(quantizer, all);
    for (const one of together) done.add(one);
    if (together.length === 1 && quantizer.through.length === 0)
      edit.bypass(quantizer, activations.get(quantizer)!);
    else edit.bypassMeeting(together, activations);
  }
  return edit.finish();
}

/** The quantizers whose levels meet those of `first`, itself included. */
function meeting(first: ActivationQuantizer, all: readonly ActivationQuantizer[]): ActivationQuantizer[] {
  const found = [first];
  for (const known of found) {
    const through = new Set(known.through);
    for (const other of all)
      if (!found.includes(other) && other.through.some((node) => through.has(node))) found.push(other);
  }
  return found;
}

class EditBuilder {
  private readonly nodes = new Map<number, readonly Uint8Array[]>();
  private readonly initializers = new Map<string, Uint8Array>();
  private readonly values = new Map<string, Uint8Array>();
  private readonly retyped = new Set<string>();
  private readonly named = new Set<string>();

  constructor(private readonly graph: OnnxGraph) {}

  finish(): GraphEdit {
    const { nodes, initializers, values, retyped } = this;
    return { ...noEdit, nodes, initializers, values, retyped };
  }

  restoreConstant(
    { source, quantize, dequantize, dims }: ConstantQuantizer,
    values: Float32Array | null,
  ): void {
    const name = dequantize.outputs[0]!;
    const own = this.graph.constant(source)!;
    this.initializers.set(name, values === null ? renamedTensor(own, name) : floatTensor(name, dims, values));
    this.nodes.set(dequantize.index, []);
    if (quantize !== null && this.onlyTakenBy(quantize.outputs[0]!, [dequantize]))
      this.nodes.set(quantize.index, []);
  }

  /** Levels go straight from one QuantizeLinear to its DequantizeLinears. */
  bypass({ source, quantize, dequantize, outputs }: ActivationQuantizer, limits: Limits | null): void {
    for (const node of dequantize) this.nodes.set(node.index, [this.pass(node, source, limits)]);
    if (quantize === null) this.floatValue(source);
    else if (outputs.length > 0) {
      this.nodes.set(quantize.index, [this.pass(quantize, source, limits)]);
      this.floatValue(quantize.outputs[0]!);
    } else if (this.onlyTakenBy(quantize.outputs[0]!, dequantize)) this.nodes.set(quantize.index, []);
  }

  /** Levels meet on their way: all of it becomes float, and those that stay quantized are dequantized at its start. */
  bypassMeeting(
    together: readonly ActivationQuantizer[],
    restored: ReadonlyMap<ActivationQuantizer, Limits | null>,
  ): void {
    for (const quantizer of together) {
      const { quantize, source, dequantize, through, outputs } = quantizer;
      for (const node of dequantize) this.nodes.set(node.index, [this.pass(node, node.inputs[0]!, null)]);
      for (const node of through) for (const output of node.outputs) this.retyped.add(output);
      for (const output of outputs) this.floatValue(output);
      if (quantize === null) {
        this.floatValue(source);
        continue;
      }
      const [start] = quantize.outputs;
      this.retyped.add(start!);
      if (restored.has(quantizer)) {
        this.nodes.set(quantize.index, [this.pass(quantize, source, restored.get(quantizer)!)]);
        continue;
      }
      const levels = this.name(`${start!}_levels`);
      this.nodes.set(quantize.index, [
        rewired(quantize, { outputs: [levels] }),
        nodeProto({
          name: this.name(`${quantize.name === '' ? start! : quantize.name}_dequantized`),
          opType: 'DequantizeLinear',
          inputs: [levels, ...quantize.inputs.slice(1)],
          outputs: [start!],
        }),
      ]);
    }
  }

  /** A node in place of `node` that gives `source`, within limits, under the name of the node's output. */
  private pass(node: GraphNode, source: string, limits: Limits | null): Uint8Array {
    const { name, outputs } = node;
    if (limits === null) return nodeProto({ name, opType: 'Identity', inputs: [source], outputs });
    const { min, max } = limits;
    if (min === 0 && max === Infinity) return nodeProto({ name, opType: 'Relu', inputs: [source], outputs });
    if (this.graph.opset < 11) {
      const floats = Object.fromEntries(
        Object.entries({ min, max }).filter(([, value]) => Number.isFinite(value)),
      );
      return nodeProto({ name, opType: 'Clip', inputs: [source], outputs, floats });
    }
    const bound = (value: number, which: string): string => {
      if (!Number.isFinite(value)) return '';
      const tensor = this.name(`${outputs[0]!}_${which}`);
      this.initializers.set(tensor, floatTensor(tensor, [], new Float32Array([value])));
      return tensor;
    };
    const inputs = [source, bound(min, 'min'), bound(max, 'max')];
    return nodeProto({ name, opType: 'Clip', inputs, outputs });
  }

  private floatValue(name: string): void {
    const value = [...this.graph.inputs, ...this.graph.outputs].find((one) => one.name === name);
    if (value !== undefined) this.values.set(name, asFloat(value));
    this.retyped.add(name);
  }

  private onlyTakenBy(tensor: string, nodes: readonly GraphNode[]): boolean {
    const takers = this.graph.consumers.get(tensor) ?? [];
    return (
      takers.every((taker) => nodes.includes(taker)) &&
      !this.graph.isOutput(tensor) &&
      !this.graph.captured.has(tensor)
    );
  }

  private name(stem: string): string {
    const name = this.graph.freeName(stem, this.named);
    this.named.add(name);
    return name;
  }
}
