import { limitsOf, type Limits } from './activation-function.js';
import { matchBiases, matchConstants, namesOf, type ConstantMatch, type MatchedBy } from './constants.js';
import type { OnnxGraph } from './graph.js';
import type { GraphNode } from './messages.js';
import { isDequantize, isQuantize, rangeOf, type ActivationQuantizer, type Quantizer } from './quantizers.js';

/** The float network's tensor that an int8 network's tensor stands for. */
export interface TensorMatch {
  /** Name in the float network. */
  readonly tensor: string;
  readonly by: MatchedBy;
  /**
   * Limits of the activation function that the float network applies and the int8 network leaves to the quantizer's range;
   * the float tensor is the one after it.
   */
  readonly folded: Limits | null;
  /** The node of that activation function. */
  readonly foldedNode: GraphNode | null;
  /**
   * The float tensor whose values the quantizer has to hold: `tensor`, or, where both networks limit it next and the quantizer's
   * range lies within those limits, the tensor after them. What is cut off before is cut off after it all the same.
   */
  readonly holds: string;
}

/** What of an int8 network is what of the float network that it was made from. */
export interface Correspondence {
  /** By the tensor that is quantized (`ActivationQuantizer.source`). */
  readonly tensors: ReadonlyMap<string, TensorMatch>;
  /** By the quantizer's dequantized tensor (`dequantize.outputs[0]`). */
  readonly constants: ReadonlyMap<string, ConstantMatch>;
  /** Float node that does what an int8 node does, by the int8 node's index. */
  readonly nodes: ReadonlyMap<number, GraphNode>;
  /** Tensors of both networks by one name that no quantizer takes: nothing but their name speaks for them. */
  readonly common: readonly string[];
}

/** Finds the tensors of an int8 network in the float network that it was made from: by name, and else by structure. */
export function correspondence(
  float: OnnxGraph,
  int8: OnnxGraph,
  quantizers: readonly Quantizer[],
): Correspondence {
  const weights = matchConstants(float, int8, quantizers);
  const matcher = new TensorMatcher(float, int8, weights);
  const tensors = matcher.match(quantizers);
  const biases = matchBiases(float, int8, quantizers, matcher.nodes, weights);
  const constants = new Map([...weights, ...biases]);
  const quantized = new Set(quantizers.map(({ source }) => source));
  const common = int8.nodes
    .filter((node) => !isQuantize(node) && !isDequantize(node) && node.opType !== 'Constant')
    .flatMap(({ outputs }) => outputs)
    .filter((name) => name !== '' && !quantized.has(name) && float.producers.has(name));
  return { tensors, constants, nodes: matcher.nodes, common };
}

class TensorMatcher {
  /** Root tensors of the int8 network to tensors of the float network. */
  private readonly pairs = new Map<string, { readonly tensor: string; readonly by: MatchedBy }>();
  private readonly taken = new Set<string>();
  readonly nodes = new Map<number, GraphNode>();

  constructor(
    private readonly float: OnnxGraph,
    private readonly int8: OnnxGraph,
    private readonly constants: ReadonlyMap<string, ConstantMatch>,
  ) {}

  match(quantizers: readonly Quantizer[]): Map<string, TensorMatch> {
    this.byEnds();
    this.byName();
    this.byStructure();
    const found = new Map<string, TensorMatch>();
    for (const quantizer of quantizers) {
      if (quantizer.kind !== 'activation') continue;
      const { source } = quantizer;
      // A tensor that is quantized once more is the same float tensor.
      const pair = this.pairs.get(source) ?? this.pairs.get(this.root(source));
      if (pair === undefined) continue;
      const folding = this.folding(source, pair);
      found.set(source, { ...folding, holds: this.limited(quantizer, folding.tensor) ?? folding.tensor });
    }
    return found;
  }

  /** The float tensor after the limits that both networks set next, where the quantizer's range lies within them. */
  private limited({ source, grid }: ActivationQuantizer, tensor: string): string | null {
    const consumers = this.float.consumers.get(tensor) ?? [];
    const limits = consumers.length === 1 ? limitsOf(this.float, consumers[0]!) : null;
    if (limits === null || grid.axis !== null || !this.hasActivation(source)) return null;
    const { low, high } = rangeOf(grid);
    const step = grid.scales[0]!;
    return low > limits.min - step && high < limits.max + step ? consumers[0]!.outputs[0]! : null;
  }

