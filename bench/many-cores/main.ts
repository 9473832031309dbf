/**
 * How a run scales with its workers: efficiency on this machine's cores with a real network, from JPEGs, and whether
 * the main thread keeps up with more workers than there are cores, whose network sleeps. Writes a table and JSON.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { repeatImages } from '../run/images.js';
import type { OneRun } from './one.js';

const usage = `How a run scales with its workers.

  --images <dir>         JPEG files named WNID_*.JPEG; default ../shared/imagenet/images
  --float <onnx>         default ../shared/models/hardnet39ds.onnx, with the recipe timm-bicubic-256-224
  --workers 1,2,4        of the real network; default: powers of two up to this machine's cores
  --sleepers 16,32,64    of the network that sleeps 10 ms an image; default as here
  --per-worker <n>       images a worker; default 250
  --plain                neither pinned, nor with prepared images or libuv's four threads
  --out <dir>            default reports/bench`;

const cores = availableParallelism();
const powers = [1, 2, 4, 8, 16, 32, 64, 128].filter((n) => n <= cores);
const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '../shared/imagenet/images' },
    float: { type: 'string', default: '../shared/models/hardnet39ds.onnx' },
    workers: { type: 'string', default: powers.join(',') },
    sleepers: { type: 'string', default: '16,32,64' },
    'per-worker': { type: 'string', default: '250' },
    plain: { type: 'boolean', default: false },
    out: { type: 'string', default: join('reports', 'bench') },
    help: { type: 'boolean', default: false },
  },
});

interface Measured extends OneRun {
  readonly kind: 'real' | 'sleeping';
  /** What is different from a plain run; empty for one. */
  readonly how: string;
}

interface Way {
  readonly how: string;
  readonly prefix?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const numbers = (list: string): number[] =>
  list
    .split(',')
    .filter((text) => text !== '')
    .map(Number);
const one = fileURLToPath(new URL('./one.js', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'many-cores-'));

let outs = 0;
const configs = new Map<number, string>();

function config(images: number): string {
  const known = configs.get(images);
  if (known !== undefined) return known;
  const folder = join(scratch, `images-${images}`);
  repeatImages(values.images, folder, images);
  const path = join(scratch, `config-${images}.yaml`);
  const text = `dataset: { images: ${JSON.stringify(folder)}, labels: filenames }
models: [{ name: float, path: ${JSON.stringify(resolve(values.float))}, recipe: timm-bicubic-256-224 }]
`;
  writeFileSync(path, text);
  configs.set(images, path);
  return path;
}

function run(kind: Measured['kind'], workers: number, way: Way = { how: '' }): Measured {
  const { how, prefix = [], environment = {} } = way;
  const images = workers * Number(values['per-worker']) * (kind === 'sleeping' ? 2 : 1);
  const [program, ...args] = [...prefix, process.execPath, one, kind, config(images), String(workers)];
  const output = execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      // As the program's own entry sets it.
      UV_THREADPOOL_SIZE: String(Math.max(4, cores)),
      OUT_DIR: join(scratch, `out-${++outs}`),
      ...environment,
    },
  });
  // The child prints one OneRun.
  const measured: Measured = {
    ...(JSON.parse(output.trim().split('\n').at(-1)!) as OneRun),
    kind,
    how,
  };
  console.error(JSON.stringify(measured));
  return measured;
}

function table(runs: readonly Measured[]): string {
  const base = runs.find(({ kind, workers, how }) => kind === 'real' && workers === 1 && how === '');
  const lines = runs.map((measured) => {
    const { kind, workers, rate, how, mainBusy, mainMsPerImage, maxRssBytes, firstImageSeconds } = measured;
    const ideal = kind === 'sleeping' ? 100 : (base?.rate ?? NaN);
    const busy = mainBusy === null ? '-' : `${(100 * mainBusy).toFixed(0)} %`;
    const each = mainMsPerImage === null ? '-' : mainMsPerImage.toFixed(3);
    const name = how === '' ? kind : `${kind}, ${how}`;
    return `| ${name} | ${workers} | ${rate.toFixed(1)} | ${((100 * rate) / (ideal * workers)).toFixed(1)} % | ${busy} | ${each} | ${(maxRssBytes / 1e6).toFixed(0)} | ${firstImageSeconds.toFixed(2)} |`;
  });
  return [
    `${cpus()[0]?.model ?? 'unknown'}, ${cores} cores, Node ${process.versions.node}`,
    '',
    '| network | workers | images/s | efficiency | main thread busy | ms of it an image | MB at most | first image, s |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...lines,
    '',
  ].join('\n');
}

function binds(): boolean {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The most workers in other circumstances. */
function specials(runs: Measured[]): void {
  const most = Math.max(...numbers(values.workers));
  runs.push(run('real', most, { how: "libuv's own four threads", environment: { UV_THREADPOOL_SIZE: '4' } }));
  const half = Math.floor(cores / 2);
  // Where two processors share a core, the first half of the numbers or every second one are whole cores.
  if (most > 1 && half > 1 && binds())
    for (const list of [`0-${half - 1}`, `0-${cores - 1}:2`])
      runs.push(run('real', half, { how: `on processors ${list}`, prefix: ['taskset', '-c', list] }));
  const environment = { PREPARED: join(scratch, 'prepared') };
  runs.push(run('real', most, { how: 'fills prepared images', environment }));
  for (const workers of new Set([1, most]))
    runs.push(run('real', workers, { how: 'prepared images', environment }));
}

if (values.help) console.log(usage);
else {
  const runs: Measured[] = [];
  mkdirSync(values.out, { recursive: true });
  try {
    for (const workers of numbers(values.workers)) runs.push(run('real', workers));
    if (!values.plain) specials(runs);
    for (const workers of numbers(values.sleepers)) runs.push(run('sleeping', workers));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    writeFileSync(join(values.out, 'many-cores.json'), JSON.stringify({ cores, runs }, null, 1));
    writeFileSync(join(values.out, 'many-cores.md'), table(runs));
    console.log(table(runs));
  }
}
