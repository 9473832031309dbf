import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureIn } from '../run/child.js';
import { compiled, type Context } from '../report/context.js';
import { row, type PartResult } from '../report/part.js';
import type { Diagnosed } from './one.js';

/** Images on which every quantizer is screened, and on which Top-1 is told. */
const SCREENED = 8;

interface Network {
  readonly file: string;
  /** null: nothing. */
  readonly broken: { readonly kind: string; readonly tensor: string } | null;
}

const expected: Readonly<Record<string, string>> = {
  clips: 'clips',
  coarse: 'coarse',
  weights: 'few-levels',
};

/** Networks broken on purpose, and sound ones: whether the broken quantizer comes first and is named, and time and memory. */
export async function diagnosed(
  context: Context,
  python: string | null,
  seeds: number,
  count: number,
): Promise<PartResult | null> {
  const { float, int8, images, say } = context.settings;
  const tool = join(dirname(int8), '..', 'tools', 'break_qdq.py');
  if (python === null || !existsSync(tool)) {
    say(`diagnose: left out; BENCH_PYTHON with onnx and onnxruntime and ${tool} make its networks`);
    return null;
  }
  const scratch = join(context.scratch, 'broken');
  const make = (program: string, ...args: readonly string[]): void => {
    execFileSync(python, [program, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  make(tool, join(scratch, 'seeds'), ...Array.from({ length: seeds }, (_, seed) => String(seed)));
  // Python's file is no part of dist/.
  const quantize = fileURLToPath(new URL('../../../../bench/diagnose/quantize.py', import.meta.url));
  make(quantize, resolve(float), resolve(images), join(scratch, 'forms'));
  const networks: Network[] = [
    { file: resolve(int8), broken: null },
    ...brokenIn(join(scratch, 'seeds')),
    ...brokenIn(join(scratch, 'forms')).flatMap((one) => [
      { file: one.file.replace('_broken', ''), broken: null },
      one,
    ]),
  ];
  const lines = [
    '| network | broken | place | cost | next | fault | Top-1 float, before, alone | s | processor s | MB |',
    '|---|---|---:|---:|---:|---|---|---:|---:|---:|',
  ];
  const found: { readonly broken: Network['broken']; readonly told: Diagnosed }[] = [];
  for (const { file, broken } of networks) {
    say(`diagnose: ${basename(file)}`);
    const told = await measureIn<Diagnosed>(process.execPath, [
      compiled('diagnose/one.js'),
      resolve(float),
      file,
      resolve(images),
      String(SCREENED),
      String(count),
      broken?.tensor ?? '',
    ]);
    found.push({ broken, told });
    lines.push(line(file, broken, told));
  }
  const wrong = found.filter(({ broken, told }) => broken !== null && told.top1.before < told.top1.float);
  const among = (test: (one: (typeof wrong)[number]) => boolean): number => wrong.filter(test).length;
  const sound = found.filter(({ broken }) => broken === null);
  const target = { kind: 'at least', value: Math.ceil((11 * wrong.length) / 12) } as const;
  return {
    title: `Diagnosis: ${wrong.length} broken networks that lose accuracy, ${sound.length} sound ones`,
    rows: [
      row('broken quantizer first', 'networks', [among(({ told }) => told.place === 1)], 0, target),
      row(
        'its fault named',
        'networks',
        [among(({ broken, told }) => told.fault === expected[broken!.kind])],
        0,
        target,
      ),
      row(
        'Top-1 within the interval with it alone in float',
        'networks',
        [among(({ told }) => told.interval[0] <= 0 && told.interval[1] >= 0)],
        0,
        target,
      ),
      row(
        'processor time a network',
        's',
        found.map(({ told }) => told.cpuSeconds),
      ),
      row(
        'time a network',
        's',
        found.map(({ told }) => told.seconds),
      ),
      row(
        'memory',
        'MB',
        found.map(({ told }) => told.maxRssBytes / 1e6),
        0,
      ),
    ],
    notes: [`Quantizers saw ${SCREENED} images each; Top-1 on ${count}.`],
    table: lines.join('\n'),
  };
}

function brokenIn(folder: string): Network[] {
  const list = JSON.parse(readFileSync(join(folder, 'broken.json'), 'utf8')) as readonly {
    readonly file: string;
    readonly kind: string;
    readonly tensor: string;
  }[];
  return list.map(({ file, kind, tensor }) => ({ file: join(folder, file), broken: { kind, tensor } }));
}

function line(file: string, broken: Network['broken'], told: Diagnosed): string {
  const { top1, interval } = told;
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const range = interval.map((end) => end.toFixed(1)).join(' to ');
  const others = told.others.length === 0 ? '' : `, and ${told.others.length} others`;
  return `| ${[
    basename(file, '.onnx'),
    broken === null ? 'nothing' : `${broken.kind} ${broken.tensor}`,
    told.place ?? '',
    percent(told.cost),
    percent(told.next),
    `${told.fault ?? 'none'}${others}`,
    `${top1.float}, ${top1.before}, ${top1.alone} of ${top1.images} (${range} points)`,
    told.seconds.toFixed(0),
    told.cpuSeconds.toFixed(0),
    (told.maxRssBytes / 1e6).toFixed(0),
  ].join(' | ')} |`;
}
