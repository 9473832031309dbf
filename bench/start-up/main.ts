/**
 * From the start of the process to the first image done and to the last worker's first job, on the demo with an empty
 * cache; of several builds in turn.
 *
 *     node main.js [--rounds 7] [TREE ...]
 *
 * TREE: folder of a built checkout; default: the current one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../report/statistics.js';

interface Start {
  readonly firstImage: number;
  readonly allBusy: number;
  readonly end: number;
}

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '7' } },
  allowPositionals: true,
});
const trees = positionals.length === 0 ? ['.'] : positionals;
const scratch = mkdtempSync(join(tmpdir(), 'start-up-'));

/** Milliseconds since the spawn. */
function start(tree: string, name: string): Start {
  const watched = join(scratch, 'watched.json');
  const began = performance.timeOrigin + performance.now();
  const args = [
    'dist/cli/imagenet-eval.cjs',
    'run',
    'configs/demo.yaml',
    '--quiet',
    '--out',
    join(scratch, name),
  ];
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', resolve('bench/start-up/watch.cjs'), ...args],
    {
      cwd: tree,
      encoding: 'utf8',
      env: { ...process.env, IMAGENET_EVAL_CACHE: join(scratch, `${name}-cache`), WATCH_OUT: watched },
    },
  );
  const end = performance.timeOrigin + performance.now() - began;
  if (status !== 0) throw new Error(stderr);
  // watch.cjs wrote exactly this.
  const seen = JSON.parse(readFileSync(watched, 'utf8')) as Omit<Start, 'end'>;
  return { firstImage: seen.firstImage - began, allBusy: seen.allBusy - began, end };
}

try {
  const starts = new Map(trees.map((tree): [string, Start[]] => [tree, []]));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [at, tree] of trees.entries()) starts.get(tree)!.push(start(tree, `run-${round}-${at}`));
  const seconds = (list: readonly Start[], pick: keyof Start): string =>
    (median(list.map((one) => one[pick])) / 1000).toFixed(2);
  console.log(`Start-up on the demo, ${availableParallelism()} cores, median of ${values.rounds}, seconds\n`);
  console.log('| build | first image | all workers busy | end |\n|---|---:|---:|---:|');
  for (const [tree, list] of starts)
    console.log(
      `| ${tree} | ${seconds(list, 'firstImage')} | ${seconds(list, 'allBusy')} | ${seconds(list, 'end')} |`,
    );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
