import type { TensorSpec } from 'reference-pixels/recipe';

import type { GraphEdit } from '../../model/graph/write.js';
import type { Arithmetic } from '../../runtime/onnxruntime/graph.js';
import type { OpenModel } from '../run/open-models.js';
import type { InputSet, ScoreReading } from './pool/messages.js';
import { restoringEdit, takesFloat, withRestored, type Subject } from './subject.js';

/** How a network is made and run. */
export interface Variant {
  readonly where: string;
  /** The ONNX file, in memory of its own. */
  readonly make: () => Uint8Array;
  /** What makes it of the int8 network with Q/DQ computed one by one; null for a network that isn't made of it. */
  readonly edit: (() => GraphEdit) | null;
  readonly arithmetic: Arithmetic;
  readonly input: InputSet;
  /** Images a call of onnxruntime. */
  readonly batch: number;
  readonly reading: ScoreReading;
}

/** The networks of a diagnosis, ready to be run on inputs that are in memory. */
export interface Networks {
  readonly float: Variant;
  /** The int8 network as an ordinary run computes it. */
  readonly fused: Variant;
  /** The int8 network with quantizers taken out, Q/DQ computed one by one. */
  readonly int8: (restored: readonly number[]) => Variant;
  readonly observed: { readonly float: InputSet; readonly int8: InputSet };
}

type Input = Omit<InputSet, 'buffer'>;

/** What inputs the networks of a subject need, each once, and the networks over them. */
export function networksOf(
  subject: Subject,
  batch: number,
  classes: number,
): {
  readonly inputs: readonly Input[];
  readonly float: { readonly batch: number };
  over(sets: readonly InputSet[]): Networks;
} {
  const { float, int8, quantizers } = subject;
  const inputs: Input[] = [];
  const inputOf = ({ recipe, facts }: OpenModel, tensor: TensorSpec = facts.tensor): number => {
    const key = JSON.stringify([recipe, tensor]);
    const known = inputs.findIndex((one) => JSON.stringify([one.recipe, one.tensor]) === key);
    return known >= 0 ? known : inputs.push({ recipe, tensor }) - 1;
  };
  const floatInput = inputOf(float);
  const int8Input = inputOf(int8);
  const unquantized = takesFloat(subject, [...quantizers.keys()])
    ? inputOf(int8, { ...int8.facts.tensor, dtype: 'float32', quantization: null })
    : int8Input;
  const ends = { float: endsInSoftmax(subject, 'float'), int8: endsInSoftmax(subject, 'int8') };
  const rows = (model: OpenModel): number => model.facts.fixedBatch ?? batch;
  const own = (bytes: SharedArrayBuffer): Uint8Array => new Uint8Array(bytes).slice();
  return {
    inputs,
    float: { batch: Math.max(rows(float), rows(int8)) },
    over: (sets) => {
      const int8Variant = (arithmetic: 'float' | 'fused', restored: readonly number[]): Variant => ({
        where: int8.config.name,
        make: () => (restored.length === 0 ? own(subject.int8Bytes) : withRestored(subject, restored)),
        edit: restored.length === 0 ? null : () => restoringEdit(subject, restored),
        arithmetic,
        input: sets[takesFloat(subject, restored) ? unquantized : int8Input]!,
        batch: rows(int8),
        reading: reading(int8, classes, ends.float && !ends.int8),
      });
      return {
        float: {
          where: float.config.name,
          make: () => own(subject.floatBytes),
          edit: null,
          arithmetic: 'fused',
          input: sets[floatInput]!,
          batch: rows(float),
          reading: reading(float, classes, ends.int8 && !ends.float),
        },
        fused: int8Variant('fused', []),
        int8: (restored) => int8Variant('float', restored),
        observed: { float: sets[floatInput]!, int8: sets[int8Input]! },
      };
    },
  };
}

function reading({ facts }: OpenModel, classes: number, softmax: boolean): ScoreReading {
  return {
    output: facts.outputName,
    columns: facts.outputClasses,
    classOffset: facts.classOffset,
    classes,
    grid: facts.outputQuantization,
    softmax,
  };
}

/** Whether the scores are probabilities: the last operator that computes is a Softmax. */
function endsInSoftmax({ float, int8, floatGraph, int8Graph }: Subject, which: 'float' | 'int8'): boolean {
  const graph = which === 'float' ? floatGraph : int8Graph;
  let name = (which === 'float' ? float : int8).facts.outputName;
  for (;;) {
    const maker = graph.producers.get(name);
    if (maker === undefined) return false;
    if (maker.opType === 'Softmax') return true;
    if (
      !['QuantizeLinear', 'DequantizeLinear', 'Identity', 'Reshape', 'Squeeze', 'Flatten', 'Cast'].includes(
        maker.opType,
      )
    )
      return false;
    name = maker.inputs[0]!;
  }
}
