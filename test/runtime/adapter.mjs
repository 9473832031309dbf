/* global Buffer, process, setInterval -- importing `process` would make standard input non-blocking. */
/**
 * An adapter that does what its second argument says; `node adapter.mjs MODEL WHAT [AT]`. The model is any file. Batches
 * before the AT-th are answered well, each image with the same scores.
 */
import { readSync, writeSync } from 'node:fs';

const [, , , what, at = '0'] = process.argv;
const classes = 20;
const said = {
  protocol: 'imagenet-eval/1',
  name: 'Faulty',
  version: '1.0',
  batch: null,
  input: { dtype: 'float32', layout: 'NCHW', height: 8, width: 8 },
  output: { dtype: 'float32', classes },
};

const stall = () => setInterval(() => undefined, 1000);

function read(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const got = readSync(0, bytes, at, length - at);
    if (got === 0) process.exit(0);
    at += got;
  }
  return bytes;
}

function reply(rows, value = 1) {
  const scores = new Float32Array(rows * classes).fill(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(scores.byteLength);
  writeSync(1, Buffer.concat([length, Buffer.from(scores.buffer)]));
}

process.stderr.write('loading the network\nall is well\n');
if (what === 'die-first') {
  process.stderr.write('no such device\n');
  process.exit(3);
}
if (what === 'prose') writeSync(1, 'Hello! I am an adapter.\n');
else if (what === 'incomplete') writeSync(1, `${JSON.stringify({ ...said, output: undefined })}\n`);
else if (what !== 'mute') writeSync(1, `${JSON.stringify(said)}\n`);
if (what === 'mute') stall();
else
  for (let batch = 0; ; batch++) {
    const rows = read(20).readUInt32LE(4);
    read(rows * 3 * 8 * 8 * 4);
    if (batch < Number(at)) {
      reply(rows);
      continue;
    }
    if (what === 'die') {
      process.stderr.write('out of memory\n');
      process.kill(process.pid, 'SIGKILL');
    }
    if (what === 'stall') {
      stall();
      break;
    }
    if (what === 'garbage') writeSync(1, 'these are no scores at all');
    else if (what === 'few') reply(rows - 1);
    else if (what === 'many') reply(rows + 1);
    else if (what === 'nan') reply(rows, NaN);
    else if (what === 'twice') {
      reply(rows);
      reply(rows);
    } else reply(rows);
  }
