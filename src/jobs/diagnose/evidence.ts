import { integerAttribute } from '../../model/graph/messages.js';
import { rangeOf, type ActivationQuantizer, type ConstantQuantizer } from '../../model/graph/quantizers.js';
import { lossOf, NOTABLE_LOSS, weightLoss, type ActivationEvidence } from './faults.js';
import type { ObservedTensor } from './observe/observe.js';
import { seenValues } from './ranges.js';
import type { Subject } from './subject.js';
import { compareWeights, type WeightComparison } from './weights.js';

/** What each quantized constant is to the float one, by the quantizer's place; null where that isn't known. */
export function compareConstants(subject: Subject): (WeightComparison | null)[] {
  const { quantizers, match, int8Graph } = subject;
  return quantizers.map((quantizer) => {
    if (quantizer.kind === 'activation') return null;
    const float = match.constants.get(quantizer.dequantize.outputs[0]!);
    return float === undefined
      ? null
      : compareWeights(int8Graph, quantizer, float.values, channelAxis(subject, quantizer));
  });
}

/** The dimension of output channels. */
function channelAxis({ int8Graph }: Subject, { dequantize, dims, grid }: ConstantQuantizer): number {
  if (dims.length < 2) return 0;
  if (grid.axis !== null && grid.blockSize === 0) return grid.axis < 0 ? grid.axis + dims.length : grid.axis;
  const [user] = int8Graph.consumers.get(dequantize.outputs[0]!) ?? [];
  if (user?.opType === 'MatMul') return dims.length - 1;
  if (user?.opType === 'ConvTranspose') return 1;
  if (user?.opType === 'Gemm') return integerAttribute(user, 'transB', 0) === 1 ? 0 : 1;
  return 0;
}

/** What is known of a quantizer of activations from what was seen of its tensor. */
export function activationEvidence(
  { match }: Subject,
  quantizer: ActivationQuantizer,
  observed: ObservedTensor | null,
  images: number,
): ActivationEvidence {
  const seen = observed?.seen ?? null;
  const usable = seen !== null && !seen.mismatch;
  return {
    tensor: match.tensors.get(quantizer.source)?.tensor ?? quantizer.source,
    range: quantizer.grid.axis === null && quantizer.grid.type !== 'unknown' ? rangeOf(quantizer.grid) : null,
    seen: usable ? seenValues(seen, observed!.tensor, images) : null,
    clipError: usable ? seen.clipError : 0,
    roundError: usable ? seen.roundError : 0,
    mismatch: quantizer.mismatch,
  };
}

/** Quantizers that lose notably on what goes through them, whatever that costs. */
export function suspects(
  subject: Subject,
  observedTensors: readonly ObservedTensor[],
  constants: readonly (WeightComparison | null)[],
): ReadonlySet<number> {
  const bySource = new Map(observedTensors.map((observed) => [observed.quantizer, observed]));
  const found = new Set<number>();
  subject.quantizers.forEach((quantizer, place) => {
    const weights = constants[place] ?? null;
    const loss =
      quantizer.kind === 'activation'
        ? lossOf(activationEvidence(subject, quantizer, bySource.get(place) ?? null, 0))
        : weights === null
          ? 0
          : weightLoss(weights);
    if (loss >= NOTABLE_LOSS || (quantizer.kind === 'activation' && quantizer.mismatch !== null))
      found.add(place);
  });
  return found;
}