  private pair(int8: string, float: string, by: MatchedBy): void {
    if (this.pairs.has(int8) || this.taken.has(float)) return;
    this.pairs.set(int8, { tensor: float, by });
    this.taken.add(float);
  }

  /** The networks' inputs and outputs stand for each other. */
  private byEnds(): void {
    const [floatInput] = this.float.inputs;
    const [input] = this.int8.inputs;
    if (floatInput !== undefined && input !== undefined) {
      this.pair(input.name, floatInput.name, input.name === floatInput.name ? 'name' : 'structure');
    }
    const [floatOutput] = this.float.outputs;
    const [output] = this.int8.outputs;
    if (floatOutput === undefined || output === undefined) return;
    const root = this.root(output.name);
    this.pair(root, floatOutput.name, namesOf(root).includes(floatOutput.name) ? 'name' : 'structure');
  }

  private byName(): void {
    const sources = this.int8.nodes.filter(isQuantize).map((node) => node.inputs[0]!);
    for (const exact of [true, false]) {
      for (const source of sources) {
        for (const name of exact ? [source] : namesOf(source)) {
          if (this.float.producers.has(name) && !this.isConstant(this.float, name))
            this.pair(source, name, 'name');
        }
      }
    }
  }

  private byStructure(): void {
    for (const node of this.int8.nodes) {
      if (isQuantize(node) || isDequantize(node) || node.opType === 'Constant') continue;
      const [output] = node.outputs;
      const known = this.pairs.get(output!);
      const twin = known === undefined ? this.twin(node) : this.makerOf(known.tensor, node);
      if (twin === null) continue;
      this.nodes.set(node.index, twin);
      if (known !== undefined) continue;
      node.outputs.forEach((name, index) => {
        const other = twin.outputs[index];
        if (name !== '' && other !== undefined && other !== '') this.pair(name, other, 'structure');
      });
    }
  }

  /** The float node that makes `tensor`, or the one before its folded activation, where it does what `node` does. */
  private makerOf(tensor: string, node: GraphNode): GraphNode | null {
    const maker = this.float.producers.get(tensor);
    if (maker === undefined) return null;
    if (maker.opType === node.opType) return maker;
    if (limitsOf(this.float, maker) === null) return null;
    const before = this.float.producers.get(maker.inputs[0]!);
    return before?.opType === node.opType ? before : null;
  }

  /** The one float node of the same operator that takes the tensors that `node` takes. */
  private twin(node: GraphNode): GraphNode | null {
    const wanted = node.inputs.map((input) => this.wanted(node, input));
    const tensors = wanted.filter((one) => one.kind === 'tensor');
    if (tensors.length === 0 || wanted.some(({ kind }) => kind === 'unknown')) return null;
    const candidates = [
      ...(this.float.consumers.get(tensors[0]!.name) ?? []),
      ...this.passedOn(tensors[0]!.name).flatMap((name) => [...(this.float.consumers.get(name) ?? [])]),
    ].filter((other) => this.isTwin(node, wanted, other));
    return candidates.length === 1 ? candidates[0]! : null;
  }

  private isTwin(node: GraphNode, wanted: readonly Wanted[], other: GraphNode): boolean {
    if (other.opType !== node.opType || other.domain !== node.domain) return false;
    if (other.outputs.length !== node.outputs.length) return false;
    return wanted.every((one, index) => {
      const given = other.inputs[index] ?? '';
      if (one.kind === 'absent') return given === '' || this.isConstant(this.float, given);
      if (given === '') return false;
      if (one.kind === 'tensor') return this.floatRoot(given) === this.floatRoot(one.name);
      if (one.kind === 'weight') return given === one.name;
      return this.isConstant(this.float, given);
    });
  }

  private wanted(node: GraphNode, input: string): Wanted {
    if (input === '') return { kind: 'absent' };
    const constant = this.constants.get(input);
    if (constant !== undefined) return { kind: 'weight', name: constant.tensor };
    if (this.isConstant(this.int8, input))
      return this.isWeight(node, input) ? { kind: 'unknown' } : { kind: 'constant' };
    const padded = padding.has(node.opType) ? this.beforePad(input) : input;
    const pair = this.pairs.get(this.root(input)) ?? this.pairs.get(this.root(padded));
    return pair === undefined
      ? { kind: 'unknown' }
      : { kind: 'tensor', name: this.afterFolding(pair.tensor, this.root(input)) };
  }

