import { ModelError } from '../../../domain/errors.js';
import { noEdit, writeGraph } from '../../../model/graph/write.js';
import type { OnnxGraph } from '../../../model/graph/graph.js';
import { chunks } from '../chunks.js';
import type { TaskPool } from '../pool/task-pool.js';
import type { InputSet } from '../pool/messages.js';
import type { Images } from '../images.js';
import { sharedCopy, type Subject } from '../subject.js';
import { mergeObservations, type Observation, type TensorToObserve } from './observation.js';

/** A tensor that was looked at, with its place in the networks. */
export interface ObservedTensor {
  readonly tensor: TensorToObserve;
  /** Place of its quantizer; null for a tensor that both networks have and no quantizer takes. */
  readonly quantizer: number | null;
  /** Place in the int8 network's order. */
  readonly depth: number;
  readonly operator: string;
  readonly seen: Observation | null;
}

/** Looks at every quantizer's tensor, and at those that both networks have by one name, on the first `images` images. */
export async function observe(
  subject: Subject,
  pool: TaskPool,
  images: Images,
  inputs: { readonly float: InputSet; readonly int8: InputSet },
  count: number,
): Promise<{ readonly observedTensors: readonly ObservedTensor[]; readonly images: number }> {
  const { float, int8, floatGraph, int8Graph } = subject;
  const batch = int8.facts.fixedBatch ?? float.facts.fixedBatch ?? 1;
  if ((float.facts.fixedBatch ?? batch) !== batch)
    throw new ModelError({
      code: 'batch-differs',
      what: `the batch of the two networks is fixed at ${float.facts.fixedBatch ?? ''} and ${batch}: their tensors can't be compared`,
      where: int8.config.name,
      remedy: 'Export both with a free batch, or with the same.',
    });
  const targets = tensorsOf(subject);
  const tensors = targets.map(({ tensor }) => tensor);
  const names = (which: 'float' | 'int8'): string[] => [
    ...new Set(tensors.flatMap((tensor) => tensor[which] ?? [])),
  ];
  // A graph's input can't be its output: it is read where it is made.
  const giving = (graph: OnnxGraph, outputs: readonly string[]): SharedArrayBuffer => {
    const computed = outputs.filter((name) => graph.inputs.every((input) => input.name !== name));
    return sharedCopy(writeGraph(graph, { ...noEdit, outputs: computed }));
  };
  const floatBytes = giving(floatGraph, names('float'));
  const int8Bytes = giving(int8Graph, names('int8'));
  let seen: (Observation | null)[] = tensors.map(() => null);
  let shown = 0;
  for await (const { rows } of images.parts(0, Math.min(count, images.count))) {
    const each = Math.max(batch, Math.ceil(rows.length / pool.size / batch) * batch);
    const found = await Promise.all(
      chunks(rows, each).map((share) =>
        pool.run<'observe'>(() => ({
          kind: 'observe',
          float: { bytes: floatBytes, input: inputs.float },
          int8: { bytes: int8Bytes, input: inputs.int8 },
          rows: share,
          batch,
          tensors,
        })),
      ),
    );
    for (const part of found) seen = seen.map((one, i) => mergeObservations(one, part[i] ?? null));
    shown += rows.length;
  }
  return { observedTensors: targets.map((target, i) => ({ ...target, seen: seen[i]! })), images: shown };
}

type Target = Omit<ObservedTensor, 'seen'>;

function tensorsOf({ quantizers, match, int8Graph }: Subject): Target[] {
  const targets: Target[] = [];
  const place = (name: string): { readonly depth: number; readonly operator: string } => {
    const maker = int8Graph.producers.get(name);
    return { depth: maker?.index ?? -1, operator: maker?.opType ?? 'input' };
  };
  quantizers.forEach((quantizer, at) => {
    if (quantizer.kind !== 'activation' || quantizer.quantize === null) return;
    const { source, quantize, dequantize, grid } = quantizer;
    const direct = dequantize.find((node) => node.inputs[0] === quantize.outputs[0]);
    const found = match.tensors.get(source);
    const single = grid.axis === null && grid.type !== 'unknown' && grid.highest - grid.lowest < 65536;
    targets.push({
      tensor: {
        float: found?.holds ?? null,
        int8: direct === undefined || found === undefined ? source : direct.outputs[0]!,
        grid: single
          ? {
              scale: grid.scales[0]!,
              zeroPoint: grid.zeroPoints[0]!,
              lowest: grid.lowest,
              highest: grid.highest,
            }
          : null,
      },
      quantizer: at,
      ...place(source),
    });
  });
  for (const name of match.common)
    targets.push({ tensor: { float: name, int8: name, grid: null }, quantizer: null, ...place(name) });
  return targets.sort((a, b) => a.depth - b.depth);
}
