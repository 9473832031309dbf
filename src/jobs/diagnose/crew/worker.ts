import { parentPort } from 'node:worker_threads';

import { EvalError, messageOf } from '../../../domain/errors.js';
import { prepareImage } from '../../../engine/preparation.js';
import type { Recipe, TensorSpec } from 'reference-pixels/recipe';
import { writeTensor } from 'reference-pixels/tensor';
import { arrayOf, type TensorData } from '../../../runtime/network.js';
import { openGraph, type GraphSession } from '../../../runtime/onnxruntime/graph.js';
import { observeTensors } from '../observe/observe-tensors.js';
import type {
  FromWorker,
  InputSet,
  ObserveTask,
  PrepareTask,
  Results,
  ScoreTask,
  Task,
  ToWorker,
} from './messages.js';

/** A worker thread: one task at a time, one network open at a time. It ends by message, never by termination. */

const port = parentPort!;

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

function rowLength({ width, height }: TensorSpec): number {
  return 3 * width * height;
}

function rowShape({ layout, width, height }: TensorSpec, rows: number): number[] {
  return layout === 'NCHW' ? [rows, 3, height, width] : [rows, height, width, 3];
}

async function prepare({ images, inputs, decodeTimeoutMs }: PrepareTask): Promise<Results['prepare']> {
  const recipes: Recipe[] = inputs.map(({ recipe }) => recipe);
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
      inputs.forEach(({ recipe, tensor, buffer }, place) => {
        const data = viewOf({ tensor, buffer });
        writeTensor(made.prepared.blocks.get(place)!, recipe, tensor, data, row * rowLength(tensor));
      });
      faults.push(null);
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  return faults;
}

function viewOf({ tensor, buffer }: Pick<InputSet, 'tensor' | 'buffer'>): TensorData {
  switch (tensor.dtype) {
    case 'float32':
      return new Float32Array(buffer);
    case 'uint8':
      return new Uint8Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
  }
}

/** The rows of a block, one after the other, in memory of this thread. */
function gather({ tensor, buffer }: InputSet, rows: readonly number[], size: number): TensorData {
  const length = rowLength(tensor);
  const shared = viewOf({ tensor, buffer });
  const data = new arrayOf[tensor.dtype](size * length);
  rows.forEach((row, place) => {
    data.set(shared.subarray(row * length, (row + 1) * length), place * length);
  });
  return data;
}

async function score({
  where,
  bytes,
  arithmetic,
  input,
  rows,
  batch,
  reading,
}: ScoreTask): Promise<Float32Array> {
  const { output, columns, classOffset, classes } = reading;
  const session = await openGraph(bytes, where, arithmetic);
  try {
    const scores = new Float32Array(rows.length * classes);
    for (let from = 0; from < rows.length; from += batch) {
      const part = rows.slice(from, from + batch);
      const data = gather(input, part, batch);
      const given = (await session.run(data, rowShape(input.tensor, batch), [output])).get(output)!.data;
      const scale = given instanceof Float32Array ? null : reading.grid;
      part.forEach((_, place) => {
        const row = scores.subarray((from + place) * classes, (from + place + 1) * classes);
        for (let i = 0; i < classes; i++) {
          const value = given[place * columns + classOffset + i]!;
          row[i] = scale === null ? value : (value - scale.zeroPoint) * scale.scale;
        }
        if (reading.softmax) softmax(row);
      });
    }
    return scores;
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
  const open = (bytes: SharedArrayBuffer, where: string): Promise<GraphSession> =>
    openGraph(new Uint8Array(bytes).slice(), where, 'float');
  const sessions = [
    await open(float.bytes, 'the float network'),
    await open(int8.bytes, 'the int8 network'),
  ] as const;
  try {
    return await observeTensors(tensors, Math.floor(rows.length / batch), (which, call, outputs) => {
      const { input } = which === 'float' ? float : int8;
      const session = which === 'float' ? sessions[0] : sessions[1];
      const part = rows.slice(call * batch, (call + 1) * batch);
      return session.run(gather(input, part, batch), rowShape(input.tensor, batch), outputs);
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
    case 'observe':
      send({ kind: 'done', result: await observe(task) });
      break;
  }
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'close') {
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
