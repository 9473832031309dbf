import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { diagnosed } from './diagnose/part.js';
import { frameworks } from './frameworks/part.js';
import { growth } from './growth/part.js';
import { image } from './image/part.js';
import { limit } from './limit/part.js';
import { peer } from './peer/part.js';
import { prepared } from './prepared/part.js';
import { runtimes } from './runtimes/part.js';
import { Context } from './report/context.js';
import { isMet, partTable, type PartResult } from './report/part.js';

const usage = `Measures speed and memory in one run, interleaved, and writes reports/bench/*.json and .md.

  --parts limit,prepared,peer,image,frameworks,runtimes,growth   which; all: about three quarters of an hour on two cores
                         (prepared with --rounds 2: two to four minutes)
  diagnose               networks broken on purpose: named only, half an hour; needs BENCH_PYTHON with onnx and onnxruntime
  --quick                few rounds and images, some minutes
  --rounds <n>           default 5
  --images <dir>         JPEG files named WNID_*.JPEG; default ../shared/imagenet/images
  --float <onnx> --int8 <onnx>      default: the HarDNet-39DS pair in ../shared/models
  --tflite <file>        the same int8 network; default: HarDNet-39DS in ../shared/models
  --limit-images <n>     images a run of the limit; default 5000
  --growth-images <n>    images of the long run; default 20000
  --scratch <dir>        where data sets of links and runs go meanwhile; default: the system's

BENCH_PYTHON: a Python with bench/peer/requirements.txt, and torch, torchvision, timm and ai-edge-litert for their parts.
BENCH_PYTHON_FRAMEWORKS: one with cv2 and tensorflow; default BENCH_PYTHON.`;

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'limit,prepared,peer,image,frameworks,runtimes,growth' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    images: { type: 'string', default: '../shared/imagenet/images' },
    float: { type: 'string', default: '../shared/models/hardnet39ds.onnx' },
    int8: { type: 'string', default: '../shared/models/hardnet39ds_qdq_int8.onnx' },
    tflite: { type: 'string', default: '../shared/models/hardnet39ds_quant.tflite' },
    'limit-images': { type: 'string' },
    'growth-images': { type: 'string' },
    scratch: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});

const folder = join('reports', 'bench');

async function main(): Promise<void> {
  const quick = (whole: string | undefined, otherwise: number, few: number): number =>
    whole === undefined ? (values.quick ? few : otherwise) : Number(whole);
  const context = new Context({
    images: values.images,
    float: values.float,
    int8: values.int8,
    rounds: quick(values.rounds, 5, 3),
    cores: availableParallelism(),
    scratch: values.scratch,
    say: (text) => {
      console.error(text);
    },
  });
  const python = process.env['BENCH_PYTHON'] ?? null;
  const parts: Readonly<Record<string, () => Promise<PartResult | null>>> = {
    limit: () => limit(context, quick(values['limit-images'], 5000, 1000)),
    prepared: () => prepared(context, 600),
    peer: () => peer(context, python, 1000),
    image: () => image(context, python),
    frameworks: () =>
      frameworks(context, process.env['BENCH_PYTHON_FRAMEWORKS'] ?? python, python, values.quick ? 12 : 40),
    diagnose: () => diagnosed(context, python, values.quick ? 3 : 16, values.quick ? 24 : 100),
    runtimes: () => runtimes(context, python, values.tflite, values.quick ? 200 : 400),
    growth: () => growth(context, quick(values['growth-images'], 20_000, 4000)),
  };
  const start = performance.now();
  const results: PartResult[] = [];
  try {
    for (const name of values.parts.split(',')) {
      const part = parts[name];
      if (part === undefined)
        throw new Error(`--parts: expected ${Object.keys(parts).join(', ')}, not ${name}`);
      const result = await part();
      if (result === null) continue;
      results.push(result);
      console.log(`${partTable(result)}\n`);
    }
  } finally {
    rmSync(context.scratch, { recursive: true, force: true });
  }
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: context.settings.cores,
    memoryGB: Math.round(totalmem() / 1e9),
    node: process.versions.node,
  };
  const seconds = Math.round((performance.now() - start) / 1000);
  write(machine, seconds, results);
}

function write(
  machine: Readonly<Record<string, string | number>>,
  seconds: number,
  results: PartResult[],
): void {
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const name = join(folder, `bench-${at.slice(0, 19).replaceAll(/[:T]/g, '-')}`);
  const rows = results.map((part) => ({ ...part, rows: part.rows.map((r) => ({ ...r, met: isMet(r) })) }));
  writeFileSync(`${name}.json`, `${JSON.stringify({ at, seconds, machine, parts: rows }, null, 2)}\n`);
  const where = Object.values(machine).join(', ');
  writeFileSync(`${name}.md`, `${[`# Bench: ${where}`, ...results.map(partTable)].join('\n\n')}\n`);
  console.log(`${where}; ${seconds} s; ${name}.json`);
}

if (values.help) console.log(usage);
else await main();
