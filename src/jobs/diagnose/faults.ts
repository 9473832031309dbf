import type { DiagnosedQuantizer } from '../../report/diagnosis-schema.js';
import type { WeightComparison } from './weights.js';

/** What is wrong with a quantizer. */
type QuantizerFault = NonNullable<DiagnosedQuantizer['fault']>;

/** What is known of a quantizer of activations. */
export interface ActivationEvidence {
  readonly tensor: string;
  readonly range: { readonly low: number; readonly high: number } | null;
  readonly seen: NonNullable<DiagnosedQuantizer['observed']> | null;
  /** Squared error of its own that clipping makes, and rounding. */
  readonly clipError: number;
  readonly roundError: number;
  /** Q and DQ that don't fit each other; null where they do. */
  readonly mismatch: string | null;
}

/** dB that a quantizer loses against the best range, from which on its cost may accuse it: a bit and a half. */
export const NOTABLE_LOSS = 9;
/** dB from which on the loss accuses it alone: two and a half bits. */
const PLAIN_LOSS = 15;

/** A number as a sentence has it. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1000 || (magnitude > 0 && magnitude < 0.001)) return value.toExponential(1);
  return String(Number(value.toPrecision(magnitude >= 100 ? 3 : 2)));
}

function span({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${figure(low)} to ${figure(high)}`;
}

function percentage(share: number): string {
  const percent = 100 * share;
  return `${percent >= 10 ? percent.toFixed(0) : percent >= 0.1 || percent === 0 ? percent.toFixed(1) : 'under 0.1'} %`;
}

function times(factor: number): string {
  return `${factor >= 10 ? factor.toFixed(0) : factor.toFixed(1)} times`;
}

/** dB that are lost against the best range; 0 where nothing is known. */
export function lossOf({ seen }: ActivationEvidence): number {
  if (seen?.ownSqnr === null || seen?.ownSqnr === undefined || seen.bestSqnr === null) return 0;
  return seen.bestSqnr - seen.ownSqnr;
}

/**
 * What is wrong with a quantizer of activations: its own error on the values that go through it is far above that of the best
 * range with as many levels. Which fault it is, the error tells: outside the range it clips (or is shifted, where as much room is
 * empty on its other side), inside it is coarse.
 * @returns null where it loses less than `NOTABLE_LOSS`
 */
export function activationFault(evidence: ActivationEvidence): QuantizerFault | null {
  const { mismatch } = evidence;
  const fault = rangeFault(evidence);
  if (mismatch === null) return fault;
  if (fault === null)
    return { kind: 'mismatch', sentence: `${mismatch}: what comes out is not what went in` };
  return {
    kind: fault.kind,
    sentence: `${fault.sentence}; moreover ${mismatch}, so what comes out is not what went in`,
  };
}

function rangeFault(evidence: ActivationEvidence): QuantizerFault | null {
  const { tensor, range, seen, clipError, roundError } = evidence;
  if (range === null || seen === null || lossOf(evidence) < NOTABLE_LOSS) return null;
  const lost = `${lossOf(evidence).toFixed(0)} dB worse than ${span(seen.bestRange!)} would be`;
  const reach = `the tensor's values go from ${figure(seen.min)} to ${figure(seen.max)}`;
  const width = range.high - range.low;
  if (clipError > roundError) {
    const clipped = seen.clippedBelow + seen.clippedAbove;
    const values = seen.max - seen.min;
    const emptyBelow = Math.max(0, seen.min - range.low) / width;
    const emptyAbove = Math.max(0, range.high - seen.max) / width;
    const oneSided = Math.max(emptyBelow, emptyAbove) > 0.2 && values < 1.3 * width;
    if (oneSided) {
      return {
        kind: 'zero-point',
        sentence: `its range of ${span(range)} is shifted: ${percentage(clipped)} of the values of ${tensor} are clipped on one side while ${percentage(Math.max(emptyBelow, emptyAbove))} of the range is empty on the other (${reach}): is the zero point off? ${lost}`,
      };
    }
    const beyond = Math.max(
      range.high > 0 && seen.max > range.high ? seen.percentiles.p999 / range.high : 0,
      range.low < 0 && seen.min < range.low ? seen.percentiles.p01 / range.low : 0,
      1,
    );
    return {
      kind: 'clips',
      sentence: `clips ${percentage(clipped)} of the values of ${tensor}: its range is ${span(range)}, ${reach}: ${beyond > 1.5 ? `calibrated on inputs ${times(beyond)} too small? ` : ''}${lost}`,
    };
  }
  const needed = Math.max(Math.max(0, seen.max) - Math.min(0, seen.min), Number.MIN_VALUE);
  return {
    kind: 'coarse',
    sentence: `is too coarse for ${tensor}: its range of ${span(range)} is ${times(width / needed)} as wide as what it holds (${reach}), so only ${seen.levelsUsed} of ${seen.levels} levels are used: ${lost}`,
  };
}

