import pLimit from 'p-limit';

import { messageOf } from '../../domain/errors.js';
import { tensorLength } from '../../engine/network.js';
import type { EngineSample } from '../../engine/options.js';
import type { Diagnosis } from '../../report/diagnosis-schema.js';
import { arrayOf } from '../../runtime/network.js';
import { chunks } from './chunks.js';
import type { TaskPool } from './pool/task-pool.js';
import type { InputSet } from './pool/messages.js';

/** Bytes of tensors that are in memory at a time, for all threads together. */
const BUDGET = 192 * 1024 * 1024;
/** Images of one task. */
const CHUNK = 4;

/** Images that are in memory: the row of each, and its place in the order. */
export interface Part {
  readonly rows: readonly number[];
  readonly places: readonly number[];
}

/** Why an image could not be used. */
export type BadImage = Diagnosis['dataset']['badImages'][number];

/**
 * The images of a diagnosis in one order, decoded once into tensors that all threads read. Where they are more than memory is
 * meant for, a block of them is there at a time.
 */
export class Images {
  readonly inputs: readonly InputSet[];
  readonly bad = new Map<number, BadImage>();
  private readonly blockRows: number;
  private block = -1;

  constructor(
    private readonly pool: TaskPool,
    private readonly samples: readonly EngineSample[],
    wanted: readonly Omit<InputSet, 'buffer'>[],
    private readonly decodeTimeoutMs: number,
    batch: number,
  ) {
    const bytesOf = (input: Omit<InputSet, 'buffer'>): number =>
      tensorLength(input) * arrayOf[input.tensor.dtype].BYTES_PER_ELEMENT;
    const each = wanted.reduce((sum, input) => sum + bytesOf(input), 0);
    this.blockRows = Math.max(batch, Math.min(samples.length, Math.floor(BUDGET / each)));
    this.inputs = wanted.map((input) => ({
      ...input,
      buffer: new SharedArrayBuffer(bytesOf(input) * this.blockRows),
    }));
  }

  get count(): number {
    return this.samples.length;
  }

  label(place: number): number {
    return this.samples[place]!.label;
  }

  /** Images `from` up to `to` of the order, block after block; a block is there until the next is asked for. Bad ones are passed over. */
  async *parts(from: number, to: number): AsyncGenerator<Part, void, void> {
    for (let start = from; start < to;) {
      const block = Math.floor(start / this.blockRows);
      const end = Math.min(to, (block + 1) * this.blockRows);
      if (block !== this.block) await this.load(block);
      const places = range(start, end).filter((place) => !this.bad.has(place));
      yield { places, rows: places.map((place) => place - block * this.blockRows) };
      start = end;
    }
  }

  private async load(block: number): Promise<void> {
    this.block = -1;
    const first = block * this.blockRows;
    const places = range(first, Math.min(this.samples.length, first + this.blockRows));
    // As many chunks are read ahead as there are workers: their bytes wait in memory.
    await pLimit(2 * this.pool.size).map(chunks(places, CHUNK), (chunk) => this.prepare(chunk, first));
    this.block = block;
  }

  private async prepare(places: readonly number[], first: number): Promise<void> {
    if (this.pool.ended) return;
    const images: { row: number; id: string; bytes: Uint8Array; place: number }[] = [];
    for (const place of places) {
      const sample = this.samples[place]!;
      const { id } = sample;
      try {
        images.push({ row: place - first, id, bytes: await sample.read(), place });
      } catch (error) {
        this.bad.set(place, { id, what: messageOf(error) });
      }
    }
    const { inputs, decodeTimeoutMs } = this;
    const faults = await this.pool.run<'prepare'>(() => ({
      kind: 'prepare',
      images,
      inputs,
      decodeTimeoutMs,
    }));
    faults.forEach((what, i) => {
      const { place, id } = images[i]!;
      if (what !== null) this.bad.set(place, { id, what });
    });
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
