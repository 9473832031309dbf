import { cutsOf, type Cut } from '../../model/graph/cuts.js';
import { noEdit, writeGraph, writePart, type GraphEdit, type PartInput } from '../../model/graph/write.js';
import { elementCount } from '../../model/description.js';
import { integerType } from '../../model/graph/values.js';
import type { TaskPool } from './pool/task-pool.js';
import type { ScoreTask, StoredTensor } from './pool/messages.js';
import { chunks } from './chunks.js';
import type { Part } from './images.js';
import type { Variant } from './networks.js';
import { sharedCopy, type Subject } from './subject.js';

/** Cuts of a network: more make less of it run twice, and more parts to open. */
const CUTS = 12;
/** Bytes of levels that are in memory at a time, for all threads together. */
const BUDGET = 128 * 1024 * 1024;
/** Images of one task that keeps levels. */
const CHUNK = 8;

/** What of a variant is computed: the rest is as in the network that it is a variant of. */
export interface Stretch {
  /** Variants of the same number have the network behind their change in common. */
  readonly key: number;
  /** Of the whole network, about. */
  readonly share: number;
  readonly make: () => Pick<ScoreTask, 'bytes' | 'given' | 'tail'>;
}

/**
 * The int8 network taken apart at cuts. What crosses them is computed once for many variants; a variant is computed from the last
 * cut before its change on, and from the first cut behind it by a network that it has in common with others. Only levels cross, so
 * the scores are those of the whole variant to the bit; a cut where the first images' are not is not used.
 */
export class CutNetwork {
  private readonly tails = new Map<Cut, SharedArrayBuffer>();
  private readonly bytes: SharedArrayBuffer;
  private cuts: readonly Cut[];
  /** Of a batch, of each tensor that crosses a cut; empty before the first window. */
  private dims: ReadonlyMap<string, readonly number[]> = new Map();
  private stored: ReadonlyMap<string, StoredTensor> = new Map();

  /** @param whole the network with nothing restored */
  constructor(
    private readonly subject: Subject,
    private readonly pool: TaskPool,
    private readonly whole: Variant,
  ) {
    const { int8Graph, quantizers } = subject;
    this.cuts = cutsOf(int8Graph, quantizers, whole.reading.output, CUTS);
    this.bytes = sharedCopy(writeGraph(int8Graph, { ...noEdit, outputs: namesOf(this.cuts) }));
  }

  /** The images of a part, as many at a time as memory is meant for, with what crosses the cuts computed. */
  async *windows({ rows, places }: Part): AsyncGenerator<Part, void, void> {
    const first = this.dims.size === 0;
    if (first) await this.measure();
    const { batch } = this.whole;
    const each = namesOf(this.cuts).reduce(
      (sum, name) => sum + (2 * elementCount(this.dims.get(name)!)) / batch,
      0,
    );
    const size = each === 0 ? rows.length : Math.max(1, Math.floor(BUDGET / each));
    for (let from = 0; from < rows.length; from += size) {
      const window = { rows: rows.slice(from, from + size), places: places.slice(from, from + size) };
      await this.keep(window.rows);
      if (first && from === 0) await this.check(window.rows.slice(0, batch));
      yield window;
    }
  }

  /** Asks the network for the dimensions of what crosses; a cut that isn't crossed image by image is not used. */
  private async measure(): Promise<void> {
    const { bytes, whole } = this;
    const { where, input, batch } = whole;
    const tensors = namesOf(this.cuts);
    if (tensors.length === 0) return;
    const task = { kind: 'shapes', where, bytes, input, batch, tensors } as const;
    const shapes = await this.pool.run<'shapes'>(() => task);
    this.dims = new Map(tensors.map((name, i) => [name, shapes[i]!]));
    this.cuts = this.cuts.filter((cut) => cut.tensors.every(({ name }) => this.dims.get(name)![0] === batch));
  }