/** What was seen of activations, whether anything is wrong or not. */
export function activationSentence({ tensor, range, seen }: ActivationEvidence): string {
  if (seen === null) return `${tensor} could not be looked at.`;
  const reach = `${tensor} goes from ${figure(seen.min)} to ${figure(seen.max)}${seen.in === 'int8' ? ' in the int8 network' : ''}`;
  if (range === null) return `${reach}.`;
  const clipped = seen.clippedBelow + seen.clippedAbove;
  const channels =
    seen.channels !== null && seen.channels.spread > 8
      ? ` Its channels differ: the widest (${seen.channels.widest.map(({ channel }) => channel).join(', ')}) reach ${times(seen.channels.spread)} as far as the median one, and share its scale.`
      : '';
  return `${reach}; the range is ${span(range)}, ${clipped === 0 ? 'nothing is clipped' : `${percentage(clipped)} is clipped`}, ${seen.levelsUsed} of ${seen.levels} levels are used.${channels}`;
}

/** dB that stored weights lose against a scale for each channel. */
export function weightLoss({ seen }: WeightComparison): number {
  return seen.sqnr === null || seen.bestSqnr === null ? 0 : seen.bestSqnr - seen.sqnr;
}

/**
 * What is wrong with stored weights: they are far from the float ones, by more than the best scales with as many levels would
 * leave. @returns null where they lose less than `NOTABLE_LOSS`
 */
export function weightFault(tensor: string, found: WeightComparison): QuantizerFault | null {
  if (weightLoss(found) < NOTABLE_LOSS) return null;
  const { seen } = found;
  const quality = `${seen.sqnr!.toFixed(0)} dB to the float weights, where a scale for each channel gives ${seen.bestSqnr!.toFixed(0)} dB`;
  const worst = seen.worst
    .slice(0, 3)
    .map(({ channel }) => channel)
    .join(', ');
  if (found.shift > 0.7)
    return {
      kind: 'zero-point',
      sentence: `all weights of ${tensor} are off by ${figure(found.shiftLevels)} levels: is the zero point off? ${quality}`,
    };
  if (Math.abs(found.factor - 1) > 0.1 && found.leftByFactor < 0.3)
    return {
      kind: 'scale',
      sentence: `the weights of ${tensor} are ${figure(found.factor)} times the float ones: is the scale off? ${quality}`,
    };
  if (found.clipped > 0.001 && seen.levelsUsed > seen.levels / 4)
    return {
      kind: 'clips',
      sentence: `clips ${percentage(found.clipped)} of the weights of ${tensor}: ${quality}`,
    };
  // One scale for all, and it is as good as one scale can be: the channels are too different for it.
  if (!seen.perChannel && found.bestPerTensor !== null && found.bestPerTensor - seen.sqnr! < NOTABLE_LOSS)
    return {
      kind: 'per-tensor',
      sentence: `one scale serves all ${seen.channels} channels of ${tensor}, whose weights differ by ${times(seen.spread)} in size (worst: ${worst}): ${quality}. Quantize it per channel`,
    };
  return {
    kind: 'few-levels',
    sentence: `the weights of ${tensor} stand on ${seen.levelsUsed} of ${seen.levels} levels only: ${quality}`,
  };
}

export function weightSentence(tensor: string, { seen }: WeightComparison): string {
  const quality = seen.sqnr === null ? 'stored exactly' : `${seen.sqnr.toFixed(0)} dB to the float weights`;
  const dead = seen.dead === 0 ? '' : ` ${seen.dead} of ${seen.channels} channels are zero.`;
  return `${tensor}: ${quality}, ${seen.perChannel ? 'a scale for each channel' : 'one scale for all channels'}, ${seen.levelsUsed} of ${seen.levels} levels are used.${dead}`;
}

/**
 * Whether a fault that was seen accuses the quantizer: where it loses plainly, or where it loses notably and its cost is above
 * zero beyond chance.
 */
export function accuses(loss: number, mismatch: boolean, costLower: number | null): boolean {
  return mismatch || loss >= PLAIN_LOSS || (costLower !== null && costLower > 0);
}
