import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Summary } from '../src/report/summary-schema.js';
import { copiesThatDiffer } from './rehearsal/copies.js';
import { packArchive } from './rehearsal/archive.js';
import { layOut, validationLabels } from './rehearsal/layout.js';
import { imagesOf } from './run/images.js';

const usage = `Rehearses a full-size evaluation: packs the images it is given, over and over, into an archive laid out as
ILSVRC2012_img_val.tar, each under a name of its own class where it can, and runs float and int8 through \`imagenet-eval run\` with journal, cache, guard and gates on.
Checks that every copy of an image got the same predictions, and prints a row for the README's table. Accuracy says
nothing: where a class has no image among those given, another class's stands in its place.

  --images <n>           entries; default 50000 (about 5.5 GB)
  --from <dir>           JPEG files named WNID_*.JPEG; default ../shared/imagenet/images
  --float <onnx> --int8 <onnx>      default: the HarDNet-39DS pair in ../shared/models
  --scratch <dir>        where the archive and the run go; removed afterwards; default: the system's
  --keep <dir>           puts the report there and keeps it
  --workers <n>          default: one a core`;

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '50000' },
    from: { type: 'string', default: '../shared/imagenet/images' },
    float: { type: 'string', default: '../shared/models/hardnet39ds.onnx' },
    int8: { type: 'string', default: '../shared/models/hardnet39ds_qdq_int8.onnx' },
    scratch: { type: 'string', default: tmpdir() },
    keep: { type: 'string' },
    workers: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** Bytes that an image of the set takes, generously. */
const bytesAnImage = 130_000;

async function main(): Promise<void> {
  const count = Number(values.images);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--images: expected a whole number from 1`);
  const { bavail, bsize } = statfsSync(values.scratch);
  if (bavail * bsize < count * bytesAnImage)
    throw new Error(
      `${values.scratch} has room for less than ${count} images; name another folder by --scratch`,
    );
  const scratch = mkdtempSync(join(values.scratch, 'imagenet-eval-rehearsal-'));
  try {
    await rehearse(count, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function rehearse(count: number, scratch: string): Promise<void> {
  const archive = join(scratch, 'ILSVRC2012_img_val.tar');
  const sources = layOut(imagesOf(values.from), validationLabels(), count);
  console.error(`packing ${count} images`);
  await packArchive(values.from, sources, archive);
  const out = values.keep === undefined ? join(scratch, 'out') : resolve(values.keep);
  mkdirSync(out, { recursive: true });
  const config = join(scratch, 'rehearsal.yaml');
  writeFileSync(config, configText(archive, count));

  const start = performance.now();
  const { status } = spawnSync(
    process.execPath,
    [
      join(process.env['BENCH_DIST'] ?? 'dist', 'cli', 'main.js'),
      'run',
      config,
      '--out',
      out,
      '--fresh',
      ...(values.workers === undefined ? [] : ['--workers', values.workers]),
    ],
    { stdio: 'inherit', env: { ...process.env, IMAGENET_EVAL_CACHE: join(scratch, 'cache') } },
  );
  const wall = (performance.now() - start) / 1000;
  if (!existsSync(join(out, 'summary.json')))
    throw new Error(`the run ended with exit code ${status} and no summary`);
  // Written by the run just now, by the schema that this type is of.
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
  const faults = check(summary, sources, out);
  print(summary, wall, status);
  if (faults.length > 0) {
    console.error(faults.join('\n'));
    process.exitCode = 1;
  }
}

function configText(archive: string, count: number): string {
  return [
    'title: Full-size rehearsal',
    `dataset: { images: ${JSON.stringify(archive)}, labels: ilsvrc2012-val${count < 50_000 ? ', subset: true' : ''} }`,
    'recipe: timm-bicubic-256-224',
    'models:',
    `  - { name: float, path: ${JSON.stringify(resolve(values.float))} }`,
    `  - { name: int8, path: ${JSON.stringify(resolve(values.int8))}, compare_with: float }`,
    'gates: { max_top1_drop: 2, max_flip_rate: 20 }',
    '',
  ].join('\n');
}

function check(summary: Summary, sources: readonly number[], out: string): string[] {
  const count = sources.length;
  return summary.models.flatMap((model) => {
    const differing = copiesThatDiffer(readFileSync(join(out, model.predictions), 'utf8'), sources);
    return [
      ...(model.images === count
        ? []
        : [`${model.name}: ${model.images} of ${count} images have predictions`]),
      ...(model.reused === 0 ? [] : [`${model.name}: ${model.reused} predictions were not computed`]),
      ...(differing.length === 0
        ? []
        : [`${model.name}: ${differing.length} copies differ from their original, first ${differing[0]!}`]),
    ];
  });
}

function print(summary: Summary, wall: number, status: number | null): void {
  const { run, dataset, models } = summary;
  const minutes = `${Math.floor(wall / 60)} min ${String(Math.round(wall % 60)).padStart(2, '0')} s`;
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}`;
  const top1 = models.map((model) => `${model.name} ${model.top1.correct}/${model.images}`).join(', ');
  console.log(
    [
      '',
      '| machine | images | models | wall time | images/s | peak memory | Top-1 | exit code |',
      '|---|---:|---:|---:|---:|---:|---|---:|',
      `| ${machine} | ${dataset.images} | ${models.length} | ${minutes} | ${(dataset.images / run.seconds).toFixed(1)} | ${Math.round(run.peakMemoryBytes / 1e6)} MB | ${top1} | ${status} |`,
    ].join('\n'),
  );
}

if (values.help) console.log(usage);
else await main();
