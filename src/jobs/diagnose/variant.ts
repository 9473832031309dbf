import type { GraphEdit } from '../../model/graph/write.js';
import type { Arithmetic } from '../../runtime/onnxruntime/graph.js';
import type { InputSet, ScoreReading } from './crew/messages.js';

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