  /** A quantized constant of two or more dimensions that has no counterpart. */
  private isWeight(node: GraphNode, input: string): boolean {
    const maker = this.int8.producers.get(input);
    const levels = maker !== undefined && isDequantize(maker) ? this.int8.constant(maker.inputs[0]!) : null;
    const dims = levels?.dims ?? this.int8.constant(input)?.dims ?? [];
    return dims.length >= 2 && node.inputs.indexOf(input) > 0;
  }

  private beforePad(input: string): string {
    const maker = this.int8.producers.get(this.root(input));
    return maker?.opType === 'Pad' ? maker.inputs[0]! : input;
  }

  /** The tensor of the int8 network that this one holds the values of, before any Q/DQ. */
  private root(name: string): string {
    let at = name;
    for (;;) {
      const maker = this.int8.producers.get(at);
      if (maker === undefined) return at;
      if (!isQuantize(maker) && !isDequantize(maker) && maker.opType !== 'Identity') return at;
      if (this.int8.constant(maker.inputs[0]!) !== null) return at;
      at = maker.inputs[0]!;
    }
  }

  private floatRoot(name: string): string {
    let at = name;
    for (;;) {
      const maker = this.float.producers.get(at);
      if (maker === undefined || !['Identity', 'Dropout'].includes(maker.opType)) return at;
      at = maker.inputs[0]!;
    }
  }

  /** Names that a float tensor goes by after operators that only hand it on. */
  private passedOn(name: string): string[] {
    return (this.float.consumers.get(name) ?? [])
      .filter(({ opType }) => opType === 'Identity' || opType === 'Dropout')
      .flatMap(({ outputs }) => [outputs[0]!, ...this.passedOn(outputs[0]!)]);
  }

  private isConstant(graph: OnnxGraph, name: string): boolean {
    if (graph.constant(name) !== null) return true;
    const maker = graph.producers.get(name);
    return maker !== undefined && (isDequantize(maker) || isQuantize(maker) || maker.opType === 'Identity')
      ? this.isConstant(graph, maker.inputs[0]!)
      : false;
  }

  /** The float tensor that consumers of an int8 tensor see: after the activation that its quantizer's range stands for. */
  private afterFolding(tensor: string, source: string): string {
    return this.folding(source, { tensor, by: 'structure' }).tensor;
  }

  private folding(source: string, pair: { readonly tensor: string; readonly by: MatchedBy }): Folding {
    const plain: Folding = { ...pair, folded: null, foldedNode: null };
    const maker = this.int8.producers.get(source);
    const floatMaker = this.float.producers.get(pair.tensor);
    if (maker === undefined || floatMaker === undefined || limitsOf(this.int8, maker) !== null) return plain;
    const limits = limitsOf(this.float, floatMaker);
    if (limits !== null) return { ...pair, folded: limits, foldedNode: floatMaker };
    // The float tensor goes into nothing but an activation function, the int8 tensor into none.
    const consumers = this.float.consumers.get(pair.tensor) ?? [];
    const after = consumers.length === 1 ? consumers[0]! : null;
    const folded = after === null ? null : limitsOf(this.float, after);
    if (folded === null || this.float.isOutput(pair.tensor) || this.hasActivation(source)) return plain;
    return { tensor: after!.outputs[0]!, by: pair.by, folded, foldedNode: after };
  }

  private hasActivation(source: string): boolean {
    const reached = [source];
    for (const name of reached) {
      for (const node of this.int8.consumers.get(name) ?? []) {
        if (limitsOf(this.int8, node) !== null) return true;
        if (isQuantize(node) || isDequantize(node)) reached.push(node.outputs[0]!);
      }
    }
    return false;
  }
}

type Folding = Omit<TensorMatch, 'holds'>;

type Wanted =
  | { readonly kind: 'tensor'; readonly name: string }
  | { readonly kind: 'weight'; readonly name: string }
  | { readonly kind: 'constant' | 'absent' | 'unknown' };

/** Operators that pad their input themselves, where another exporter writes a Pad before them. */
const padding = new Set(['Conv', 'AveragePool', 'MaxPool']);