  /** What has to be computed of the network with `edit`; null where that is all of it. */
  stretch(edit: GraphEdit): Stretch | null {
    const changed = [...edit.nodes.keys()];
    const start = this.cuts.findLastIndex(({ before }) => changed.every((index) => !before.has(index)));
    const end = this.cuts.findIndex(({ after }) => changed.every((index) => !after.has(index)));
    if (start < 0 && end < 0) return null;
    const share = 1 - (start + 1) / (this.cuts.length + 1);
    return { key: end, share, make: () => this.between(edit, start, end) };
  }

  private between(edit: GraphEdit, start: number, end: number): ReturnType<Stretch['make']> {
    const { int8Graph } = this.subject;
    const first = this.cuts[start];
    const last = this.cuts[end];
    const made = (last?.tensors ?? [])
      .map(({ name }) => name)
      .filter((name) => first?.tensors.every((tensor) => tensor.name !== name) ?? true);
    const part = writePart(
      int8Graph,
      edit,
      first === undefined ? [] : this.inputsOf(first),
      last === undefined ? [this.whole.reading.output] : made,
    );
    const given = part.inputs.flatMap((name) => this.stored.get(name) ?? []);
    // It takes something from before the cut.
    if (first !== undefined && given.length < part.inputs.length) return this.between(edit, start - 1, end);
    if (last === undefined) return { bytes: part.bytes, given, tail: null };
    return {
      bytes: part.bytes,
      given,
      tail: {
        key: end,
        bytes: this.tail(last),
        made,
        given: last.tensors.flatMap(({ name }) => (made.includes(name) ? [] : this.stored.get(name)!)),
      },
    };
  }

  private tail(cut: Cut): SharedArrayBuffer {
    const known = this.tails.get(cut);
    if (known !== undefined) return known;
    const { int8Graph } = this.subject;
    const bytes = sharedCopy(
      writePart(int8Graph, noEdit, this.inputsOf(cut), [this.whole.reading.output]).bytes,
    );
    this.tails.set(cut, bytes);
    return bytes;
  }

  private inputsOf({ tensors }: Cut): PartInput[] {
    return tensors.map(({ name, dataType }) => ({ name, dataType, dims: this.dims.get(name)! }));
  }

  private async keep(rows: readonly number[]): Promise<void> {
    const { whole, bytes, dims } = this;
    const { where, input, batch } = whole;
    const [firstRow] = rows;
    if (firstRow === undefined || this.cuts.length === 0) return;
    const span = rows.at(-1)! - firstRow + 1;
    const types = new Map(
      this.cuts.flatMap(({ tensors }) => tensors.map(({ name, dataType }) => [name, dataType])),
    );
    this.stored = new Map(
      [...types].map(([name, dataType]) => {
        const shape = dims.get(name)!;
        const size = (elementCount(shape) / batch) * (integerType(dataType)!.bits / 8);
        return [name, { name, dataType, dims: shape, firstRow, buffer: new SharedArrayBuffer(span * size) }];
      }),
    );
    const tensors = [...this.stored.values()];
    await Promise.all(
      chunks(rows, Math.ceil(CHUNK / batch) * batch).map((part) =>
        this.pool.run<'keep'>(() => ({ kind: 'keep', where, bytes, input, rows: part, batch, tensors })),
      ),
    );
  }

  /** Leaves out cuts behind which the network gives other scores than as a whole. */
  private async check(rows: readonly number[]): Promise<void> {
    const { make, edit: _, ...rest } = this.whole;
    const score = (computed: ReturnType<Stretch['make']>): Promise<Float32Array> =>
      this.pool.run<'score'>(() => ({ kind: 'score', ...rest, ...computed, rows }));
    const expected = await score({ bytes: make(), given: [], tail: null });
    const found = await Promise.all(
      this.cuts.map((cut) =>
        score({
          bytes: new Uint8Array(this.tail(cut)).slice(),
          given: cut.tensors.map(({ name }) => this.stored.get(name)!),
          tail: null,
        }),
      ),
    );
    this.cuts = this.cuts.filter((_cut, at) => found[at]!.every((value, i) => Object.is(value, expected[i])));
  }
}

function namesOf(cuts: readonly Cut[]): string[] {
  return [...new Set(cuts.flatMap(({ tensors }) => tensors.map(({ name }) => name)))];
}
