import type { TensorSpec } from 'reference-pixels/recipe';
import type { TensorData } from 'reference-pixels/tensor';
import type { ScoreArray, Sha256 } from '../domain/domain.js';
import type { NetworkDescription } from '../model/description.js';
import type { ModelFacts } from '../record/provenance.js';
import type { RuntimeIdentity } from '../record/runtime-identity.js';
import type { LitertPlan } from './litert/plan.js';
import type { OnnxruntimePlan } from './onnxruntime/plan.js';
import { cpuProvider, type Provider } from './onnxruntime/provider.js';
import type { AdapterCommand, ProcessPlan } from './process/plan.js';

export type { TensorData } from 'reference-pixels/tensor';

/** Element type of a tensor's data. */
export const arrayOf = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
} as const satisfies Record<TensorSpec['dtype'], unknown>;

/** What a network gave: values row-major, and their shape as the runtime states it. */
export interface Scores {
  readonly data: ScoreArray;
  readonly dims: readonly number[];
}

/** A loaded network of whatever runtime. `run` may block the calling thread: use one session a worker thread. */
export interface Session {
  /** Feeds `data` of shape `dims`; gives the scores. */
  run(data: TensorData, dims: readonly number[]): Promise<Scores>;
  release(): Promise<void>;
}

/** What a worker thread needs to open a network: plain data that crosses threads, of one runtime each. */
export type NetworkPlan = OnnxruntimePlan | LitertPlan | ProcessPlan | NoPlan;

/** The plan of scores that were made elsewhere: there is nothing to open. */
export interface NoPlan {
  readonly runtime: 'none';
}

/** Whether two plans open the same network in the same way, so that one session serves both. */
export function samePlan(a: NetworkPlan, b: NetworkPlan): boolean {
  // JSON shows no bytes; those of one file are one buffer.
  return bytesOf(a) === bytesOf(b) && JSON.stringify(a) === JSON.stringify(b);
}

function bytesOf(plan: NetworkPlan): SharedArrayBuffer | null {
  return 'bytes' in plan ? plan.bytes : null;
}

/** Where a network is, and what its user wants of it. */
export interface NetworkSource {
  /** How messages call the model. */
  readonly name: string;
  /** null where the adapter's command names it. */
  readonly file: string | null;
  /** The process that runs it; null: the runtime that its file is for. */
  readonly adapter: AdapterCommand | null;
  /** The part of onnxruntime that computes; of no meaning to other runtimes. */
  readonly provider: Provider;
}

/** A network that was read, before it is checked against any recipe or data set. */
export interface ReadNetwork {
  readonly file: string;
  /** Over all files that decide a score. */
  readonly sha256: Sha256;
  readonly bytes: number;
  /** @throws ModelError where it is no network that the runtime takes */
  describe(): NetworkDescription;
  /** Fills in what the description leaves open by a trial run; not there where the runtime leaves nothing open. */
  complete?(
    description: NetworkDescription,
    size: { readonly width: number; readonly height: number } | null,
  ): Promise<NetworkDescription>;
  readonly identity: RuntimeIdentity;
  plan(facts: ModelFacts): NetworkPlan;
}

/** A file that is run by the runtime that it is for, as nobody has said otherwise. */
export function fileSource(name: string, file: string): NetworkSource {
  return { name, file, adapter: null, provider: cpuProvider };
}
