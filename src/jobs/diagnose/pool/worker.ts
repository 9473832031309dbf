import { parentPort } from 'node:worker_threads';

import { EvalError, messageOf } from '../../../domain/errors.js';
import { batchShape, tensorLength } from '../../../engine/network.js';
import { prepareImage } from '../../../engine/preparation.js';
import { writeTensor } from 'reference-pixels/tensor';
import { arrayOf, type TensorData } from '../../../runtime/network.js';
import { openGraph, type ComputedTensor, type GraphSession } from '../../../runtime/onnxruntime/graph.js';
import { observeTensors } from '../observe/observe-tensors.js';
import { chunks } from '../chunks.js';
import type {
  FromWorker,
  InputSet,
  KeepTask,
  ObserveTask,
  PrepareTask,
  Results,
  ScoreTask,
  ShapesTask,
  StoredTensor,
  Tail,
  Task,
  ToWorker,
} from './messages.js';

/** A worker thread: one task at a time, one network and the rest of one open at a time. It ends by message, never by termination. */

const port = parentPort!;

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

async function prepare({ images, inputs, decodeTimeoutMs }: PrepareTask): Promise<Results['prepare']> {
  const recipes = inputs.map(({ recipe }) => recipe);
  const wanted = new Set(recipes.keys());
  const faults: (string | null)[] = [];
  for (const { row, id, bytes } of images) {
    const image = { index: row, id, label: 0, bytes, sha256: '', models: [], places: [] };
    const made = await prepareImage(image, wanted, recipes, decodeTimeoutMs);
    if (made.kind === 'bad') {
      faults.push(made.fault.what);
      continue;
    }
    try {
      inputs.forEach((input, place) => {
        const { recipe, tensor } = input;
        const block = made.prepared.blocks.get(place)!;
        writeTensor(block, recipe, tensor, viewOf(input), row * tensorLength(input));
      });
      faults.push(null);
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  return faults;
}

function viewOf({ tensor, buffer }: InputSet): TensorData {
  switch (tensor.dtype) {
    case 'float32':
      return new Float32Array(buffer);
    case 'uint8':
      return new Uint8Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
  }
}

/** The rows of a block, one after the other, in memory of this thread; zeros up to `size` rows. */
function gather(input: InputSet, rows: readonly number[], size: number): ComputedTensor {
  const length = tensorLength(input);
  const shared = viewOf(input);
  const data = new arrayOf[input.tensor.dtype](size * length);
  rows.forEach((row, place) => {
    data.set(shared.subarray(row * length, (row + 1) * length), place * length);
  });
  return { data, dims: batchShape(input, size) };
}

type Levels = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** By TensorProto.DataType. */
const levelsIn: Readonly<Record<number, (buffer: ArrayBufferLike) => Levels>> = {
  2: (buffer) => new Uint8Array(buffer),
  3: (buffer) => new Int8Array(buffer),
  4: (buffer) => new Uint16Array(buffer),
  5: (buffer) => new Int16Array(buffer),
};

/** All images of a tensor, and the elements of one. */
function stored({ dataType, dims, buffer }: StoredTensor): { readonly all: Levels; readonly length: number } {
  const length = dims.slice(1).reduce((product, dim) => product * dim, 1);
  return { all: levelsIn[dataType]!(buffer), length };
}

function storedBatch(tensor: StoredTensor, rows: readonly number[]): ComputedTensor {
  const { all, length } = stored(tensor);
  const data = levelsIn[tensor.dataType]!(new ArrayBuffer(tensor.dims[0]! * length * all.BYTES_PER_ELEMENT));
  rows.forEach((row, place) => {
    const at = (row - tensor.firstRow) * length;
    data.set(all.subarray(at, at + length), place * length);
  });
  return { data, dims: tensor.dims };
}

function storedBatches(
  tensors: readonly StoredTensor[],
  rows: readonly number[],
): (readonly [string, ComputedTensor])[] {
  return tensors.map((tensor) => [tensor.name, storedBatch(tensor, rows)]);
}

/** The rest of a network that was run last: the next variant most often has the same. */
let lastTail: { readonly key: number; readonly session: GraphSession } | null = null;

/** A network with Q/DQ computed one by one, of a file that other threads read too. */
function openShared(bytes: SharedArrayBuffer, where: string, level?: 'basic'): Promise<GraphSession> {
  return openGraph(new Uint8Array(bytes).slice(), where, 'float', level);
}

async function openTail({ key, bytes }: Tail, where: string): Promise<GraphSession> {
  if (lastTail?.key === key) return lastTail.session;
  await lastTail?.session.release();
  lastTail = null;
  lastTail = { key, session: await openShared(bytes, where) };
  return lastTail.session;
}

async function score({
  where,
  bytes,
  arithmetic,
  input,
  given,
  tail,
  rows,
  batch,
  reading,
}: ScoreTask): Promise<Float32Array> {
  const { output, columns, classOffset, classes } = reading;
  const rest = tail === null ? null : await openTail(tail, where);
  const session = await openGraph(bytes, where, arithmetic);
  const own = session.inputs.find((name) => given.every((tensor) => tensor.name !== name));
  const compute = async (part: readonly number[]): Promise<ComputedTensor['data']> => {
    const feeds = new Map(storedBatches(given, part));
    if (own !== undefined) feeds.set(own, gather(input, part, batch));
    const made = await session.run(feeds, tail?.made ?? [output]);
    if (tail === null || rest === null) return made.get(output)!.data;
    const scored = await rest.run(new Map([...made, ...storedBatches(tail.given, part)]), [output]);
    return scored.get(output)!.data;
  };
  try {
    const scores = new Float32Array(rows.length * classes);
    let done = 0;
    for (const part of chunks(rows, batch)) {
      const given = await compute(part);
      const scale = given instanceof Float32Array ? null : reading.grid;
      part.forEach((_, place) => {
        const row = scores.subarray((done + place) * classes, (done + place + 1) * classes);
        for (let i = 0; i < classes; i++) {
          const value = given[place * columns + classOffset + i]!;
          row[i] = scale === null ? value : (value - scale.zeroPoint) * scale.scale;
        }
        if (reading.softmax) softmax(row);
      });
      done += part.length;
    }
    return scores;
  } finally {
    await session.release();
  }
}

async function keep({ where, bytes, input, rows, batch, tensors }: KeepTask): Promise<null> {
  const session = await openShared(bytes, where);
  try {
    for (const part of chunks(rows, batch)) {
      const made = await session.run(
        new Map([[session.inputs[0]!, gather(input, part, batch)]]),
        tensors.map(({ name }) => name),
      );
      for (const tensor of tensors) {
        const { all, length } = stored(tensor);
        const { data } = made.get(tensor.name)!;
        part.forEach((row, place) => {
          all.set(data.subarray(place * length, (place + 1) * length), (row - tensor.firstRow) * length);
        });
      }
    }
    return null;
  } finally {
    await session.release();
  }
}

async function shapes({ where, bytes, input, batch, tensors }: ShapesTask): Promise<Results['shapes']> {
  const session = await openShared(bytes, where);
  try {
    const made = await session.run(new Map([[session.inputs[0]!, gather(input, [], batch)]]), tensors);
    return tensors.map((name) => made.get(name)!.dims);
  } finally {
    await session.release();
  }
}

function softmax(row: Float32Array): void {
  const highest = row.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - highest);
  row.forEach((value, i) => {
    row[i] = Math.exp(value - highest) / sum;
  });
}

async function observe({ float, int8, rows, batch, tensors }: ObserveTask): Promise<Results['observe']> {
  // Above basic, onnxruntime 1.30 crashes where a Clip's Q/DQ is asked for as an output.
  const sessions = [
    await openShared(float.bytes, 'the float network', 'basic'),
    await openShared(int8.bytes, 'the int8 network', 'basic'),
  ] as const;
  try {
    return await observeTensors(tensors, Math.floor(rows.length / batch), (which, call, outputs) => {
      const { input } = which === 'float' ? float : int8;
      const session = which === 'float' ? sessions[0] : sessions[1];
      const part = rows.slice(call * batch, (call + 1) * batch);
      return session.run(new Map([[session.inputs[0]!, gather(input, part, batch)]]), outputs);
    });
  } finally {
    for (const session of sessions) await session.release();
  }
}

async function run(task: Task): Promise<void> {
  switch (task.kind) {
    case 'prepare':
      send({ kind: 'done', result: await prepare(task) });
      break;
    case 'score': {
      const result = await score(task);
      send({ kind: 'done', result }, [result.buffer as ArrayBuffer]);
      break;
    }
    case 'keep':
      send({ kind: 'done', result: await keep(task) });
      break;
    case 'shapes':
      send({ kind: 'done', result: await shapes(task) });
      break;
    case 'observe':
      send({ kind: 'done', result: await observe(task) });
      break;
  }
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'close') {
    void lastTail?.session.release();
    port.close();
    return;
  }
  run(message.task).catch((error: unknown) => {
    const known = error instanceof EvalError ? error : null;
    send({
      kind: 'failed',
      code: known?.code ?? 'worker-failed',
      what: known?.what ?? messageOf(error),
      where: known?.where ?? null,
      remedy: known?.remedy ?? null,
    });
  });
});
send({ kind: 'ready' });
